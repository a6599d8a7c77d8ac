/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The groups of unit tests; each returns the number of tests that failed.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

int run_attach_tests(void);
int run_cpus_tests(void);
int run_crash_guard_tests(void);
int run_history_tests(void);
int run_messages_tests(void);
int run_options_tests(void);
int run_paths_tests(void);
int run_shell_tests(void);
int run_stats_tests(void);
int run_watch_tests(void);

#endif
