/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_stats tells: reports, and what has become of a pin. In JSON each is one
 * object on one line of stdout; otherwise reports go there as tables, or to the screen of
 * --live, and events to stderr in words.
 */
#ifndef STATS_EVENTS_H
#define STATS_EVENTS_H

#include <stdbool.h>

#include "failure.h"
#include "records.h"
#include "watch_list.h"

void stats_tell_in_json(bool json);

/*
 * The totals of now, and the rates since the last sample of watch; with per_cpu, which may be
 * NULL, also the totals of each CPU.
 */
void stats_tell_report(struct watch *watch, const struct stats_sample *now,
		       const struct records *per_cpu);

/*
 * An event, after what was reported before. why is the failure of WATCH_REFUSED, which is
 * told in words in any case; for other events it is not looked at. Returns 0 or the exit code
 * of failure.
 */
int stats_tell_event(const struct watch *watch, enum watch_event event, const struct failure *why,
		     struct failure *failure);

/* Write what was reported. Ends the process if nobody reads it any more. */
int stats_flush(struct failure *failure);

/* --all: forget maps that are gone, add those that are new. */
void stats_look_for_pins(struct watch_list *list);

/* Where the map of a watch is pinned, before the first report. */
void stats_tell_pin(const struct watch *watch);

#endif
