/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Samples of the counters, and the rates between two of them. Arithmetic alone: no
 * system calls, no output.
 */
#ifndef RATES_H
#define RATES_H

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

/*
 * The rates from earlier to now. Where there was no earlier sample, no time has
 * passed, or a counter ran backwards (another map), the period is 0 and so are
 * all rates: never a negative one.
 */
struct stats_rates stats_rates(const struct stats_sample *earlier, const struct stats_sample *now);

#endif
