// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "history.h"
#include "stats_report.h"
#include "utf8.h"
#include "unit.h"

static struct history history;
static char text[8192];

static int begin(void **state)
{
	(void)state;
	memset(&history, 0, sizeof(history));
	return 0;
}

/* An interval of a second with this rate of XDP_PASS; XDP_DROP has twice as much. */
static void add(double rate)
{
	struct stats_rates rates = { .period_s = 1 };

	rates.action[XDP_PASS].packets_per_s = rate;
	rates.action[XDP_DROP].packets_per_s = 2 * rate;
	history_add(&history, &rates, 1);
}

static const char *line(int columns, bool utf8)
{
	FILE *out = fmemopen(text, sizeof(text), "w");

	*text = '\0';
	history_print(out, &history, XDP_PASS, columns, utf8);
	fclose(out);
	return text;
}

static void nothing_is_known_at_first(void **state)
{
	(void)state;
	assert_string_equal(line(4, true), "    ");
	assert_string_equal(line(0, true), "");
	assert_string_equal(line(-1, true), "");
}

static void levels_are_relative_to_the_largest(void **state)
{
	(void)state;
	for (int i = 0; i <= 7; i++)
		add(i * 1000);
	assert_string_equal(line(8, true), "▁▂▃▄▅▆▇█");
	assert_string_equal(line(8, false), "_.:-=+*#");
	/* of those that are shown: the newest are at the right */
	assert_string_equal(line(3, true), "▆▇█");
	assert_string_equal(line(10, false), "  _.:-=+*#");
	add(3500);
	assert_string_equal(line(3, true), "▇█▅");
}

/* A single packet among millions is no zero. */
static void little_is_not_nothing(void **state)
{
	(void)state;
	add(1e9);
	add(0.001);
	add(0);
	assert_string_equal(line(3, true), "█▂▁");
	assert_string_equal(line(2, true), "█▁");
	assert_string_equal(line(1, true), "▁");
}

static void one_value_is_the_largest(void **state)
{
	(void)state;
	add(42);
	assert_string_equal(line(3, true), "  █");
	assert_string_equal(line(3, false), "  #");
	add(42);
	assert_string_equal(line(3, true), " ██");
}

static void only_zeroes_are_the_lowest_level(void **state)
{
	(void)state;
	add(0);
	add(0);
	assert_string_equal(line(3, true), " ▁▁");
	assert_string_equal(line(3, false), " __");
}

/* There was another map, or none: nobody knows the rate. */
static void a_gap_is_blank(void **state)
{
	static const struct stats_rates unknown;

	(void)state;
	add(5);
	history_add(&history, &unknown, 1);
	add(5);
	assert_string_equal(line(3, true), "█ █");
}

static void a_long_period_takes_its_columns(void **state)
{
	struct stats_rates rates = { .period_s = 0.25 };

	(void)state;
	rates.action[XDP_PASS].packets_per_s = 7;
	history_add(&history, &rates, 2); /* the first one, shorter than the interval */
	add(0);
	rates.period_s = 6.1; /* it was stopped */
	history_add(&history, &rates, 2);
	assert_string_equal(line(6, true), " █▁███");
	rates.period_s = 1e9;
	history_add(&history, &rates, 0.01);
	assert_int_equal(history.count, 5 + HISTORY_COLUMNS);
}

static void the_oldest_are_forgotten(void **state)
{
	(void)state;
	add(1e6);
	for (int i = 0; i < HISTORY_COLUMNS - 1; i++)
		add(i % 2);
	assert_int_equal(strncmp(line(2 * HISTORY_COLUMNS, false), "#_", 2), 0);
	assert_int_equal(strlen(text), HISTORY_COLUMNS);
	add(1);
	add(0);
	/* the largest has left, and the others grow */
	assert_int_equal(strncmp(line(HISTORY_COLUMNS, false), "#_#_", 4), 0);
	assert_string_equal(line(5, false), "_#_#_");
}

static void each_action_has_its_own(void **state)
{
	FILE *out;

	(void)state;
	add(3);
	out = fmemopen(text, sizeof(text), "w");
	for (int i = 0; i < XDP_ACTION_MAX; i++)
		history_print(out, &history, i, 1, false);
	fclose(out);
	assert_string_equal(text, "_##__");
}

/* The columns of the longest line, with a window of that many. */
static size_t longest(int columns, struct stats_report *report)
{
	FILE *out = fmemopen(text, sizeof(text), "w");
	size_t most = 0;

	report->columns = columns;
	stats_print_table(out, report);
	fclose(out);
	for (char *row = strtok(text, "\n"); row; row = strtok(NULL, "\n"))
		if (utf8_columns(row) > most)
			most = utf8_columns(row);
	return most;
}

static void the_table_fills_the_window(void **state)
{
	struct stats_sample now = { .time_ns = 1 };
	struct stats_report report = { .ifname = "veth0",
				       .path = "",
				       .now = &now,
				       .history = &history,
				       .interval_s = 2,
				       .is_utf8 = true };

	(void)state;
	for (int i = 0; i < HISTORY_COLUMNS; i++)
		add(i);
	assert_int_equal(longest(80, &report), 80);
	assert_int_equal(longest(200, &report), 200);
	/* below the row, which the screen then cuts off */
	assert_int_equal(longest(79, &report), 79);
	assert_int_equal(longest(60, &report), 64);
	assert_int_equal(longest(10, &report), 64);
	assert_int_equal(longest(1, &report), 64);
	assert_int_equal(longest(10000, &report), 64 + 2 + HISTORY_COLUMNS);
	/* numbers that leave no room beside them, with any width */
	now.action[XDP_PASS] = (struct datarec){ UINT64_MAX, UINT64_MAX };
	report.rates.period_s = 2;
	report.rates.action[XDP_PASS].packets_per_s = 1.8e19;
	assert_int_equal(longest(80, &report), 80);
}

int run_history_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_known_at_first, begin),
		cmocka_unit_test_setup(levels_are_relative_to_the_largest, begin),
		cmocka_unit_test_setup(little_is_not_nothing, begin),
		cmocka_unit_test_setup(one_value_is_the_largest, begin),
		cmocka_unit_test_setup(only_zeroes_are_the_lowest_level, begin),
		cmocka_unit_test_setup(a_gap_is_blank, begin),
		cmocka_unit_test_setup(a_long_period_takes_its_columns, begin),
		cmocka_unit_test_setup(the_oldest_are_forgotten, begin),
		cmocka_unit_test_setup(each_action_has_its_own, begin),
		cmocka_unit_test_setup(the_table_fills_the_window, begin),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
