// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "panel.h"

/* Returns NULL without memory, and without a map for each CPU. */
static const struct records *keep_cpus(struct records *kept, const struct records *per_cpu)
{
	const size_t size = per_cpu ? XDP_ACTION_MAX * per_cpu->cpus * sizeof(*kept->record) : 0;
	struct datarec *record;

	if (!size)
		return NULL;
	record = realloc(kept->record, size);
	if (!record)
		return NULL;
	memcpy(record, per_cpu->record, size);
	*kept = (struct records){ .record = record, .cpus = per_cpu->cpus };
	return kept;
}

void panel_take(struct watch *watch, const struct stats_report *report, double interval_s)
{
	struct panel *panel = watch->panel ?: calloc(1, sizeof(*panel));

	watch->panel = panel;
	if (!panel)
		return;
	panel->report = *report;
	panel->report.per_cpu = keep_cpus(&panel->per_cpu, report->per_cpu);
	if (report->lost)
		panel->lost = *report->lost;
	panel->report.lost = report->lost ? &panel->lost : NULL;
	panel->report.history = &panel->history;
	history_add(&panel->history, &report->rates, interval_s);
	panel->is_fresh = true;
}

void panel_tick(struct watch *watch, double interval_s)
{
	static const struct stats_rates unknown;
	struct panel *panel = watch->panel;

	if (panel && !panel->is_fresh)
		history_add(&panel->history, &unknown, interval_s);
	if (panel)
		panel->is_fresh = false;
}

bool panel_report(const struct watch *watch, struct stats_report *report)
{
	const struct panel *panel = watch->panel;

	if (!panel || watch->fd < 0 || watch->read_err || !watch->last.time_ns)
		return false;
	*report = panel->report;
	report->ifname = watch->ifname;
	report->path = watch->path;
	report->prog_name = watch->prog_name;
	report->now = &watch->last;
	return true;
}

void panel_free(struct watch *watch)
{
	if (watch->panel)
		free(watch->panel->per_cpu.record);
	free(watch->panel);
	watch->panel = NULL;
}
