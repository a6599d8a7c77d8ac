// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Print what an XDP program has counted. The path of the pinned map is all that is
 * needed, no object file and no loader; so of libbpf only <bpf/bpf.h> is used. The three
 * calls of bpf(2) that this takes come first.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attached.h"
#include "clock.h"
#include "map_shape.h"
#include "pin.h"
#include "process.h"
#include "records.h"
#include "schedule.h"
#include "stats_events.h"
#include "stats_live.h"
#include "stats_messages.h"
#include "stats_options.h"
#include "stats_prometheus.h"
#include "stats_steps.h"

#define FIRST_REPORT_NS (NS_PER_S / 4)

static struct stats_options *opts;
static struct records records; /* of the map that was read last */

/* The path of a pin gives a descriptor of the map, in whatever process it was made. */
static int open_pin(const char *path)
{
	LIBBPF_OPTS(bpf_obj_get_opts, read_only, .file_flags = BPF_F_RDONLY);

	return bpf_obj_get_opts(path, &read_only);
}

/* A pin can be of any map, or of a program, whose information never has this shape. */
static int ask_what_it_is(int fd, struct bpf_map_info *info, struct text *differs)
{
	__u32 length = sizeof(*info);
	int err;

	memset(info, 0, sizeof(*info));
	err = bpf_obj_get_info_by_fd(fd, info, &length);
	if (err || map_shape_is_counters(map_shape_of(info), differs))
		return err;
	return pin_is_map(fd) ? -EPROTO : -EMEDIUMTYPE;
}

/* All entries in one call, one after the other. */
static int read_batch(int fd)
{
	__u32 keys[XDP_ACTION_MAX], next, count = XDP_ACTION_MAX;
	int err = bpf_map_lookup_batch(fd, NULL, &next, keys, records.record, &count, NULL);

	/* -ENOENT says that these were the last entries, which is right */
	if (err && err != -ENOENT)
		return err;
	return count == XDP_ACTION_MAX ? 0 : -EPROTO;
}

/* The same in a call for each entry, where the kernel has no batch look-up. */
static int read_each(int fd, size_t cpus)
{
	int err = 0;

	for (__u32 action = 0; !err && action < XDP_ACTION_MAX; action++)
		err = bpf_map_lookup_elem(fd, &action, records.record + action * cpus);
	return err;
}

static int read_entries(struct watch *watch, size_t cpus)
{
	int err = watch->no_batch ? -EINVAL : read_batch(watch->fd);

	if (err != -EINVAL && err != -ENOTSUP && err != -524 /* the kernel's ENOTSUPP */)
		return err;
	err = read_each(watch->fd, cpus);
	watch->no_batch = !err;
	return err;
}

/* What the kernel writes for one entry tells how many CPUs it keeps a record for. */
static int count_cpus(const struct watch *watch)
{
	__u32 key = 0;
	int err;

	records_mark_all(&records);
	err = bpf_map_lookup_elem(watch->fd, &key, records.record);
	if (err)
		return err;
	records.cpus = records_written(&records);
	stats_step_tell(STATS_STEP_COUNT_CPUS, watch->path, records.cpus);
	return 0;
}

/* Read the map: each action added up over the CPUs, and when that was. */
static int take_sample(struct watch *watch, struct stats_sample *sample)
{
	size_t cpus = watch->is_per_cpu ? records.cpus : 1;
	__u64 before = clock_monotonic_ns();
	int err;

	records_mark(&records, cpus);
	err = read_entries(watch, cpus);
	if (!err && watch->is_per_cpu && !records_fit(&records, cpus)) {
		err = count_cpus(watch);
		cpus = records.cpus;
		err = err ?: read_entries(watch, cpus);
	}
	if (err)
		return err;
	sample->time_ns = before + (clock_monotonic_ns() - before) / 2;
	records_sum(&records, cpus, sample->action);
	if (!watch->last.time_ns)
		stats_step_tell(watch->no_batch ? STATS_STEP_READ_EACH : STATS_STEP_READ,
				watch->path, XDP_ACTION_MAX * cpus);
	return 0;
}

static enum watch_event open_map(struct watch *watch, struct text *differs)
{
	struct bpf_map_info info;
	int fd = open_pin(watch->path), err;

	if (fd < 0)
		return watch_refuse(watch, fd);
	err = ask_what_it_is(fd, &info, differs);
	if (!err)
		return watch_take(watch, fd, info.id, info.type == BPF_MAP_TYPE_PERCPU_ARRAY);
	close(fd);
	return watch_refuse(watch, err);
}

/* Where another pin is there than before, open it. failure is set where that fails. */
static enum watch_event follow(struct watch *watch, struct failure *failure)
{
	char buffer[256];
	struct text differs = text_in(buffer, sizeof(buffer));
	enum watch_event event = watch_look(watch);

