// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Print what an XDP program has counted, found by nothing but the path of its
 * pinned map. Of libbpf only <bpf/bpf.h> is used, the wrappers of bpf(2): who
 * has the path needs no object file and no loader.
 */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "clock.h"
#include "cpus.h"
#include "log.h"
#include "pin_path.h"
#include "stats_report.h"
#include "stats_map.h"
#include "stats_options.h"
#include "watch.h"

#define EXIT_MAP 40 /* no such map, or none that we can read */

#define FIRST_REPORT_NS (NS_PER_S / 4)

#define OUTPUT_SIZE PIPE_BUF /* a pipe takes as much whole, or not at all */
#define REPORT_MAX  1024     /* bytes, of any one report */

static struct stats_options *opts;

static bool is_bpffs(void)
{
	struct statfs fs;

	return !statfs(BPFFS_ROOT, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC;
}

static void hint_no_bpffs(void)
{
	log_hint("there is no BPF file system here. 'ip netns exec' hides it; this does not: "
		 "nsenter --net=/run/netns/NAME COMMAND");
	log_hint("where there is none at all, nothing is loaded: xdp_loader --dev IFNAME mounts "
		 "one");
}

/* An alternative name of an interface has no pins; real is the one that has. */
static bool is_altname(const char *ifname, char real[IF_NAMESIZE])
{
	unsigned int ifindex = if_nametoindex(ifname);

	return ifindex && if_indextoname(ifindex, real) && strcmp(real, ifname);
}

static void say_refused(const struct watch *watch, int err, const char *why)
{
	char real[IF_NAMESIZE];

	switch (-err) {
	case ENOENT:
		log_error("cannot open %s: nothing is pinned there", watch->path);
		if (is_bpffs() && is_altname(watch->ifname, real))
			log_hint("it is another name of %s: xdp_stats --dev %s", real, real);
		else if (is_bpffs() && !if_nametoindex(watch->ifname))
			log_hint("there is no interface '%s' in this network namespace; see: "
				 "ip link",
				 watch->ifname);
		else if (is_bpffs())
			log_hint("load a program that counts: xdp_loader --dev %s", watch->ifname);
		else
			hint_no_bpffs();
		break;
	case EACCES:
	case EPERM:
		log_error("cannot open %s: %s", watch->path, strerror(-err));
		log_hint("run it as root, or let others in: chmod a+x " BPFFS_ROOT
			 " and the directory, chmod a+r the pin");
		break;
	case EMEDIUMTYPE:
		log_error("cannot read %s: not a map, but a program, a link or a directory",
			  watch->path);
		log_hint("see what it is: ls -l %s; bpftool prog show pinned %s", watch->path,
			 watch->path);
		break;
	case EPROTO:
		log_error("cannot read %s: not a map of XDP statistics (%s)", watch->path, why);
		log_hint("load a program that counts as headers/xdp_stats_kern.h does");
		break;
	default:
		log_error("cannot open %s: %s", watch->path, strerror(-err));
		log_hint("see what it is with: bpftool map show pinned %s", watch->path);
	}
}

static struct stats_report new_report(const struct watch *watch)
{
	return (struct stats_report){
		.ifname = watch->ifname,
		.map_id = watch->map.id,
		.wall_ms = clock_wall_ms(),
	};
}

static void say_change(const struct watch *watch, const struct watch_change *change)
{
	static const char *const names[] = {
		[WATCH_PINNED] = "pinned",
		[WATCH_REPLACED] = "map-replaced",
		[WATCH_UNPINNED] = "unpinned",
	};
	const __u32 id = watch->map.id, previous = change->previous_map_id;
	struct stats_report report = new_report(watch);

	if (change->event == WATCH_REFUSED)
		say_refused(watch, change->err, change->why);
	else if (opts->json)
		stats_print_event(stdout, &report, names[change->event],
				  change->event == WATCH_REPLACED ? previous : 0);
	else if (change->event == WATCH_UNPINNED)
		log_info("%s: map %u unpinned, waiting for another", watch->ifname, previous);
	else if (change->event == WATCH_REPLACED)
		log_info("%s: map %u replaced by map %u, counting anew", watch->ifname, previous,
			 id);
	else
		log_info("%s: map %u pinned, counting anew", watch->ifname, id);
}

static int flush_reports(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	if (errno == EPIPE) /* the reader has seen enough */
		exit(EXIT_SUCCESS);
	log_error("cannot write the report: %s", strerror(errno));
	return -EIO;
}

/* Follow the pin and tell what has become of it, after what was reported before. */
static int follow(struct watch *watch)
{
	struct watch_change change;
	int err;

	watch_follow(watch, &change);
	if (change.event == WATCH_SAME || change.event == WATCH_ABSENT)
		return 0;
	err = flush_reports();
	if (!err)
		say_change(watch, &change);
	return err;
}

/* Read one map and, with print, report what is new since the last time. */
static int report_one(struct watch *watch, const struct stats_buffer *buffer, bool print)
{
	struct stats_report report;
	struct stats_sample now;
	int err = follow(watch);

	if (err || watch->map.fd < 0)
		return err;
	err = watch_sample(watch, buffer, &now);
	if (err) { /* no reason to stop watching the others */
		int write_err = flush_reports();

		log_error("cannot read %s: %s", watch->path, strerror(-err));
		return write_err;
	}
	if (print) {
		report = new_report(watch);
		report.now = &now;
		report.rates = stats_rates(&watch->last, &now);
		(opts->json ? stats_print_json : stats_print_table)(stdout, &report);
	}
	watch->last = now;
	/* reports leave whole: neither a signal nor another writer gets in between */
	return __fpending(stdout) > OUTPUT_SIZE - REPORT_MAX ? flush_reports() : 0;
}

/* --all: maps that are new since the last time. */
static void look_for_pins(void)
{
	static int told;
	int err = watch_list_scan(&opts->list);

	if (err && err != told)
		log_error("cannot look through " BPFFS_ROOT ": %s", strerror(-err));
	told = err;
}

/* All reports of a tick leave together, be it into a terminal, a pipe or a file. */
static int tick(const struct stats_buffer *buffer, bool print)
{
	int err = 0;

	if (opts->all)
		look_for_pins();
	for (size_t i = 0; !err && i < opts->list.count; i++)
		err = report_one(&opts->list.watches[i], buffer, print);
	return err ?: flush_reports();
}

/* Deadlines are absolute, so the time that a report takes does not add up. */
static int report_all(const struct stats_buffer *buffer)
{
	const __u64 interval = opts->interval_ns;
	__u64 deadline = clock_monotonic_ns(), now;
	int err;

	if (opts->once)
		return tick(buffer, true);
	err = tick(buffer, false);
	deadline += interval < FIRST_REPORT_NS ? interval : FIRST_REPORT_NS;
	for (__u64 n = 1; !err; n++) {
		clock_sleep_until(deadline);
		err = tick(buffer, true);
		if (n == opts->count)
			break;
		now = clock_monotonic_ns();
		deadline += interval;
		if (deadline <= now) /* we were stopped: leave out what was missed */
			deadline += (now - deadline) / interval * interval + interval;
	}
	return err;
}

static void say_none(void)
{
	log_info("no " XDP_STATS_MAP_NAME " that can be read is pinned in " BPFFS_ROOT " yet");
	if (!is_bpffs())
		hint_no_bpffs();
	else if (geteuid())
		log_hint("run it as root, or let others in with chmod");
}

/*
 * What was asked for by name must be there now; with --all it may come later.
 * Returns 0, or -ENOENT when there is no point in going on.
 */
static int open_maps(void)
{
	size_t open = 0;

	if (opts->all)
		look_for_pins();
	for (size_t i = 0; i < opts->list.count; i++) {
		struct watch *watch = &opts->list.watches[i];
		struct watch_change change;

		watch_follow(watch, &change);
		if (change.event != WATCH_PINNED) {
			say_refused(watch, change.err, change.why);
			if (!opts->all)
				return -ENOENT;
			continue;
		}
		open++;
		if (!opts->quiet && !opts->json)
			log_info("%s: map %u, pinned at %s", watch->ifname, watch->map.id,
				 watch->path);
	}
	if (!open)
		say_none();
	return opts->once && !open ? -ENOENT : 0;
}

static void end_quietly(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

/* One descriptor an interface: as many as the administrator lets us have. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void prepare_process(void)
{
	static char output[OUTPUT_SIZE];

	raise_descriptor_limit();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, end_quietly);
	signal(SIGTERM, end_quietly);
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	if (!opts->json && isatty(STDOUT_FILENO))
		setlocale(LC_NUMERIC, "");
}

int main(int argc, char **argv)
{
	struct stats_buffer buffer = { 0 };
	int cpus, status = EXIT_MAP;

	opts = stats_options_read(argc, argv);
	prepare_process();

	cpus = cpus_possible();
	if (cpus < 0 || stats_buffer_alloc(&buffer, cpus)) {
		log_error("cannot prepare for per-CPU counters: %s",
			  strerror(cpus < 0 ? -cpus : ENOMEM));
		return EXIT_FAILURE;
	}
	if (!open_maps())
		status = report_all(&buffer) ? EXIT_FAILURE : EXIT_SUCCESS;

	watch_list_free(&opts->list);
	stats_buffer_free(&buffer);
	return status;
}
