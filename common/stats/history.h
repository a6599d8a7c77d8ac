/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rates of the last intervals, and a line of characters that shows them. Arithmetic
 * and text alone: no system calls, no locale.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stdio.h>

#include "rates.h"

#define HISTORY_COLUMNS 512 /* a wider window shows no more */

/* Starts as zeroes: nothing is known. */
struct history {
	float rate[HISTORY_COLUMNS][XDP_ACTION_MAX]; /* packets a second; negative: not known */
	size_t count;                                /* columns that were ever added */
};

/*
 * Add what happened between two samples: a column for each interval that has passed, as
 * there are several where the process was stopped. Rates without a period are not known.
 */
void history_add(struct history *history, const struct stats_rates *rates, double interval_s);

/*
 * Print the last rates of an action into this many columns, the newest at the right, up to
 * HISTORY_COLUMNS. A blank is not known, the lowest level no packet; the higher ones are
 * relative to the largest rate that is shown. Levels are block elements with utf8, else
 * ASCII.
 */
void history_print(FILE *out, const struct history *history, int action, int columns, bool utf8);

#endif
