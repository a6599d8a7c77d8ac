// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "stats_report.h"
#include "utf8.h"
#include "visible.h"
#include "xdp_action.h"

#define LABEL_COLUMNS 12
#define HISTORY_ROOM  14 /* columns beside a row that are worth it */

enum { PACKETS, PPS, BYTES, BITS, CELLS };

static const struct {
	const char *name;
	int width; /* at least; a column with larger numbers is wider */
} columns[CELLS] = { { "packets", 15 }, { "pps", 14 }, { "bytes", 13 }, { "bit/s", 10 } };

struct row {
	char label[32];
	char cell[CELLS][48];
};

/* The title, as it is printed. */
struct title {
	FILE *out;
	int columns, used; /* of the last line */
};

/* A part of the title, with two blanks before it, or on a new line where it has no room. */
__attribute__((format(printf, 2, 3))) static void print_part(struct title *title,
							     const char *format, ...)
{
	char part[1400];
	va_list args;
	int width;

	va_start(args, format);
	vsnprintf(part, sizeof(part), format, args);
	va_end(args);
	width = (int)utf8_columns(part);
	if (title->used && title->used + 2 + width > title->columns) {
		fputc('\n', title->out);
		title->used = 0;
	}
	fprintf(title->out, "%s%s", title->used ? "  " : "", part);
	title->used += width + (title->used ? 2 : 0);
}

/* The program that counts, if there is one. */
static void print_program(struct title *title, const struct stats_report *report)
{
	if (!report->is_prog_known)
		return;
	if (!report->has_interface)
		print_part(title, "no such interface here");
	else if (!report->prog_id)
		print_part(title, "no program");
	else if (*report->prog_name)
		print_part(title, "%s (id %u, %s)", visible(report->prog_name).text,
			   report->prog_id, report->prog_mode);
	else
		print_part(title, "id %u, %s", report->prog_id, report->prog_mode);
}

static void print_title(FILE *out, const struct stats_report *report)
{
	const double period = report->rates.period_s;
	const time_t seconds = (time_t)(report->wall_ms / 1000);
	char when[sizeof("2026-11-23 10:00:02")] = "";
	struct title title = { out, report->columns ?: STATS_TABLE_COLUMNS, 0 };
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	print_part(&title, "%s", visible(*report->ifname ? report->ifname : report->path).text);
	print_program(&title, report);
	print_part(&title, "map %u", report->map_id);
	if (period > 0)
		print_part(&title, "%s  over %.3f s", when, period);
	else
		print_part(&title, "%s", when);
	fputc('\n', out);
}

/* Whole below 100,000; above, with one decimal and a unit: k is 1000, M 1000 k, ... */
static void put_scaled(char *cell, size_t size, double number)
{
	static const char units[] = "kMGTPEZY";
	size_t unit = 0;

	if (number < 100000) {
		snprintf(cell, size, "%'.0f", number);
		return;
	}
	for (number /= 1000; number >= 999.95 && units[unit + 1]; unit++)
		number /= 1000;
	snprintf(cell, size, "%'.1f %c", number, units[unit]);
}

static struct row row_of(const char *label, const struct datarec *total)
{
	struct row row = { .cell = { "" } };

	snprintf(row.label, sizeof(row.label), "%s", label);
	snprintf(row.cell[PACKETS], sizeof(row.cell[0]), "%'llu",
		 (unsigned long long)total->rx_packets);
	put_scaled(row.cell[BYTES], sizeof(row.cell[0]), (double)total->rx_bytes);
	return row;
}

static struct row row_of_action(const struct stats_report *report, int action)
{
	struct row row = row_of(xdp_action_name(action), &report->now->action[action]);

	if (report->rates.period_s > 0) {
		snprintf(row.cell[PPS], sizeof(row.cell[0]), "%'.0f",
			 report->rates.action[action].packets_per_s);
		put_scaled(row.cell[BITS], sizeof(row.cell[0]),
			   report->rates.action[action].bits_per_s);
	} else {
		snprintf(row.cell[PPS], sizeof(row.cell[0]), "-");
		snprintf(row.cell[BITS], sizeof(row.cell[0]), "-");
	}
	return row;
}

