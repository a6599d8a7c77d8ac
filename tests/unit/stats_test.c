// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "json.h"
#include "clock.h"
#include "schedule.h"
#include "stats_report.h"
#include "xdp_action.h"
#include "unit.h"

static const struct stats_sample earlier = {
	.time_ns = 1000000000,
	.action = { [XDP_PASS] = { 10, 1000 }, [XDP_DROP] = { 5, 300 } },
};

static const struct stats_sample later = {
	.time_ns = 3000000000,
	.action = { [XDP_PASS] = { 30, 251000 }, [XDP_DROP] = { 5, 300 } },
};

/* What a printer writes, until the next call. */
static char text[4096];

static void print(void (*printer)(FILE *, const struct stats_report *),
		  const struct stats_report *report)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	printer(out, report);
	fclose(out);
}

static void rates_are_differences_over_time(void **state)
{
	struct stats_rates rates = stats_rates(&earlier, &later);

	(void)state;
	assert_true(rates.period_s == 2.0);
	assert_true(rates.action[XDP_PASS].packets_per_s == 10.0);
	assert_true(rates.action[XDP_PASS].bits_per_s == 1000000.0);
	assert_true(rates.action[XDP_DROP].packets_per_s == 0.0);
}

static void no_rate_without_a_past(void **state)
{
	static const struct stats_sample never;

	(void)state;
	assert_true(stats_rates(&never, &later).period_s == 0);
	assert_true(stats_rates(&later, &later).period_s == 0);
	/* time or a counter ran backwards: another map, whatever its id says */
	assert_true(stats_rates(&later, &earlier).period_s == 0);
	struct stats_sample anew = later;
	anew.time_ns += 1000;
	anew.action[XDP_TX].rx_packets = 1;
	anew.action[XDP_PASS].rx_packets = 0;
	assert_true(stats_rates(&later, &anew).period_s == 0);
	assert_true(stats_rates(&later, &anew).action[XDP_TX].packets_per_s == 0);
}

static void rates_do_not_overflow(void **state)
{
	static const struct stats_sample none = { .time_ns = 1 };
	struct stats_sample full = { .time_ns = 1000000001,
				     .action[XDP_TX] = { 1ULL << 62, 1ULL << 63 } };
	struct stats_rates rates = stats_rates(&none, &full);

	(void)state;
	assert_true(rates.action[XDP_TX].packets_per_s == 0x1p62);
	assert_true(rates.action[XDP_TX].bits_per_s == 0x1p66);
}

static void the_table_is_aligned(void **state)
{
	const struct stats_report report = { .ifname = "veth0",
					     .path = "/sys/fs/bpf/veth0/m",
					     .map_id = 12,
					     .now = &later,
					     .rates = stats_rates(&earlier, &later) };
	char *line;
	size_t width = 0;
	int rows = 0;

	(void)state;
	print(stats_print_table, &report);
	line = strchr(text, '\n') + 1;
	for (; *line; line = strchr(line, '\n') + 1, rows++) {
		size_t length = strcspn(line, "\n");

		assert_true(!width || length == width);
		width = length;
	}
	assert_int_equal(rows, 1 + XDP_ACTION_MAX);
	assert_int_equal(strncmp(text, "veth0  map 12  ", 15), 0);
	assert_non_null(strstr(text, "  over 2.000 s\naction  "));
	assert_non_null(strstr(text, "XDP_PASS                 30            10"
				     "      251.0 k     1.0 M\n"));
}

