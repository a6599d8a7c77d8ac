// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include "cpus.h"
#include "unit.h"

static void counts_lists_of_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(cpus_count_list("0\n"), 1);
	assert_int_equal(cpus_count_list("0-1\n"), 2);
	assert_int_equal(cpus_count_list("0-3,8-11\n"), 8);
	assert_int_equal(cpus_count_list("0,2,4-5"), 4);
	assert_int_equal(cpus_count_list("0-8191\n"), 8192);
}

static void refuses_what_is_no_list(void **state)
{
	static const char *const wrong[] = {
		"",     "\n",      "a",   "0-", "-1",   "0,",   "3-1",
		"0,,1", "0-1,1-2", "1,0", "0 ", "0\n1", "0-1x", "0-99999999999999999999"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(cpus_count_list(wrong[i]), -EINVAL);
}

static void knows_this_machine(void **state)
{
	(void)state;
	assert_true(cpus_possible() >= 1);
}

int run_cpus_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_lists_of_the_kernel),
		cmocka_unit_test(refuses_what_is_no_list),
		cmocka_unit_test(knows_this_machine),
	};

	return cmocka_run_group_tests_name("cpus", tests, NULL, NULL);
}
