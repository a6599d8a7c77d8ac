// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "json.h"
#include "log.h"
#include "process.h"
#include "stats_events.h"
#include "stats_live.h"
#include "stats_messages.h"
#include "stats_report.h"
#include "text.h"
#include "visible.h"

static bool in_json;

static const char names[][sizeof("program-replaced")] = {
	[WATCH_PINNED] = "pinned",
	[WATCH_REPLACED] = "map-replaced",
	[WATCH_UNPINNED] = "unpinned",
	[WATCH_REFUSED] = "unreadable",
	[WATCH_ATTACHED] = "attached",
	[WATCH_DETACHED] = "detached",
	[WATCH_PROGRAM_REPLACED] = "program-replaced",
};

void stats_tell_in_json(bool json)
{
	in_json = json;
}

/* "program 41 (xdp_pass_func, native)" */
static void add_program(struct text *text, const struct watch *watch)
{
	text_add(text, "program %u (", watch->prog_id);
	if (*watch->prog_name)
		text_add(text, "%s, ", visible(watch->prog_name).text);
	text_add(text, "%s)", watch->prog_mode);
}

static void say_program_event(const struct watch *watch, enum watch_event event)
{
	const struct visible ifname = visible(watch->ifname);
	char buffer[PROG_NAME_SIZE * 4 + 64];
	struct text program = text_in(buffer, sizeof(buffer));

	if (event == WATCH_DETACHED) {
		log_info("%s: program %u detached, packets are not counted any more", ifname.text,
			 watch->previous_prog_id);
		return;
	}
	add_program(&program, watch);
	if (event == WATCH_ATTACHED)
		log_info("%s: %s attached", ifname.text, buffer);
	else
		log_info("%s: program %u replaced by %s", ifname.text, watch->previous_prog_id,
			 buffer);
}

static void say_event(const struct watch *watch, enum watch_event event)
{
	const struct visible subject = visible(watch_subject(watch));
	const char *ifname = subject.text;

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
	case WATCH_ATTACHED:
	case WATCH_DETACHED:
	case WATCH_PROGRAM_REPLACED:
		say_program_event(watch, event);
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
	if (event == WATCH_ATTACHED || event == WATCH_PROGRAM_REPLACED)
		stats_print_json_program(stdout, watch->prog_id, watch->prog_name,
					 watch->prog_mode);
	if (event == WATCH_DETACHED || event == WATCH_PROGRAM_REPLACED)
		printf(",\"previous_prog_id\":%u", watch->previous_prog_id);
	if (event == WATCH_REFUSED) {
		print_text("error", why->what);
		print_text("cause", why->cause);
		print_text("hint", why->hint);
	}
	stats_print_json_end(stdout, watch->path);
}

int stats_tell_event(const struct watch *watch, enum watch_event event, const struct failure *why,
		     struct failure *failure)
{
	const int err = stats_flush(failure);

	if (err)
		return err;
	if (in_json)
		print_event(watch, event, why);
	else
		say_event(watch, event);
	if (event == WATCH_REFUSED)
		failure_print(why, false);
	return 0;
}

void stats_tell_report(struct watch *watch, const struct stats_sample *now,
		       const struct records *per_cpu)
{
	struct xdp_losses lost;
	const struct stats_report report = {
		.ifname = watch->ifname,
		.path = watch->path,
		.map_id = watch->map_id,
		.wall_ms = clock_wall_ms(),
		.now = now,
		.rates = stats_rates(&watch->last, now),
		.lost = stats_losses_read(watch, now->time_ns, &lost) ? &lost : NULL,
		.has_interface = watch->has_interface,
		.is_prog_known = watch->is_prog_known,
		.prog_id = watch->prog_id,
		.prog_name = watch->prog_name,
		.prog_mode = watch->prog_mode,
		.per_cpu = watch->is_per_cpu ? per_cpu : NULL,
	};

	if (stats_live_is_on())
		stats_live_take(watch, &report);
	else
		(in_json ? stats_print_json : stats_print_table)(stdout, &report);
}

int stats_flush(struct failure *failure)
{
	int err = process_flush();

	if (err == -EPIPE) /* the reader has seen enough */
		exit(EXIT_SUCCESS);
	return err ? stats_cannot_write(failure, err) : 0;
}

void stats_look_for_pins(struct watch_list *list)
{
	int told = list->err, err = watch_list_scan(list);
	struct failure why;

	if (err && err != told) {
		stats_cannot_list_pins(&why, list);
		failure_print(&why, false);
	}
}

void stats_tell_pin(const struct watch *watch)
{
	const struct visible path = visible(watch->path);

	if (*watch->ifname)
		log_info("%s: map %u, pinned at %s", visible(watch->ifname).text, watch->map_id,
			 path.text);
	else
		log_info("%s: map %u", path.text, watch->map_id);
}