/* The columns of each line: at most 79, whatever the numbers; and a blank between two cells. */
static void the_table_has_79_columns_at_most(void **state)
{
	static const struct stats_sample huge = {
		.time_ns = 2000000000,
		.action = { [XDP_PASS] = { UINT64_MAX, UINT64_MAX },
			    [XDP_DROP] = { 99999, 99999 },
			    [XDP_TX] = { 100000, 100000 },
			    [XDP_REDIRECT] = { 1, 999949999 } },
	};
	static const struct stats_sample none = { .time_ns = 1000000000 };
	const struct stats_report report = { .ifname = "enp129s0f0np0v1",
					     .path = "/sys/fs/bpf/enp129s0f0np0v1/m",
					     .map_id = UINT32_MAX,
					     .has_interface = true,
					     .is_prog_known = true,
					     .prog_id = UINT32_MAX,
					     .prog_name =
						     "xdp_router_with_a_long_name_from_its_btf",
					     .prog_mode = "offload",
					     .now = &huge,
					     .rates = stats_rates(&none, &huge) };

	(void)state;
	print(stats_print_table, &report);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		assert_in_range(strcspn(line, "\n"), 1, STATS_TABLE_COLUMNS);
	assert_non_null(strstr(text, " 18446744073709551615 18446744073709551616 "));
	assert_non_null(strstr(text, " 18.4 E   147.6 E\n"));
	assert_non_null(strstr(text, " 99999 ")); /* bytes: whole below 100,000 */
	assert_non_null(strstr(text, " 100.0 k "));
	assert_non_null(strstr(text, " 999.9 M ")); /* and never 1000.0 */
}

static void the_table_has_dashes_without_a_period(void **state)
{
	const struct stats_report report = { .ifname = "veth0",
					     .path = "/sys/fs/bpf/veth0/m",
					     .now = &later };

	(void)state;
	print(stats_print_table, &report);
	assert_null(strstr(text, "over"));
	assert_non_null(strstr(text, "XDP_PASS                 30             -"
				     "      251.0 k         -\n"));
}

static void losses_are_told_with_their_reason(void **state)
{
	struct xdp_losses lost = { 0 };
	const struct stats_report report = {
		.ifname = "veth0", .path = "", .now = &later, .lost = &lost
	};

	(void)state;
	print(stats_print_table, &report);
	assert_null(strstr(text, "lost"));
	lost.packets[XDP_LOSS_TX_FULL] = 7;
	print(stats_print_table, &report);
	assert_non_null(strstr(text, "lost after XDP_TX: 7 (the queue was full)\n"));
	print(stats_print_json, &report);
	assert_non_null(strstr(text, "\"lost\":{\"aborted\":0,"));
	assert_non_null(strstr(text, "\"tx_full\":7,"));
	assert_non_null(strstr(text, "\"redirect_failed\":0}"));
	for (int i = 0; i < XDP_LOSSES; i++) {
		lost.packets[i] = 10000000;
		assert_true(*loss_texts[i].word);
	}
	print(stats_print_table, &report);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(*line != 'l' || strlen(line) <= 79);
}

