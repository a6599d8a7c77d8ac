// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "unit.h"

int main(void)
{
	return run_attach_tests() + run_cpus_tests() + run_crash_guard_tests() +
	       run_history_tests() + run_messages_tests() + run_options_tests() +
	       run_paths_tests() + run_shell_tests() + run_stats_tests() + run_watch_tests();
}
