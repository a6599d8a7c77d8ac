/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A load that waits for confirmation: what is kept of it, in the state directory of its
 * interface (state_dir.h). That has a directory "pending" with the facts, as the target
 * of a symlink, since bpffs has no other files that can hold a text, and a pin of the
 * previous program. The previous pins are in the directory that was staged. The process
 * that waits holds a lock on "pending".
 *
 * Functions return 0 or -errno and never print.
 */
#ifndef PENDING_H
#define PENDING_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "pin_path.h"

struct pending {
	__u32 prog_id;     /* the program to be confirmed; 0: none */
	__u32 previous_id; /* the program that comes back; 0: none was attached */
	int previous_mode; /* enum xdp_mode */
	int ifindex;
	uint64_t netns;       /* netns_id() of the interface, 0 if unknown */
	uint64_t deadline_ns; /* CLOCK_MONOTONIC: the time of a suspend does not count */
	bool exists;          /* there is the directory, perhaps without facts */
	bool is_watched;      /* a process waits, and takes the load back at the deadline */
};

/* Time left, in seconds; 0 after the deadline. */
double pending_seconds_left(const struct pending *pending);

/*
 * Make the directory in state, the directory of the interface, and lock it. Returns a
 * descriptor, which holds the lock, or -errno.
 */
int pending_make(int state);

/* Open the directory in state. Returns a descriptor or -errno. */
int pending_open(int state);

/* Write the facts, in one step. dir is the descriptor of "pending". */
int pending_write(int dir, const struct pending *pending);

/* Read the facts. Without them, and without the directory, prog_id is 0. */
int pending_read(int state, struct pending *pending);
int pending_read_facts(int dir, struct pending *pending);

/*
 * Find a load of prog_id on ifindex that is pending under another name: the interface was
 * renamed since. state is STATE_DIR. Returns true and the old name.
 */
bool pending_find(int state, int ifindex, __u32 prog_id, char name[IF_NAMESIZE]);

/* Remove all, the facts first: without them the process that waits ends. */
int pending_remove(int state);

/* The paths of the directory and of the pin in it; name is that of the interface's directory. */
void pending_path(char path[PIN_PATH_SIZE], const char *name);
void pending_program_path(char path[PIN_PATH_SIZE], const char *name);

#endif
