// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "clock.h"
#include "explain.h"
#include "log.h"
#include "options.h"
#include "interface.h"
#include "parse.h"
#include "pin_path.h"
#include "stats_options.h"

#define INTERVAL_MIN_NS (NS_PER_S / 100)
#define INTERVAL_MAX_NS (86400 * NS_PER_S)

static struct stats_options opts = {
	.interval_ns = 2 * NS_PER_S,
	.list.map = XDP_STATS_MAP_NAME,
};

static int add_dev(const struct option_row *row, const char *arg, const char **why)
{
	*why = "no interface can have this name (1 to 15 bytes, no '/', ':' or space)";
	if (interface_check_name(arg))
		return -EINVAL;
	*why = strerror(ENOMEM);
	return watch_list_add(row->dest, arg);
}

static int add_pin(const struct option_row *row, const char *arg, const char **why)
{
	*why = "this path is empty or too long";
	if (!*arg || strlen(arg) >= PIN_PATH_SIZE)
		return -EINVAL;
	*why = strerror(ENOMEM);
	return watch_list_add_pin(row->dest, arg);
}

static int set_map(const struct option_row *row, const char *arg, const char **why)
{
	*why = "no pin can have this name (1 to 255 bytes, no '/' or '.')";
	if (!*arg || strlen(arg) > NAME_MAX || strpbrk(arg, "/."))
		return -EINVAL;
	return option_text(row, arg, why);
}

static int set_interval(const struct option_row *row, const char *arg, const char **why)
{
	uint64_t *interval_ns = row->dest;

	*why = "seconds from 0.01 to 86400, such as 2 or 0.5";
	if (parse_seconds(arg, interval_ns) || *interval_ns < INTERVAL_MIN_NS ||
	    *interval_ns > INTERVAL_MAX_NS)
		return -EINVAL;
	return 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "read this interface's map; may be repeated", add_dev, &opts.list },
	{ "all", 'a', NULL, "read every pinned map, now or later", option_flag, &opts.all },
	{ "map", 0, "NAME", "read this map of the interface; default " XDP_STATS_MAP_NAME, set_map,
	  &opts.list.map },
	{ "pin", 0, "PATH", "read the map pinned at this path; may be repeated", add_pin,
	  &opts.list },
	{ "interval", 'i', "SECONDS", "time between reports; default 2, from 0.01", set_interval,
	  &opts.interval_ns },
	{ "count", 'c', "N", "stop after N reports", option_count, &opts.count },
	{ "per-cpu", 0, NULL, "also the totals of each CPU", option_flag, &opts.per_cpu },
	{ "live", 0, NULL, "redraw the tables in place, with a history of each action", option_flag,
	  &opts.live },
	{ "once", '1', NULL, "print the totals, without rates, and stop", option_flag, &opts.once },
	{ "json", 'j', NULL, "one JSON object for each interface and report", option_flag,
	  &opts.json },
	{ "prometheus", 0, "FILE", "write counters there for Prometheus; - for stdout, once",
	  option_text, &opts.prometheus },
	{ "explain", 0, NULL, "tell how each map is found and read", option_flag, &opts.explain },
	{ "quiet", 'q', NULL, "do not print where the map is pinned", option_flag, &opts.quiet },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "xdp_stats",
	.usage = "[OPTIONS] --dev IFNAME [--dev IFNAME...] | --pin PATH | --all",
	.summary = "Print packets, bytes and rates of each XDP action, as counted in the map that\n"
		   "xdp_loader has pinned at " BPFFS_ROOT "/IFNAME/" XDP_STATS_MAP_NAME ".",
	.footer = "Totals count since the map was created; rates are over the period in the title. "
		  "k, M\n"
		  "and G are powers of 1000. Exit status: 0 done; 1 other failure; 2 wrong "
		  "options; 40\n"
		  "no such map, or not one that can be read.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
	.operand = "dev",
	.json = &opts.json,
};

static void check_prometheus(void)
{
	if (opts.json)
		options_reject(&options, "--prometheus and --json contradict each other");
	for (size_t i = 0; i < opts.list.count; i++)
		if (!*opts.list.watches[i].ifname)
			options_reject(&options, "--prometheus needs interfaces, not --pin");
	if (strcmp(opts.prometheus, "-"))
		return;
	if (opts.count)
		options_reject(&options, "--prometheus - writes once, without --count");
	opts.once = true;
}

static void check_live(void)
{
	static const char *const rivals[] = { "once", "json", "prometheus", "explain" };
	const bool given[] = { opts.once, opts.json, opts.prometheus, opts.explain };

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		if (given[i])
			options_reject(&options, "--live and --%s contradict each other",
				       rivals[i]);
}

static void check_options(void)
{
	if (opts.all && opts.list.count)
		options_reject(&options, "--all contradicts --dev and --pin");
	if (!opts.all && !opts.list.count)
		options_reject(&options,
			       "name an interface with --dev, or a pin with --pin, or use --all");
	if (opts.once && opts.count)
		options_reject(&options, "--once and --count contradict each other");
	if (opts.live)
		check_live();
	if (opts.prometheus)
		check_prometheus();
}

/* --map may come after --dev. */
static void use_map(void)
{
	for (size_t i = 0; i < opts.list.count; i++) {
		struct watch *watch = &opts.list.watches[i];

		if (*watch->ifname)
			pin_path(watch->path, watch->ifname, opts.list.map);
	}
}

/* An interface has alternative names; its pins are under the real one. */
static void find_interfaces(void)
{
	char real[IF_NAMESIZE];

	for (size_t i = 0; i < opts.list.count; i++) {
		struct watch *watch = &opts.list.watches[i];

		if (!*watch->ifname)
			continue;
		interface_find(watch->ifname, real);
		if (!strcmp(real, watch->ifname))
			continue;
		if (!opts.quiet)
			log_info("%s is another name of %s", watch->ifname, real);
		watch_init(watch, real, opts.list.map);
	}
	watch_list_sort(&opts.list);
}

struct stats_options *stats_options_read(int argc, char **argv)
{
	log_init("xdp_stats", LOG_NORMAL);
	for (int i = 1; i < argc; i++) /* a wrong option before it is told in JSON, too */
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "-j"))
			opts.json = true;
	options_parse(&options, argc, argv);
	check_options();
	use_map();
	find_interfaces();
	if (opts.explain)
		explain_on();
	return &opts;
}