static void json_has_fixed_keys(void **state)
{
	struct stats_report report = { .ifname = "veth0",
				       .path = "/sys/fs/bpf/veth0/m",
				       .map_id = 12,
				       .wall_ms = 1764000000123,
				       .now = &later,
				       .rates = stats_rates(&earlier, &later) };
	static const char begin[] =
		"{\"time\":1764000000.123,\"ifname\":\"veth0\",\"map_id\":12,"
		"\"period_s\":2.0000,\"actions\":{\"XDP_ABORTED\":{\"packets\":0,"
		"\"bytes\":0,\"packets_per_s\":0.0,\"bits_per_s\":0.0},"
		"\"XDP_DROP\":{";

	(void)state;
	print(stats_print_json, &report);
	assert_ptr_equal(strstr(text, begin), text);
	assert_non_null(strstr(text, "\"XDP_PASS\":{\"packets\":30,\"bytes\":251000,"
				     "\"packets_per_s\":10.0,\"bits_per_s\":1000000.0}"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	assert_non_null(strstr(text, "}},\"lost\":null,\"prog_id\":null,\"prog_name\":null,"
				     "\"mode\":null,\"pin\":\"/sys/fs/bpf/veth0/m\"}\n"));

	report.rates = (struct stats_rates){ 0 };
	print(stats_print_json, &report);
	assert_non_null(strstr(text, "\"period_s\":null"));
	assert_non_null(strstr(text, "\"packets_per_s\":null,\"bits_per_s\":null"));
}

static void totals_use_all_64_bits(void **state)
{
	const struct stats_sample full = { .action[XDP_TX] = { UINT64_MAX, UINT64_MAX } };
	const struct stats_report report = { .ifname = "x", .path = "", .now = &full };

	(void)state;
	print(stats_print_json, &report);
	assert_non_null(strstr(text, "\"packets\":18446744073709551615"));
}

static void expect_json_string(const char *from, const char *to)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	json_print_string(out, from);
	fclose(out);
	assert_string_equal(text, to);
}

static void json_strings_are_escaped(void **state)
{
	(void)state;
	expect_json_string("eth0", "\"eth0\"");
	expect_json_string("a\"b\\c", "\"a\\\"b\\\\c\"");
	expect_json_string("\x1b\x7f", "\"\\u001b\\u007f\"");
	expect_json_string("\xc3\xa9\xf0\x9f\x90\x9d", "\"\xc3\xa9\xf0\x9f\x90\x9d\"");
	expect_json_string("a\xffz\xc3", "\"a\\ufffdz\\ufffd\"");
	expect_json_string("\xc0\x80\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void the_title_names_the_program(void **state)
{
	struct stats_report report = { .ifname = "veth0",
				       .path = "",
				       .map_id = 12,
				       .now = &later,
				       .has_interface = true,
				       .is_prog_known = true,
				       .prog_name = "",
				       .prog_mode = "skb" };

	(void)state;
	print(stats_print_table, &report);
	assert_ptr_equal(strstr(text, "veth0  no program  map 12  "), text);
	print(stats_print_json, &report);
	assert_non_null(strstr(text, "\"prog_id\":0,\"prog_name\":null,\"mode\":null,"));
	report.prog_id = 41;
	print(stats_print_table, &report);
	assert_ptr_equal(strstr(text, "veth0  id 41, skb  map 12  "), text);
	report.prog_name = "xdp_pass_func";
	print(stats_print_table, &report);
	assert_ptr_equal(strstr(text, "veth0  xdp_pass_func (id 41, skb)  map 12  "), text);
	report.has_interface = false;
	print(stats_print_table, &report);
	assert_ptr_equal(strstr(text, "veth0  no such interface here  map 12  "), text);
	print(stats_print_json, &report);
	assert_non_null(strstr(text, "\"prog_id\":41,\"prog_name\":\"xdp_pass_func\","
				     "\"mode\":\"skb\","));
}

/* Whatever a report takes, the next time is a multiple of the interval later. */
static void times_do_not_drift(void **state)
{
	struct schedule schedule = schedule_start(NS_PER_S / 1000, NS_PER_S / 2000);
	const uint64_t first = schedule.next_ns;

	(void)state;
	for (int i = 0; i < 100; i++) {
		const uint64_t due = schedule.next_ns;

		if (i % 10 == 5) /* a report that takes several intervals */
			clock_sleep_until(clock_monotonic_ns() + 3 * NS_PER_S / 1000);
		schedule_wait(&schedule);
		assert_true(clock_monotonic_ns() >= due);
		assert_true(schedule.next_ns > due);
		assert_int_equal((schedule.next_ns - first) % schedule.interval_ns, 0);
	}
}

static void actions_have_names(void **state)
{
	(void)state;
	assert_string_equal(xdp_action_name(XDP_ABORTED), "XDP_ABORTED");
	assert_string_equal(xdp_action_name(XDP_REDIRECT), "XDP_REDIRECT");
	assert_string_equal(xdp_action_name(XDP_ACTION_MAX), "XDP_UNKNOWN");
}

int run_stats_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_differences_over_time),
		cmocka_unit_test(no_rate_without_a_past),
		cmocka_unit_test(rates_do_not_overflow),
		cmocka_unit_test(the_table_is_aligned),
		cmocka_unit_test(the_table_has_79_columns_at_most),
		cmocka_unit_test(the_table_has_dashes_without_a_period),
		cmocka_unit_test(losses_are_told_with_their_reason),
		cmocka_unit_test(json_has_fixed_keys),
		cmocka_unit_test(totals_use_all_64_bits),
		cmocka_unit_test(json_strings_are_escaped),
		cmocka_unit_test(the_title_names_the_program),
		cmocka_unit_test(times_do_not_drift),
		cmocka_unit_test(actions_have_names),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
