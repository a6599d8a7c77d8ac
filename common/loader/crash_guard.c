// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crash_guard.h"
#include "failure.h"
#include "loads.h"
#include "messages_load.h"
#include "state_dir.h"

#define STACK_SIZE 65536 /* bytes: the saved registers of some CPUs are 12 KB */
#define TEXT_SIZE                                                                                  \
	8192 /* bytes: "what" of a failure as JSON, up to six bytes per byte, and the rest */

static const struct {
	int number;
	const char *name;
} crashes[] = {
	{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" }, { SIGFPE, "SIGFPE" },
	{ SIGABRT, "SIGABRT" }, { SIGILL, "SIGILL" },
};

#define CRASHES (sizeof(crashes) / sizeof(crashes[0]))

/* Static data for the handler: the heap may be damaged and the stack full. */
static char texts[CRASHES][TEXT_SIZE];
static struct state_dir locks[INTERFACES_MAX];
static size_t lock_count;
static int output, other_output;
static volatile sig_atomic_t is_armed;

static bool write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t length = write(fd, text, left);

		if (length <= 0)
			return false;
		text += length;
		left -= length;
	}
	return true;
}

/* A signal of the kernel (a fault) or of this process (abort()), not one of kill(1). */
static bool is_own(const siginfo_t *info)
{
	return info->si_code > 0 || (info->si_code == SI_TKILL && info->si_pid == getpid());
}

/* Calls only functions that are safe in a signal handler. */
static void on_crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (!is_armed || !is_own(info)) {
		signal(number, SIG_DFL);
		raise(number); /* takes effect when this function returns */
		return;
	}
	is_armed = false;
	for (size_t i = 0; i < CRASHES; i++)
		if (crashes[i].number == number && !write_all(output, texts[i]))
			write_all(other_output, texts[i]);
	for (size_t i = lock_count; i; i--)
		state_dir_unlock(&locks[i - 1]);
	_exit(EXIT_OBJECT);
}

static void install(void)
{
	static char stack[STACK_SIZE];
	static bool is_installed;
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO };

	if (is_installed)
		return;
	is_installed = true;
	sigemptyset(&action.sa_mask);
	sigaltstack(&alternate, NULL); /* works also after a stack overflow */
	for (size_t i = 0; i < CRASHES; i++)
		sigaction(crashes[i].number, &action, NULL);
}

static bool prepare(char text[TEXT_SIZE], const struct failure *failure, bool json)
{
	FILE *out = fmemopen(text, TEXT_SIZE, "w");

	if (!out)
		return false;
	failure_write(out, failure, json);
	return !fclose(out);
}

void crash_guard_arm(const struct load *load, const char *call)
{
	const bool json = load->opts->json;
	struct failure failure;

	for (size_t i = 0; i < CRASHES; i++) {
		message_crash(&failure, load->opts->filename, call, crashes[i].name);
		if (!prepare(texts[i], &failure, json))
			return;
	}
	lock_count = load->loads->count;
	for (size_t i = 0; i < lock_count; i++)
		locks[i] = load->loads->each[i].state;
	output = json ? STDOUT_FILENO : STDERR_FILENO;
	other_output = json ? STDERR_FILENO : STDOUT_FILENO;
	install();
	is_armed = true;
}

void crash_guard_disarm(void)
{
	is_armed = false;
}
