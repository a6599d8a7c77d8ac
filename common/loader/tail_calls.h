/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs that an object file puts into the slots of its PROG_ARRAY maps. libbpf
 * fills the slots, but has no function that tells the programs. Functions never print.
 */
#ifndef TAIL_CALLS_H
#define TAIL_CALLS_H

#include <stdbool.h>
#include <stddef.h>

#define TAIL_CALL_NAME 128 /* bytes; longer names are cut off, and are not found */

struct tail_call {
	char map[TAIL_CALL_NAME]; /* the array */
	char prog[TAIL_CALL_NAME];
};

struct tail_calls {
	struct tail_call *calls;
	size_t count;
};

/*
 * Read the initial values of maps in SEC(".maps"). Returns 0, and the caller frees
 * *calls with tail_calls_free(), or -errno: -EINVAL if it is not a valid object file.
 */
int tail_calls_read(const char *path, struct tail_calls *calls);
void tail_calls_free(struct tail_calls *calls);

/* Is this program in a slot? Does this map have filled slots? */
bool tail_calls_have_prog(const struct tail_calls *calls, const char *prog);
bool tail_calls_have_map(const struct tail_calls *calls, const char *map);

#endif
