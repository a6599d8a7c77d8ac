/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of xdp_stats. Like options.h, this talks to the user and exits on
 * wrong options.
 */
#ifndef STATS_OPTIONS_H
#define STATS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "watch_list.h"

struct stats_options {
	struct watch_list list; /* of --dev, under real names; the caller frees it */
	bool all, per_cpu, live, once, json, quiet, explain;
	const char *prometheus; /* file for the metrics, "-" for stdout; NULL: none */
	uint64_t interval_ns;
	uint32_t count; /* of reports, 0: without end */
};

/* Read argv, find the interfaces, and set up log and explain as asked for. */
struct stats_options *stats_options_read(int argc, char **argv);

#endif
