// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "visible.h"

static const char *program = "";
static enum log_level level = LOG_NORMAL;
static FILE *stream; /* NULL: stderr */

void log_init(const char *name, enum log_level wanted)
{
	program = name;
	level = wanted;
}

enum log_level log_get_level(void)
{
	return level;
}

void log_redirect(FILE *out)
{
	stream = out;
}

static void print_line(const char *prefix, const char *format, va_list args)
{
	int saved_errno = errno;
	char *text = NULL;

	if (vasprintf(&text, format, args) >= 0) {
		visible_lines(text);
		fprintf(stream ?: stderr, "%s: %s\n", prefix, text);
		free(text);
	}
	errno = saved_errno;
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(program, format, args);
	va_end(args);
}

void log_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("hint", format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	if (level < LOG_NORMAL)
		return;
	va_start(args, format);
	print_line(program, format, args);
	va_end(args);
}
