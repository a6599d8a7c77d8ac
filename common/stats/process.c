// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process.h"

#define BUFFER_SIZE PIPE_BUF /* a pipe takes as much whole, or not at all */
#define REPORT_MAX  1024     /* bytes, of any one report */

static void end_quietly(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

/* What was ignored when we started, as nohup and a shell's & do it, stays ignored. */
static void end_at(int number)
{
	struct sigaction action;

	if (!sigaction(number, NULL, &action) && action.sa_handler != SIG_IGN)
		signal(number, end_quietly);
}

/* One descriptor an interface. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

void process_prepare(bool is_for_people)
{
	static char buffer[BUFFER_SIZE];

	raise_descriptor_limit();
	signal(SIGPIPE, SIG_IGN);
	end_at(SIGINT);
	end_at(SIGTERM);
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (is_for_people && isatty(STDOUT_FILENO))
		setlocale(LC_NUMERIC, "");
}

int process_flush(void)
{
	return fflush(stdout) || ferror(stdout) ? -errno : 0;
}

bool process_is_buffer_full(void)
{
	return __fpending(stdout) > BUFFER_SIZE - REPORT_MAX;
}
