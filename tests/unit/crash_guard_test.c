// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crash_guard.h"
#include "failure.h"
#include "loads.h"
#include "log.h"
#include "unit.h"

static void read_no_memory(void)
{
	void *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)*(volatile char *)page;
}

static void read_beyond_file(void)
{
	void *page = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fileno(tmpfile()), 0);

	(void)*(volatile char *)page;
}

static int recurse(const volatile char *above)
{
	volatile char frame[4096];

	frame[0] = *above;
	return *above < 0 ? 0 : recurse(frame) + frame[0];
}

static void overflow_stack(void)
{
	recurse("");
}

/* Not every CPU faults on a division by zero or has a known invalid instruction. */
static void raise_fpe(void)
{
	raise(SIGFPE);
}

static void raise_ill(void)
{
	raise(SIGILL);
}

static void be_killed(void)
{
	if (!fork()) {
		kill(getppid(), SIGSEGV);
		_exit(0);
	}
	pause();
}

struct ending {
	int status;     /* of wait(2) */
	char text[512]; /* the output: stdout with json, else stderr */
};

/* Run crash() in a process, with log_init() as in xdp_loader, and return how it ends. */
static struct ending run(void (*crash)(void), bool json, bool is_armed)
{
	const struct loader_options opts = { .filename = "\".o", .json = json };
	const struct loads loads = { .opts = &opts };
	const struct load load = { .opts = &opts, .loads = &loads };
	struct ending ending = { 0 };
	ssize_t length, used = 0;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (!fork()) {
		dup2(ends[1], json ? STDOUT_FILENO : STDERR_FILENO);
		close(ends[1]);
		log_init("xdp_loader", LOG_NORMAL);
		crash_guard_arm(&load, "call()");
		if (!is_armed)
			crash_guard_disarm();
		crash();
		_exit(0);
	}
	close(ends[1]);
	while ((length = read(ends[0], ending.text + used, sizeof(ending.text) - 1 - used)) > 0)
		used += length;
	close(ends[0]);
	assert_true(wait(&ending.status) > 0);
	return ending;
}

static const struct {
	void (*crash)(void);
	const char *name;
	int signal;
} crashes[] = {
	{ read_no_memory, "SIGSEGV", SIGSEGV }, { read_beyond_file, "SIGBUS", SIGBUS },
	{ overflow_stack, "SIGSEGV", SIGSEGV }, { abort, "SIGABRT", SIGABRT },
	{ raise_fpe, "SIGFPE", SIGFPE },        { raise_ill, "SIGILL", SIGILL },
};

#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

static void crash_becomes_failure(void **state)
{
	struct ending ending;
	char expected[256];

	(void)state;
	for (size_t i = 0; i < CRASHES; i++) {
		ending = run(crashes[i].crash, false, true);
		assert_true(WIFEXITED(ending.status));
		assert_int_equal(WEXITSTATUS(ending.status), EXIT_OBJECT);
		snprintf(expected, sizeof(expected),
			 "xdp_loader: cannot load \".o: libbpf crashed on it: %s in call()\nhint: ",
			 crashes[i].name);
		assert_memory_equal(ending.text, expected, strlen(expected));
		assert_ptr_equal(strrchr(ending.text, '\n') + 1, strchr(ending.text, '\0'));
	}
}

static void crash_becomes_json(void **state)
{
	const struct ending ending = run(abort, true, true);
	const char begin[] = "{\"error\":\"cannot load \\\".o\",\"cause\":\"libbpf crashed on "
			     "it: SIGABRT in call()\",\"hint\":\"";

	(void)state;
	assert_int_equal(WEXITSTATUS(ending.status), EXIT_OBJECT);
	assert_memory_equal(ending.text, begin, strlen(begin));
	assert_non_null(strstr(ending.text, "\",\"exit_code\":40}\n"));
}

static void disarmed_guard_lets_signals_kill(void **state)
{
	struct ending ending;

	(void)state;
	for (size_t i = 0; i < CRASHES; i++) {
		ending = run(crashes[i].crash, false, false);
		assert_true(WIFSIGNALED(ending.status));
		assert_int_equal(WTERMSIG(ending.status), crashes[i].signal);
	}
}

static void signal_of_another_process_kills(void **state)
{
	const struct ending ending = run(be_killed, false, true);

	(void)state;
	assert_true(WIFSIGNALED(ending.status));
	assert_int_equal(WTERMSIG(ending.status), SIGSEGV);
	assert_string_equal(ending.text, "");
}

int run_crash_guard_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crash_becomes_failure),
		cmocka_unit_test(crash_becomes_json),
		cmocka_unit_test(disarmed_guard_lets_signals_kill),
		cmocka_unit_test(signal_of_another_process_kills),
	};

	return cmocka_run_group_tests_name("crash_guard", tests, NULL, NULL);
}
