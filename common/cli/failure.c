// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"
#include "json.h"
#include "log.h"

int failure_set(struct failure *failure, int exit_code, const char *what, ...)
{
	va_list args;

	*failure = (struct failure){ .exit_code = exit_code };
	va_start(args, what);
	vsnprintf(failure->what, sizeof(failure->what), what, args);
	va_end(args);
	return exit_code;
}

void failure_cause(struct failure *failure, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(failure->cause, sizeof(failure->cause), format, args);
	va_end(args);
}

static void add_line(char *lines, size_t size, const char *format, va_list args)
{
	size_t used = strlen(lines);

	if (used && used < size - 1)
		lines[used++] = '\n';
	vsnprintf(lines + used, size - used, format, args);
}

void failure_also(struct failure *failure, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(failure->also, sizeof(failure->also), format, args);
	va_end(args);
}

void failure_hint(struct failure *failure, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_line(failure->hint, sizeof(failure->hint), format, args);
	va_end(args);
}

static void print_lines(const char *lines, void (*print)(const char *format, ...))
{
	const char *next;

	for (const char *line = lines; *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		print("%.*s", (int)length, line);
	}
}

static void print_text(const struct failure *failure)
{
	if (failure->cause[0])
		log_error("%s: %s", failure->what, failure->cause);
	else
		log_error("%s", failure->what);
	print_lines(failure->also, log_error);
	print_lines(failure->hint, log_hint);
}

/* Returns false if the object could not be written. */
static bool print_json(FILE *out, const struct failure *failure)
{
	char cause[sizeof(failure->cause) + sizeof(failure->also)];

	fputs("{\"error\":", out);
	json_print_string(out, failure->what);
	fputs(",\"cause\":", out);
	snprintf(cause, sizeof(cause), "%s%s%s", failure->cause,
		 failure->cause[0] && failure->also[0] ? "\n" : "", failure->also);
	json_print_string(out, cause);
	fputs(",\"hint\":", out);
	json_print_string(out, failure->hint);
	fprintf(out, ",\"exit_code\":%d}\n", failure->exit_code);
	return !fflush(out) && !ferror(out);
}

void failure_write(FILE *out, const struct failure *failure, bool json)
{
	if (json) {
		print_json(out, failure);
		return;
	}
	log_redirect(out);
	print_text(failure);
	log_redirect(NULL);
}

int failure_print(const struct failure *failure, bool json)
{
	if (!failure->exit_code)
		return 0;
	/* if stdout cannot be written, the failure must still be seen */
	if (!json)
		print_text(failure);
	else if (fflush(stdout) || ferror(stdout) || !print_json(stdout, failure))
		print_json(stderr, failure);
	return failure->exit_code;
}