	if (event == WATCH_CHANGED)
		event = open_map(watch, &differs);
	if (event == WATCH_REFUSED)
		stats_cannot_open_pin(failure, watch, buffer);
	if (event == WATCH_PINNED || event == WATCH_REPLACED) {
		stats_step_tell(STATS_STEP_OPEN, watch->path, watch->map_id);
		stats_step_tell(STATS_STEP_ASK, watch->path, watch->map_id);
	}
	return event;
}

/* Tell if another program is attached than before. */
static int follow_program(struct watch *watch, struct failure *failure)
{
	const enum watch_event event = attached_follow(watch);

	return event == WATCH_SAME ? 0 : stats_tell_event(watch, event, NULL, failure);
}

/* Read one map and, with print, report what is new since the last time. */
static int report_one(struct watch *watch, bool print, struct failure *failure)
{
	struct stats_sample now;
	struct failure why;
	enum watch_event event = follow(watch, &why);
	int read_err = watch->read_err, err = 0;

	if (event != WATCH_SAME)
		err = stats_tell_event(watch, event, &why, failure);
	if (err || watch->fd < 0)
		return err ?: follow_program(watch, failure);
	watch->read_err = take_sample(watch, &now);
	if (watch->read_err && opts->once && !opts->all)
		return stats_cannot_read_map(failure, watch->path, watch->read_err);
	if (watch->read_err && watch->read_err != read_err) {
		stats_cannot_read_map(&why, watch->path, watch->read_err);
		err = stats_tell_event(watch, WATCH_REFUSED, &why, failure);
	}
	if (err || watch->read_err) /* no reason to stop watching the others */
		return err;
	err = follow_program(watch, failure);
	if (err)
		return err;
	if (print && !opts->prometheus)
		stats_tell_report(watch, &now, opts->per_cpu ? &records : NULL);
	watch->last = now;
	/* reports leave whole: neither a signal nor another writer gets in between */
	return process_is_buffer_full() ? stats_flush(failure) : 0;
}

/* All reports of a tick leave together, be it into a terminal, a pipe or a file. */
static int tick(bool print, struct failure *failure)
{
	int err = 0;

	if (opts->all)
		stats_look_for_pins(&opts->list);
	attached_look(&opts->list);
	for (size_t i = 0; !err && i < opts->list.count; i++)
		err = report_one(&opts->list.watches[i], print, failure);
	if (!err && opts->prometheus)
		err = stats_prometheus_write(&opts->list, opts->prometheus, failure);
	return err ?: (opts->live ? stats_live_draw : stats_flush)(failure);
}

static int report_all(struct failure *failure)
{
	struct schedule schedule = schedule_start(opts->interval_ns, FIRST_REPORT_NS);
	int err;

	if (!opts->once)
		attached_listen();
	opts->live = opts->live && stats_live_begin(&opts->list, opts->interval_ns);
	err = tick(opts->once || opts->live, failure);
	for (__u64 n = 1; !err && !opts->once; n++) {
		(opts->live ? stats_live_wait : schedule_wait)(&schedule);
		err = tick(true, failure);
		if (n == opts->count)
			break;
	}
	stats_live_end();
	return err;
}

static int open_first(struct watch *watch, struct failure *failure)
{
	struct failure why;
	enum watch_event event = follow(watch, &why);

	if (watch->fd >= 0) {
		if (!opts->quiet && !opts->json)
			stats_tell_pin(watch);
		return 0;
	}
	if (opts->all)
		return event == WATCH_REFUSED ? stats_tell_event(watch, event, &why, failure) : 0;
	if (event != WATCH_REFUSED) /* nothing is pinned */
		stats_cannot_open_pin(&why, watch, "");
	*failure = why;
	return failure->exit_code;
}

/*
 * What was asked for by name must be there now; with --all it may come later.
 * Returns 0, or the exit code when there is no point in going on.
 */
static int open_maps(struct failure *failure)
{
	int err = 0, open = 0;

	if (opts->all)
		watch_list_scan(&opts->list);
	for (size_t i = 0; !err && i < opts->list.count; i++) {
		err = open_first(&opts->list.watches[i], failure);
		open += opts->list.watches[i].fd >= 0;
	}
	if (err || open)
		return err;
	stats_nothing_pinned(failure, &opts->list);
	if (opts->once)
		return failure->exit_code;
	failure_print(failure, false);
	*failure = (struct failure){ 0 };
	return 0;
}

int main(int argc, char **argv)
{
	struct failure failure = { 0 };
	int err;

	opts = stats_options_read(argc, argv);
	process_prepare(!opts->json);
	stats_tell_in_json(opts->json);
	err = records_alloc(&records);
	if (err)
		stats_cannot_prepare(&failure, err);
	else if (!open_maps(&failure))
		report_all(&failure);

	watch_list_free(&opts->list);
	records_free(&records);
	return failure_print(&failure, opts->json);
}
