/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Samples, what changed between two of them, and how a report reads. No system
 * calls here; output goes to the FILE that the caller hands in.
 */
#ifndef STATS_H
#define STATS_H

#include <stdio.h>

#include "xdp_stats_kern_user.h"

struct stats_sample {
	__u64 time_ns; /* CLOCK_MONOTONIC, 0 for a sample never taken */
	struct datarec action[XDP_ACTION_MAX];
};

/* What happened between two samples. */
struct stats_rates {
	double period_s; /* 0 when there was no sample before: then no rates */
	struct {
		double packets_per_s;
		double bits_per_s;
	} action[XDP_ACTION_MAX];
};

/* One report of one interface: who, when, the totals and the rates. */
struct stats_report {
	const char *ifname;
	__u32 map_id;
	__u64 wall_ms; /* milliseconds since the epoch */
	const struct stats_sample *now;
	struct stats_rates rates;
};

/*
 * The rates from earlier to now. Where there was no earlier sample, no time has
 * passed, or a counter ran backwards (another map), the period is 0 and so are
 * all rates: never a negative one.
 */
struct stats_rates stats_rates(const struct stats_sample *earlier, const struct stats_sample *now);

/*
 * A heading and a row for each action. Kbytes are 1000 bytes, Mbit 1,000,000
 * bits; "-" where there is no rate. Numbers are grouped as LC_NUMERIC says.
 */
void stats_print_table(FILE *out, const struct stats_report *report);

/* One object on one line; null rates where there is no period. */
void stats_print_json(FILE *out, const struct stats_report *report);

/*
 * One event line in JSON. Ids of 0 are left out:
 * {"time":...,"ifname":...,"event":...,"map_id":...,"previous_map_id":...}
 */
void stats_print_event(FILE *out, const struct stats_report *report, const char *event,
		       __u32 previous_map_id);

#endif
