// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <time.h>

#include "stats_report.h"
#include "visible.h"
#include "xdp_action.h"

/* Right-aligned by what a terminal shows: a separator can take several bytes. */
static void print_right(FILE *out, int width, const char *text)
{
	for (const char *p = text; *p; p++)
		width -= (*p & 0xc0) != 0x80;
	fprintf(out, "%*s%s", width > 0 ? width : 0, "", text);
}

static void print_total(FILE *out, int width, __u64 number)
{
	char text[64];

	snprintf(text, sizeof(text), "%'llu", (unsigned long long)number);
	print_right(out, width, text);
}

static void print_rate(FILE *out, int width, int decimals, double number)
{
	char text[64];

	snprintf(text, sizeof(text), "%'.*f", decimals, number);
	print_right(out, width, text);
}

static void print_lost(FILE *out, const struct xdp_losses *lost)
{
	for (int i = 0; i < XDP_LOSSES; i++)
		if (lost->packets[i])
			fprintf(out, "lost after %s: %'llu (%s)\n", loss_texts[i].verdict,
				(unsigned long long)lost->packets[i], loss_texts[i].why);
}

/* The program that counts, if there is one. */
static void print_program(FILE *out, const struct stats_report *report)
{
	if (!report->is_prog_known)
		return;
	if (!report->prog_id)
		fputs("  no program", out);
	else if (*report->prog_name)
		fprintf(out, "  %s (id %u, %s)", visible(report->prog_name).text, report->prog_id,
			report->prog_mode);
	else
		fprintf(out, "  id %u, %s", report->prog_id, report->prog_mode);
}

/* A row for each CPU that has counted this action. */
static void print_cpus(FILE *out, const struct records *per_cpu, int action)
{
	for (size_t cpu = 0; cpu < per_cpu->cpus; cpu++) {
		const struct datarec *total = records_of(per_cpu, action, cpu);

		if (!total->rx_packets)
			continue;
		fprintf(out, "  CPU %-6zu", cpu);
		print_total(out, 18, total->rx_packets);
		print_right(out, 14, "");
		print_total(out, 16, total->rx_bytes / 1000);
		fputc('\n', out);
	}
}

void stats_print_table(FILE *out, const struct stats_report *report)
{
	const struct stats_rates *rates = &report->rates;
	time_t seconds = report->wall_ms / 1000;
	char when[sizeof("2026-11-23 10:00:02")] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	fputs(visible(*report->ifname ? report->ifname : report->path).text, out);
	print_program(out, report);
	fprintf(out, "  map %u  %s\n", report->map_id, when);
	fprintf(out, "%-12s %17s %13s %15s %12s %9s\n", "XDP-action", "packets", "pps", "Kbytes",
		"Mbit/s", "period");
	for (int i = 0; i < XDP_ACTION_MAX; i++) {
		const struct datarec *total = &report->now->action[i];

		fprintf(out, "%-12s", xdp_action_name(i));
		print_total(out, 18, total->rx_packets);
		if (rates->period_s > 0)
			print_rate(out, 14, 0, rates->action[i].packets_per_s);
		else
			print_right(out, 14, "-");
		print_total(out, 16, total->rx_bytes / 1000);
		if (rates->period_s > 0) {
			print_rate(out, 13, 1, rates->action[i].bits_per_s / 1e6);
			fprintf(out, " %7.3f s\n", rates->period_s);
		} else {
			fprintf(out, "%13s%10s\n", "-", "-");
		}
		if (report->per_cpu)
			print_cpus(out, report->per_cpu, i);
	}
	if (report->lost)
		print_lost(out, report->lost);
}
