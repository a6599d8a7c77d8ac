// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "json.h"
#include "stats_report.h"
#include "xdp_action.h"

void stats_print_json_head(FILE *out, const char *ifname, __u64 wall_ms)
{
	const unsigned long long ms = wall_ms;

	fprintf(out, "{\"time\":%llu.%03llu,\"ifname\":", ms / 1000, ms % 1000);
	if (*ifname)
		json_print_string(out, ifname);
	else
		fputs("null", out);
}

void stats_print_json_end(FILE *out, const char *path)
{
	fputs(",\"pin\":", out);
	json_print_string(out, path);
	fputs("}\n", out);
}

static void print_lost(FILE *out, const struct xdp_losses *lost)
{
	if (!lost) {
		fputs("null", out);
		return;
	}
	for (int i = 0; i < XDP_LOSSES; i++)
		fprintf(out, "%s\"%s\":%llu", i ? "," : "{", loss_texts[i].word,
			(unsigned long long)lost->packets[i]);
	putc('}', out);
}

void stats_print_json_program(FILE *out, __u32 id, const char *name, const char *mode)
{
	fprintf(out, ",\"prog_id\":%u,\"prog_name\":", id);
	if (id && *name)
		json_print_string(out, name);
	else
		fputs("null", out);
	if (id)
		fprintf(out, ",\"mode\":\"%s\"", mode);
	else
		fputs(",\"mode\":null", out);
}

static bool has_counted(const struct records *per_cpu, size_t cpu)
{
	for (int i = 0; i < XDP_ACTION_MAX; i++)
		if (records_of(per_cpu, i, cpu)->rx_packets)
			return true;
	return false;
}

/* The CPUs that have counted anything. */
static void print_cpus(FILE *out, const struct records *per_cpu)
{
	const char *separator = "";

	fputs(",\"cpus\":[", out);
	for (size_t cpu = 0; cpu < per_cpu->cpus; cpu++) {
		if (!has_counted(per_cpu, cpu))
			continue;
		fprintf(out, "%s{\"cpu\":%zu,\"actions\":{", separator, cpu);
		for (int i = 0; i < XDP_ACTION_MAX; i++)
			fprintf(out, "%s\"%s\":{\"packets\":%llu,\"bytes\":%llu}", i ? "," : "",
				xdp_action_name(i),
				(unsigned long long)records_of(per_cpu, i, cpu)->rx_packets,
				(unsigned long long)records_of(per_cpu, i, cpu)->rx_bytes);
		fputs("}}", out);
		separator = ",";
	}
	fputc(']', out);
}

void stats_print_json(FILE *out, const struct stats_report *report)
{
	const struct stats_rates *rates = &report->rates;

	stats_print_json_head(out, report->ifname, report->wall_ms);
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
	fputs("},\"lost\":", out);
	print_lost(out, report->lost);
	if (report->is_prog_known)
		stats_print_json_program(out, report->prog_id, report->prog_name,
					 report->prog_mode);
	else
		fputs(",\"prog_id\":null,\"prog_name\":null,\"mode\":null", out);
	if (report->per_cpu)
		print_cpus(out, report->per_cpu);
	stats_print_json_end(out, report->path);
}
