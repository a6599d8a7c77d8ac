// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <time.h>

#include "json.h"
#include "stats.h"
#include "xdp_action.h"

static int ran_backwards(const struct stats_sample *earlier, const struct stats_sample *now)
{
	for (int i = 0; i < XDP_ACTION_MAX; i++)
		if (now->action[i].rx_packets < earlier->action[i].rx_packets ||
		    now->action[i].rx_bytes < earlier->action[i].rx_bytes)
			return 1;
	return 0;
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
		rates.action[i].bits_per_s = (b->rx_bytes - a->rx_bytes) * 8 / rates.period_s;
	}
	return rates;
}

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

void stats_print_table(FILE *out, const struct stats_report *report)
{
	const struct stats_rates *rates = &report->rates;
	time_t seconds = report->wall_ms / 1000;
	char when[sizeof("2026-11-23 10:00:02")] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(out, "%s  map %u  %s\n", report->ifname, report->map_id, when);
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
	}
}

static void print_json_head(FILE *out, const struct stats_report *report)
{
	const unsigned long long ms = report->wall_ms;

	fprintf(out, "{\"time\":%llu.%03llu,\"ifname\":", ms / 1000, ms % 1000);
	json_print_string(out, report->ifname);
}

void stats_print_json(FILE *out, const struct stats_report *report)
{
	const struct stats_rates *rates = &report->rates;

	print_json_head(out, report);
	fprintf(out, ",\"map_id\":%u,\"period_s\":", report->map_id);
	if (rates->period_s > 0)
		fprintf(out, "%.4f", rates->period_s);
	else
		fputs("null", out);
	fputs(",\"actions\":{", out);
	for (int i = 0; i < XDP_ACTION_MAX; i++) {
		const struct datarec *total = &report->now->action[i];

		fprintf(out, "%s\"%s\":{\"packets\":%llu,\"bytes\":%llu,", i ? "," : "",
			xdp_action_name(i), (unsigned long long)total->rx_packets,
			(unsigned long long)total->rx_bytes);
		if (rates->period_s > 0)
			fprintf(out, "\"packets_per_s\":%.1f,\"bits_per_s\":%.1f}",
				rates->action[i].packets_per_s, rates->action[i].bits_per_s);
		else
			fputs("\"packets_per_s\":null,\"bits_per_s\":null}", out);
	}
	fputs("}}\n", out);
}

void stats_print_event(FILE *out, const struct stats_report *report, const char *event,
		       __u32 previous_map_id)
{
	print_json_head(out, report);
	fprintf(out, ",\"event\":\"%s\"", event);
	if (report->map_id)
		fprintf(out, ",\"map_id\":%u", report->map_id);
	if (previous_map_id)
		fprintf(out, ",\"previous_map_id\":%u", previous_map_id);
	fputs("}\n", out);
}
