/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_stats tells: reports, and what has become of a pin. With json each is one
 * object on one line of stdout; otherwise reports go there as tables, and events to
 * stderr in words.
 */
#ifndef STATS_EVENTS_H
#define STATS_EVENTS_H

#include <stdbool.h>

#include "failure.h"
#include "records.h"
#include "watch_list.h"

/*
 * The totals of now, and the rates since the last sample of watch; with per_cpu, which may be
 * NULL, also the totals of each CPU.
 */
void stats_tell_report(struct watch *watch, const struct stats_sample *now,
		       const struct records *per_cpu, bool json);

/*
 * An event. why is the failure of WATCH_REFUSED, which is told in words in any case;
 * for other events it is not looked at.
 */
void stats_tell_event(const struct watch *watch, enum watch_event event, const struct failure *why,
		      bool json);

/* Write what was reported. Ends the process if nobody reads it any more. */
int stats_flush(struct failure *failure);

/* --all: forget maps that are gone, add those that are new. */
void stats_look_for_pins(struct watch_list *list);

/* Where the map of a watch is pinned, before the first report. */
void stats_tell_pin(const struct watch *watch);

#endif
