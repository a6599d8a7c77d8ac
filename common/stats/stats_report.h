/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A report on one interface, and its two forms. Output goes to the FILE that the
 * caller hands in.
 */
#ifndef STATS_REPORT_H
#define STATS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "history.h"
#include "rates.h"
#include "records.h"
#include "stats_losses.h"

/* Which interface, when, the totals and the rates. */
struct stats_report {
	const char *ifname; /* "" if the user has named a path */
	const char *path;   /* of the pin */
	__u32 map_id;
	__u64 wall_ms; /* milliseconds since the epoch */
	const struct stats_sample *now;
	struct stats_rates rates;
	const struct records *per_cpu; /* the counters of each CPU, or NULL */
	const struct xdp_losses *lost; /* NULL: not counted */
	bool has_interface;            /* is there one of this name here? */
	bool is_prog_known;            /* is known which program is attached? */
	__u32 prog_id;                 /* of that program, 0 if there is none */
	const char *prog_name;         /* "" if it cannot be read */
	const char *prog_mode;         /* "native" */
	/* On a screen, else 0: */
	const struct history *history; /* of the rates */
	int columns;                   /* of the window */
	double interval_s;             /* that a column of the history stands for */
	bool is_utf8;                  /* can it show block elements? */
};

#define STATS_TABLE_COLUMNS 79 /* of a terminal; only a path can make a line longer */

/*
 * A title, a heading and a row for each action, whose columns keep a blank between them
 * whatever the numbers are. Bytes and bits a second from 100,000 on have a unit: k is 1000,
 * M 1000 k, and so on. "-" where there is no rate. Numbers are grouped as LC_NUMERIC says.
 *
 * With a history, it fills what the window has left beside the row of each action, or if
 * that is too little, a line below. Lines may be longer than the window.
 */
void stats_print_table(FILE *out, const struct stats_report *report);

/* One JSON object on one line; null rates where there is no period. */
void stats_print_json(FILE *out, const struct stats_report *report);

/* Which program that is, in a JSON object, with a comma before it; null for none. */
void stats_print_json_program(FILE *out, __u32 id, const char *name, const char *mode);

/* The beginning of every JSON object: {"time":...,"ifname":... and its end: ,"pin":...} */
void stats_print_json_head(FILE *out, const char *ifname, __u64 wall_ms);
void stats_print_json_end(FILE *out, const char *path);

#endif
