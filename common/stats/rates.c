// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdbool.h>

#include "rates.h"

static bool ran_backwards(const struct stats_sample *earlier, const struct stats_sample *now)
{
	for (int i = 0; i < XDP_ACTION_MAX; i++)
		if (now->action[i].rx_packets < earlier->action[i].rx_packets ||
		    now->action[i].rx_bytes < earlier->action[i].rx_bytes)
			return true;
	return false;
}

struct stats_rates stats_rates(const struct stats_sample *earlier, const struct stats_sample *now)
{
	struct stats_rates rates = { 0 };

	if (!earlier->time_ns || now->time_ns <= earlier->time_ns || ran_backwards(earlier, now))
		return rates;
	rates.period_s = (now->time_ns - earlier->time_ns) / 1e9;
	for (int i = 0; i < XDP_ACTION_MAX; i++) {
		const struct datarec *a = &earlier->action[i], *b = &now->action[i];

		rates.action[i].packets_per_s = (b->rx_packets - a->rx_packets) / rates.period_s;
		/* 8.0: the bits of a large difference do not fit into 64 bits */
		rates.action[i].bits_per_s = (b->rx_bytes - a->rx_bytes) * 8.0 / rates.period_s;
	}
	return rates;
}