static struct row heading(void)
{
	struct row row = { .label = "action" };

	for (int i = 0; i < CELLS; i++)
		snprintf(row.cell[i], sizeof(row.cell[0]), "%s", columns[i].name);
	return row;
}

static void print_row(FILE *out, const struct row *row, const int width[CELLS])
{
	int last = CELLS - 1;

	while (!*row->cell[last])
		last--;
	fprintf(out, "%-*s", LABEL_COLUMNS, row->label);
	for (int i = 0; i <= last; i++)
		fprintf(out, "%*s%s", width[i] - (int)utf8_columns(row->cell[i]), "", row->cell[i]);
}

static void print_span(FILE *out, double seconds)
{
	if (seconds < 600)
		fprintf(out, "pps, last %g s", seconds);
	else
		fprintf(out, "pps, last %.0f m", seconds / 60);
}

/* Beside a row, or below it; without an action, what the columns are. Ends the line. */
static void print_history(FILE *out, const struct stats_report *report, const int width[CELLS],
			  int action)
{
	int room = report->columns - LABEL_COLUMNS - 2;

	for (int i = 0; i < CELLS; i++)
		room -= width[i];
	if (report->history && room < HISTORY_ROOM) {
		fputc('\n', out);
		room = report->columns - 2;
	}
	if (room > HISTORY_COLUMNS)
		room = HISTORY_COLUMNS;
	if (report->history && room > 0) {
		fputs("  ", out);
		if (action < 0)
			print_span(out, room * report->interval_s);
		else
			history_print(out, report->history, action, room, report->is_utf8);
	}
	fputc('\n', out);
}

/* A row for each CPU that has counted this action. */
static void print_cpus(FILE *out, const struct records *per_cpu, int action, const int width[CELLS])
{
	for (size_t cpu = 0; cpu < per_cpu->cpus; cpu++) {
		const struct datarec *total = records_of(per_cpu, action, cpu);
		char label[32];
		struct row row;

		if (!total->rx_packets)
			continue;
		snprintf(label, sizeof(label), "  CPU %zu", cpu);
		row = row_of(label, total);
		print_row(out, &row, width);
		fputc('\n', out);
	}
}

static void print_lost(FILE *out, const struct xdp_losses *lost)
{
	for (int i = 0; i < XDP_LOSSES; i++)
		if (lost->packets[i])
			fprintf(out, "lost after %s: %'llu (%s)\n", loss_texts[i].verdict,
				(unsigned long long)lost->packets[i], loss_texts[i].why);
}

/* Each column as wide as its largest number needs, with a blank before it. */
static void find_widths(const struct row *rows, int width[CELLS])
{
	for (int i = 0; i < CELLS; i++) {
		width[i] = columns[i].width;
		for (int action = 0; action < XDP_ACTION_MAX; action++) {
			int needed = (int)utf8_columns(rows[action].cell[i]) + 1;

			width[i] = needed > width[i] ? needed : width[i];
		}
	}
}

void stats_print_table(FILE *out, const struct stats_report *report)
{
	const struct row head = heading();
	struct row rows[XDP_ACTION_MAX] = { 0 };
	int width[CELLS];

	for (int i = 0; i < XDP_ACTION_MAX; i++)
		rows[i] = row_of_action(report, i);
	find_widths(rows, width);
	print_title(out, report);
	print_row(out, &head, width);
	print_history(out, report, width, -1);
	for (int i = 0; i < XDP_ACTION_MAX; i++) {
		print_row(out, &rows[i], width);
		print_history(out, report, width, i);
		if (report->per_cpu)
			print_cpus(out, report->per_cpu, i, width);
	}
	if (report->lost)
		print_lost(out, report->lost);
}
