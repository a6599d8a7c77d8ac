/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is attached to interfaces and what is pinned for them, whoever did it, and
 * whether the two belong together. Changes nothing, takes no lock, and shows what
 * the privileges of the process let it see.
 */
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>

#include "pin_dir.h"
#include "prog_info.h"
#include "xdp_prog.h"

enum status_state {
	STATUS_NOTHING,       /* no program, no pins */
	STATUS_OK,            /* the pins are of the program */
	STATUS_NOT_PINNED,    /* a program without pins */
	STATUS_OTHER_PROGRAM, /* none of the pins is of the program */
	STATUS_LEFT_OVER,     /* pins and no program, here or elsewhere */
	STATUS_ELSEWHERE,     /* pins of a program that is not attached here */
	STATUS_UNKNOWN,       /* not to be told without more privileges */
};

/* "ok", "not pinned", ... */
const char *status_word(enum status_state state);

struct status {
	char ifname[IF_NAMESIZE];
	int ifindex; /* 0: there is no such interface */
	struct xdp_prog attached;
	struct prog_info prog; /* without privileges, all zeroes */
	struct pin_dir pins;
	int pins_err; /* -errno of pin_dir_look(), 0 when there are none */
	enum status_state state;
	struct map_user elsewhere; /* for STATUS_ELSEWHERE */
};

/* Fill in *status for ifname; ends with status_free(). Returns 0 or -errno. */
int status_read(const char *ifname, struct status *status);
void status_free(struct status *status);

typedef void status_show(const struct status *status);

/*
 * Read the status of every interface that has a program or pins, of which some may
 * have gone, and hand each to show. Returns 0 or -errno.
 */
int status_read_all(status_show *show);

#endif
