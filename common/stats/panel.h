/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What --live keeps of an interface, so that its table can be drawn again at any time.
 */
#ifndef PANEL_H
#define PANEL_H

#include "history.h"
#include "stats_report.h"

struct panel {
	struct stats_report report; /* the last one; what it points to may have moved */
	struct xdp_losses lost;
	struct records per_cpu; /* of the CPUs alone, without room for marks */
	struct history history;
	bool is_fresh; /* the report is of this tick */
};

/*
 * Keep a report and add its rates to the history. The watch owns its panel, which is made
 * when it has none; the caller frees it with panel_free(). Without memory nothing is kept.
 */
void panel_take(struct watch *watch, const struct stats_report *report, double interval_s);

/* The tick is over: without a report in it, the history has a gap. */
void panel_tick(struct watch *watch, double interval_s);

/* Is there a report that is still true? If so, *report is it, and valid until the watch moves. */
bool panel_report(const struct watch *watch, struct stats_report *report);

void panel_free(struct watch *watch);

#endif
