/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is attached to interfaces and pinned for them, by any tool, and whether the two
 * belong together. Changes nothing and takes no lock. Contains what the process may
 * see. Functions never print.
 */
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>

#include "netdev_features.h"
#include "pending.h"
#include "pin_dir.h"
#include "prog_info.h"
#include "xdp_prog.h"

enum status_state {
	STATUS_NOTHING,       /* no program, no pins */
	STATUS_OK,            /* at least one pinned map is used by the program */
	STATUS_NO_MAPS,       /* a program that uses no maps, and no pins */
	STATUS_NOT_PINNED,    /* a program without pins */
	STATUS_OTHER_PROGRAM, /* no pinned map is used by the program */
	STATUS_LEFT_OVER,     /* pins, but no program uses them */
	STATUS_ELSEWHERE,     /* nothing is attached, but a program elsewhere uses the pins */
	STATUS_UNKNOWN,       /* the process may not see enough */
};

/* "ok", "not pinned", ... */
const char *status_word(enum status_state state);

/* The exit codes of xdp_loader --status --dev IFNAME, with the numbers of systemctl's status. */
enum status_code {
	STATUS_CODE_OK = 0,           /* a program, and pins if it has maps */
	STATUS_CODE_INCONSISTENT = 1, /* program and pins do not fit together */
	STATUS_CODE_NOTHING = 3,      /* nothing is attached, and nothing left over */
	STATUS_CODE_UNKNOWN = 4,      /* the process may not see enough */
};

enum status_code status_code(enum status_state state);

/* The one of the two that says more of a trouble: unknown, inconsistent, nothing, ok. */
enum status_code status_code_worse(enum status_code a, enum status_code b);

struct status {
	char ifname[IF_NAMESIZE];
	int ifindex; /* 0: there is no such interface */
	struct xdp_prog attached;
	struct prog_info prog; /* all zero without privileges */
	struct netdev_features features;
	struct pin_dir pins;
	int pins_err; /* -errno of pin_dir_look(), 0 when there are none */
	enum status_state state;
	struct pending pending;    /* a load of the attached program that is not confirmed */
	struct map_user elsewhere; /* for STATUS_ELSEWHERE */
};

/* Fill in *status. Returns 0, and the caller calls status_free(), or -errno. */
int status_read(const char *ifname, struct status *status);
void status_free(struct status *status);

typedef void status_show(const struct status *status);

/*
 * Call show for every interface that has a program or pins, including deleted
 * interfaces. Returns 0 or -errno.
 */
int status_read_all(status_show *show);

#endif
