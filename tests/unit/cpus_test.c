// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "cpus.h"
#include "records.h"
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
	assert_true(cpus_limit() >= cpus_possible());
	assert_int_equal(cpus_limit() % 64, 0);
}

/* What the kernel does in a look-up: it writes count records, none of them the mark. */
static void write_records(struct records *records, size_t count)
{
	memset(records->record, 0, count * sizeof(*records->record));
}

static void records_show_where_the_kernel_stopped(void **state)
{
	struct records records;

	(void)state;
	assert_int_equal(records_alloc(&records), 0);
	for (size_t cpus = 1; cpus <= records.limit; cpus = cpus * 2 + 1) {
		records_mark(&records, cpus);
		assert_false(records_fit(&records, cpus)); /* nothing was written */
		write_records(&records, XDP_ACTION_MAX * cpus);
		assert_true(records_fit(&records, cpus));
		records_mark(&records, cpus);
		write_records(&records, XDP_ACTION_MAX * cpus - 1);
		assert_false(records_fit(&records, cpus));
		records_mark(&records, cpus);
		write_records(&records, XDP_ACTION_MAX * cpus + 1);
		assert_false(records_fit(&records, cpus));
	}
	/* also with the largest number of CPUs */
	records_mark(&records, records.limit);
	write_records(&records, XDP_ACTION_MAX * records.limit);
	assert_true(records_fit(&records, records.limit));
	/* an unknown number of CPUs never fits */
	records_mark(&records, 0);
	assert_false(records_fit(&records, 0));
	write_records(&records, 10);
	assert_false(records_fit(&records, 0));
	records_free(&records);
}

static void records_are_counted_and_added_up(void **state)
{
	struct datarec sum[XDP_ACTION_MAX];
	struct records records;

	(void)state;
	assert_int_equal(records_alloc(&records), 0);
	records_mark_all(&records);
	assert_int_equal(records_written(&records), 0);
	write_records(&records, 3);
	assert_int_equal(records_written(&records), 3);
	for (size_t i = 0; i < 3 * XDP_ACTION_MAX; i++)
		records.record[i] = (struct datarec){ i, 100 * i };
	records_sum(&records, 3, sum);
	assert_int_equal(sum[XDP_ABORTED].rx_packets, 0 + 1 + 2);
	assert_int_equal(sum[XDP_REDIRECT].rx_packets, 12 + 13 + 14);
	assert_int_equal(sum[XDP_REDIRECT].rx_bytes, 3900);
	records_free(&records);
}

int run_cpus_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_lists_of_the_kernel),
		cmocka_unit_test(refuses_what_is_no_list),
		cmocka_unit_test(knows_this_machine),
		cmocka_unit_test(records_show_where_the_kernel_stopped),
		cmocka_unit_test(records_are_counted_and_added_up),
	};

	return cmocka_run_group_tests_name("cpus", tests, NULL, NULL);
}
