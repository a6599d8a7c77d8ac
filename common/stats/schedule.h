/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * When to report: at times that are an interval apart. They are absolute, so the time
 * that a report takes does not add up.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdint.h>

struct schedule {
	uint64_t interval_ns, next_ns;
};

/* The first time is an interval from now, or first_ns where that is less. */
struct schedule schedule_start(uint64_t interval_ns, uint64_t first_ns);

/* The next time. Those that have passed already are left out. */
uint64_t schedule_next(struct schedule *schedule);

/* Sleep until then. */
void schedule_wait(struct schedule *schedule);

#endif
