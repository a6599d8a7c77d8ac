/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --live: the tables of all interfaces as one screen, which is drawn again at each tick and
 * when the window changes. While it is on, what log.h prints becomes an event of the screen;
 * it goes to stderr, too, where that is no terminal. When it ends, at exit() at the latest,
 * the last tables and the events stay on the normal screen.
 */
#ifndef STATS_LIVE_H
#define STATS_LIVE_H

#include <stdbool.h>

#include "failure.h"
#include "schedule.h"
#include "stats_report.h"
#include "watch_list.h"

/*
 * Begin with the screen. Returns false, and nothing changes, where stdout is no terminal that
 * can show one. list stays the caller's.
 */
bool stats_live_begin(struct watch_list *list, uint64_t interval_ns);
bool stats_live_is_on(void);
void stats_live_end(void);

/* Keep a report for the screen. */
void stats_live_take(struct watch *watch, const struct stats_report *report);

/* The tick is over: draw what was kept. Returns 0 or the exit code of failure. */
int stats_live_draw(struct failure *failure);

/* Wait until the next tick and meanwhile draw as needed. Ends the process if the user says so. */
void stats_live_wait(struct schedule *schedule);

#endif
