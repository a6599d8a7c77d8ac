/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The command line of xdp_stats. Like options.h, this talks to the user and exits on
 * wrong options.
 */
#ifndef STATS_OPTIONS_H
#define STATS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "watch.h"

struct stats_options {
	struct watch_list list; /* of --dev; the caller's to watch and to free */
	bool all, once, json, quiet, explain;
	uint64_t interval_ns;
	uint32_t count; /* of reports, 0: without end */
};

/* Read argv and set up log and explain as it asks for. */
struct stats_options *stats_options_read(int argc, char **argv);

#endif
