// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include "interface.h"
#include "parse.h"
#include "unit.h"

static void numbers_are_taken_whole(void **state)
{
	static const char *const wrong[] = { "",    "0",   "-1",         "+1",
					     "1x",  " 1",  "1 ",         "0x1",
					     "1.0", "1e3", "4294967296", "99999999999999999999" };
	uint32_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse_u32(wrong[i], &number), -EINVAL);
	assert_int_equal(number, 7);
	assert_int_equal(parse_u32("4294967295", &number), 0);
	assert_int_equal(number, UINT32_MAX);
	assert_int_equal(parse_u32("0012", &number), 0);
	assert_int_equal(number, 12);
}

static void seconds_have_fractions(void **state)
{
	static const char *const wrong[] = { "",
					     "-1s",
					     "1s",
					     "nan",
					     "inf",
					     "1e9",
					     ".",
					     "0x1",
					     "-1",
					     " 1",
					     "1,5",
					     "1.5.",
					     "1.-5",
					     "+1",
					     "1 ",
					     "4294967296",
					     "99999999999999999999999" };
	uint64_t ns = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse_seconds(wrong[i], &ns), -EINVAL);
	assert_int_equal(ns, 7);
	assert_int_equal(parse_seconds("2", &ns), 0);
	assert_int_equal(ns, 2000000000);
	assert_int_equal(parse_seconds("0.01", &ns), 0);
	assert_int_equal(ns, 10000000);
	assert_int_equal(parse_seconds(".5", &ns), 0);
	assert_int_equal(ns, 500000000);
	assert_int_equal(parse_seconds("1.", &ns), 0);
	assert_int_equal(ns, 1000000000);
	assert_int_equal(parse_seconds("1.0000000019999", &ns), 0);
	assert_int_equal(ns, 1000000001);
}

static void interface_names_are_the_kernels(void **state)
{
	static const char *const right[] = { "a",  "eth0.100", "fifteen-bytes-x", "it's",
					     "-x", "%d",       "a\x1b[31m",       "a\x7f" };
	static const char *const wrong[] = { "",
					     ".",
					     "..",
					     "a/b",
					     "a:b",
					     "a b",
					     "a\tb",
					     "a\nb",
					     "a\xa0"
					     "b",
					     "sixteen-bytes-xx" };

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_int_equal(interface_check_name(right[i]), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(interface_check_name(wrong[i]), -EINVAL);
}

int run_options_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_taken_whole),
		cmocka_unit_test(seconds_have_fractions),
		cmocka_unit_test(interface_names_are_the_kernels),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
