// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "clock.h"
#include "json.h"
#include "log.h"
#include "stats_events.h"
#include "stats_report.h"

static const char *const names[] = {
	[WATCH_PINNED] = "pinned",
	[WATCH_REPLACED] = "map-replaced",
	[WATCH_UNPINNED] = "unpinned",
	[WATCH_REFUSED] = "unreadable",
};

static void say_event(const struct watch *watch, enum watch_event event)
{
	const char *ifname = watch->ifname;

	switch (event) {
	case WATCH_PINNED:
		log_info("%s: map %u pinned, counting anew", ifname, watch->map_id);
		break;
	case WATCH_REPLACED:
		log_info("%s: map %u replaced by map %u, counting anew", ifname,
			 watch->previous_map_id, watch->map_id);
		break;
	case WATCH_UNPINNED:
		log_info("%s: map %u unpinned, waiting for another", ifname,
			 watch->previous_map_id);
		break;
	default:
		break;
	}
}

static void print_text(const char *key, const char *text)
{
	printf(",\"%s\":", key);
	json_print_string(stdout, text);
}

static void print_event(const struct watch *watch, enum watch_event event,
			const struct failure *why)
{
	stats_print_json_head(stdout, watch->ifname, clock_wall_ms());
	printf(",\"event\":\"%s\"", names[event]);
	if (event == WATCH_PINNED || event == WATCH_REPLACED)
		printf(",\"map_id\":%u", watch->map_id);
	if (event == WATCH_REPLACED)
		printf(",\"previous_map_id\":%u", watch->previous_map_id);
	if (event == WATCH_REFUSED) {
		print_text("error", why->what);
		print_text("cause", why->cause);
		print_text("hint", why->hint);
	}
	puts("}");
}

void stats_tell_event(const struct watch *watch, enum watch_event event, const struct failure *why,
		      bool json)
{
	if (json)
		print_event(watch, event, why);
	else
		say_event(watch, event);
	if (event == WATCH_REFUSED)
		failure_print(why, false);
}

void stats_tell_report(const struct watch *watch, const struct stats_sample *now, bool json)
{
	const struct stats_report report = {
		.ifname = watch->ifname,
		.map_id = watch->map_id,
		.wall_ms = clock_wall_ms(),
		.now = now,
		.rates = stats_rates(&watch->last, now),
	};

	(json ? stats_print_json : stats_print_table)(stdout, &report);
}

void stats_tell_pin(const struct watch *watch)
{
	log_info("%s: map %u, pinned at %s", watch->ifname, watch->map_id, watch->path);
}
