// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "history.h"

#define UNKNOWN (-1.0F)

/* No packet, then seven levels. */
static const char blocks[][4] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char ascii[] = "_.:-=+*#";

#define LEVELS ((int)sizeof(ascii) - 2)

void history_add(struct history *history, const struct stats_rates *rates, double interval_s)
{
	const double intervals = rates->period_s / interval_s + 0.5;
	int columns = intervals < 1                 ? 1
		      : intervals > HISTORY_COLUMNS ? HISTORY_COLUMNS
						    : (int)intervals;

	while (columns--) {
		float *rate = history->rate[history->count++ % HISTORY_COLUMNS];

		for (int i = 0; i < XDP_ACTION_MAX; i++)
			rate[i] = rates->period_s > 0 ? (float)rates->action[i].packets_per_s
						      : UNKNOWN;
	}
}

/* The rate that many columns ago: 1 is the last one. */
static float rate_ago(const struct history *history, int action, size_t ago)
{
	if (ago > history->count)
		return UNKNOWN;
	return history->rate[(history->count - ago) % HISTORY_COLUMNS][action];
}

static int level_of(float rate, float largest)
{
	return rate > 0 ? 1 + (int)(rate / largest * (LEVELS - 0.001F)) : 0;
}

void history_print(FILE *out, const struct history *history, int action, int columns, bool utf8)
{
	float largest = 0;

	if (columns > HISTORY_COLUMNS)
		columns = HISTORY_COLUMNS;
	for (int ago = columns; ago > 0; ago--)
		if (rate_ago(history, action, ago) > largest)
			largest = rate_ago(history, action, ago);
	for (int ago = columns; ago > 0; ago--) {
		const float rate = rate_ago(history, action, ago);

		if (rate < 0)
			fputc(' ', out);
		else if (utf8)
			fputs(blocks[level_of(rate, largest)], out);
		else
			fputc(ascii[level_of(rate, largest)], out);
	}
}
