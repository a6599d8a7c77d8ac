/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The directory BPFFS_ROOT/xdp_loader:state. In it, each interface that a loader works
 * on has a directory, which is the lock for the interface and contains its staged pins.
 * Other users cannot open it, so they cannot hold the lock or create names in it. It is
 * removed when it is empty. Functions return 0 or -errno and never print.
 */
#ifndef STATE_DIR_H
#define STATE_DIR_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "pin_path.h"

#define STATE_DIR "xdp_loader:state" /* longer than the name of an interface can be */

#define STATE_NAME_SIZE 32 /* an interface, or XDP_LOSSES_DIR */

struct state_dir {
	int root;                   /* descriptor of bpffs; the caller closes it */
	int state;                  /* STATE_DIR, or -1 */
	int fd;                     /* the locked directory of the interface in it, or -1 */
	char name[STATE_NAME_SIZE]; /* its name */
	bool is_new;                /* this loader has created it, so it is empty */
	uint64_t
		since_ns; /* start of the wait for the lock (CLOCK_MONOTONIC), 0 if there is none */
	bool has_told;    /* state_dir_waiting was called */
};

/*
 * Called once if another process holds the lock for more than a second. holder is its
 * pid, 0 if unknown.
 */
typedef void state_dir_waiting(const char *name, pid_t holder);

/*
 * Create the directory for name and wait for its lock: at most wait_ms milliseconds,
 * without limit if wait_ms is negative. Returns 0, and the caller calls
 * state_dir_unlock(), or -errno: -ETIMEDOUT if another process still holds the lock;
 * -EPERM if STATE_DIR belongs to another user and this process is not root, which
 * replaces it (aside.h); -EACCES if it has the right owner, but others can open it.
 */
int state_dir_lock(struct state_dir *dir, int root, const char *name, int wait_ms,
		   state_dir_waiting *waiting);

/*
 * Open the directory for name without its lock, to look into it. Returns a descriptor,
 * which the caller closes, or -errno: -ENOENT if there is none.
 */
int state_dir_peek(int root, const char *name);

/* The path of the directory of the interface, for bpf(2) and messages. */
void state_dir_path(const struct state_dir *dir, char path[PIN_PATH_SIZE]);

/* Release the lock, and remove both directories if they are empty. Safe to call twice. */
void state_dir_unlock(struct state_dir *dir);

#endif
