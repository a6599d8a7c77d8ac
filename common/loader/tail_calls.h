/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which programs an object file itself puts into the slots of its PROG_ARRAY maps:
 * libbpf fills them in, but does not tell which they are. Functions never print.
 */
#ifndef TAIL_CALLS_H
#define TAIL_CALLS_H

#include <stdbool.h>
#include <stddef.h>

#define TAIL_CALL_NAME 128 /* bytes; longer names are cut off, and so never found */

struct tail_call {
	char map[TAIL_CALL_NAME]; /* the array, and */
	char prog[TAIL_CALL_NAME];
};

struct tail_calls {
	struct tail_call *calls;
	size_t count;
};

/*
 * Read the initial values of maps in SEC(".maps"). On success the caller releases *calls
 * with tail_calls_free(). Returns 0 or -errno, -EINVAL when the file is not what libbpf
 * has opened.
 */
int tail_calls_read(const char *path, struct tail_calls *calls);
void tail_calls_free(struct tail_calls *calls);

/* Is this program in a slot? Does this map have filled slots? */
bool tail_calls_have_prog(const struct tail_calls *calls, const char *prog);
bool tail_calls_have_map(const struct tail_calls *calls, const char *map);

#endif
