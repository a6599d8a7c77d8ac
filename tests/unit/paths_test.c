// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include "pin_path.h"
#include "unit.h"

static void dots_become_colons_and_back(void **state)
{
	char name[IF_NAMESIZE], ifname[IF_NAMESIZE];

	(void)state;
	pin_dir_name(name, "eth0");
	assert_string_equal(name, "eth0");
	pin_dir_name(name, "eth0.100");
	assert_string_equal(name, "eth0:100");
	pin_dir_name(name, "a.b.c.d.e.f.g.h");
	assert_string_equal(name, "a:b:c:d:e:f:g:h");
	assert_int_equal(pin_dir_ifname(ifname, name), 0);
	assert_string_equal(ifname, "a.b.c.d.e.f.g.h");
	/* libbpf would turn eth0.100 into this name, too */
	pin_dir_name(name, "eth0_100");
	assert_string_equal(name, "eth0_100");
}

static void not_every_directory_is_of_an_interface(void **state)
{
	char ifname[IF_NAMESIZE] = "untouched";

	(void)state;
	assert_int_equal(pin_dir_ifname(ifname, ""), -EINVAL);
	assert_int_equal(pin_dir_ifname(ifname, "maps.debug"), -EINVAL);
	assert_int_equal(pin_dir_ifname(ifname, "xdp_loader:staged:a:1"), -EINVAL);
	assert_string_equal(ifname, "untouched");
}

static void paths_are_whole(void **state)
{
	char path[PIN_PATH_SIZE];

	(void)state;
	pin_path(path, "eth0.100", "xdp_stats_map");
	assert_string_equal(path, "/sys/fs/bpf/eth0:100/xdp_stats_map");
}

int run_paths_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dots_become_colons_and_back),
		cmocka_unit_test(not_every_directory_is_of_an_interface),
		cmocka_unit_test(paths_are_whole),
	};

	return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
