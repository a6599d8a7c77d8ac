// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pin_access.h"
#include "watch.h"
#include "watch_list.h"
#include "unit.h"

/* A watch of a regular file: for stat() it is like a pin. */
static struct watch watch;

static void make(const char *name)
{
	close(open(name, O_CREAT | O_WRONLY, 0600));
}

static int some_fd(void)
{
	return open("/dev/null", O_RDONLY);
}

static int begin(void **state)
{
	(void)state;
	watch_init(&watch, "unit", XDP_STATS_MAP_NAME);
	snprintf(watch.path, sizeof(watch.path), "/tmp/watch.%d", getpid());
	return 0;
}

static int end(void **state)
{
	(void)state;
	watch_close(&watch);
	unlink(watch.path);
	return 0;
}

static void a_pin_comes_goes_and_is_replaced(void **state)
{
	char other[PIN_PATH_SIZE + 8];

	(void)state;
	assert_int_equal(watch_look(&watch), WATCH_SAME); /* does not exist, as before */
	assert_int_equal(watch.err, -ENOENT);
	make(watch.path);
	assert_int_equal(watch_look(&watch), WATCH_CHANGED);
	assert_int_equal(watch_take(&watch, some_fd(), 7, true), WATCH_PINNED);
	assert_int_equal(watch_look(&watch), WATCH_SAME);
	watch.last.time_ns = 1;
	watch.no_batch = true;

	snprintf(other, sizeof(other), "%s.new", watch.path);
	make(other);
	rename(other, watch.path);
	assert_int_equal(watch_look(&watch), WATCH_CHANGED);
	assert_int_equal(watch_take(&watch, some_fd(), 8, true), WATCH_REPLACED);
	assert_int_equal(watch.previous_map_id, 7);
	assert_int_equal(watch.map_id, 8);
	assert_int_equal(watch.last.time_ns, 0);
	assert_false(watch.no_batch);

	unlink(watch.path);
	assert_int_equal(watch_look(&watch), WATCH_UNPINNED);
	assert_int_equal(watch.previous_map_id, 8);
	assert_int_equal(watch_look(&watch), WATCH_SAME);
	assert_int_equal(watch.fd, -1);
}

static void the_same_map_pinned_anew_goes_on(void **state)
{
	char other[PIN_PATH_SIZE + 8];
	int fd;

	(void)state;
	make(watch.path);
	watch_look(&watch);
	watch_take(&watch, fd = some_fd(), 7, true);
	watch.last.time_ns = 1;
	snprintf(other, sizeof(other), "%s.new", watch.path);
	make(other);
	rename(other, watch.path);
	assert_int_equal(watch_look(&watch), WATCH_CHANGED);
	assert_int_equal(watch_take(&watch, some_fd(), 7, true), WATCH_SAME);
	assert_int_equal(watch.fd, fd);
	assert_int_equal(watch.last.time_ns, 1);
	assert_int_equal(watch_look(&watch), WATCH_SAME);
}

static void a_refusal_is_told_once_and_again_when_it_is_another(void **state)
{
	(void)state;
	make(watch.path);
	assert_int_equal(watch_look(&watch), WATCH_CHANGED);
	assert_int_equal(watch_refuse(&watch, -EACCES), WATCH_REFUSED);
	assert_int_equal(watch_look(&watch), WATCH_CHANGED); /* its mode may have changed */
	assert_int_equal(watch_refuse(&watch, -EACCES), WATCH_SAME);
	assert_int_equal(watch_refuse(&watch, -EPROTO), WATCH_REFUSED);
	assert_int_equal(watch.err, -EPROTO);
	assert_int_equal(watch_take(&watch, some_fd(), 9, false), WATCH_PINNED);
	assert_int_equal(watch_refuse(&watch, -EPROTO), WATCH_REFUSED);
	assert_int_equal(watch.fd, -1);
	/* unpinned between watch_look() and the open */
	watch_take(&watch, some_fd(), 9, false);
	assert_int_equal(watch_refuse(&watch, -ENOENT), WATCH_UNPINNED);
}

static void a_list_is_sorted_and_names_are_there_once(void **state)
{
	static const char *const names[] = { "b", "a", "c", "b", "a" };
	struct watch_list list = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(watch_list_add(&list, names[i]), 0);
	watch_list_sort(&list);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.watches[0].ifname, "a");
	assert_string_equal(list.watches[1].ifname, "b");
	assert_string_equal(list.watches[2].ifname, "c");
	watch_list_free(&list);
	watch_list_sort(&list);
	assert_int_equal(list.count, 0);
}

static void old_kernels_open_pins_for_cap_bpf_alone(void **state)
{
	(void)state;
	assert_true(pin_access_takes_capability("5.10.0-36-amd64", 2));
	assert_true(pin_access_takes_capability("5.4.0", 1));
	assert_false(pin_access_takes_capability("5.10.0", 0));
	assert_false(pin_access_takes_capability("5.10.0", -ENOENT));
	assert_false(pin_access_takes_capability("6.1.0-40-amd64", 2));
	assert_false(pin_access_takes_capability("10.0", 2));
	assert_false(pin_access_takes_capability("unknown", 2));
}

int run_watch_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pin_comes_goes_and_is_replaced, begin, end),
		cmocka_unit_test_setup_teardown(the_same_map_pinned_anew_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(a_refusal_is_told_once_and_again_when_it_is_another,
						begin, end),
		cmocka_unit_test(a_list_is_sorted_and_names_are_there_once),
		cmocka_unit_test(old_kernels_open_pins_for_cap_bpf_alone),
	};

	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
