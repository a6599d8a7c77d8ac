/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --explain of xdp_stats: a row for each step, with what it does, the calls behind it
 * and the command that does the same by hand.
 */
#ifndef STATS_STEPS_H
#define STATS_STEPS_H

#include <stddef.h>

enum stats_step {
	STATS_STEP_OPEN,       /* number: the id of the map */
	STATS_STEP_ASK,        /* the id of the map */
	STATS_STEP_COUNT_CPUS, /* how many CPUs */
	STATS_STEP_READ,       /* how many records */
	STATS_STEP_READ_EACH,  /* how many records */
};

/* Tell of a step that was taken with the pin at path, if --explain was given. */
void stats_step_tell(enum stats_step step, const char *path, size_t number);

#endif
