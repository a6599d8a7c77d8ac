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

void failure_hint(struct failure *failure, const char *format, ...)
{
	size_t used = strlen(failure->hint);
	va_list args;

	if (used && used < sizeof(failure->hint) - 1)
		failure->hint[used++] = '\n';
	va_start(args, format);
	vsnprintf(failure->hint + used, sizeof(failure->hint) - used, format, args);
	va_end(args);
}

static void print_text(const struct failure *failure)
{
	const char *next;

	if (failure->cause[0])
		log_error("%s: %s", failure->what, failure->cause);
	else
		log_error("%s", failure->what);
	for (const char *line = failure->hint; *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		log_hint("%.*s", (int)length, line);
	}
}

static void print_json(const struct failure *failure)
{
	/* where stdout takes nothing any more, it is better told there than not at all */
	FILE *out = fflush(stdout) || ferror(stdout) ? stderr : stdout;

	fputs("{\"error\":", out);
	json_print_string(out, failure->what);
	fputs(",\"cause\":", out);
	json_print_string(out, failure->cause);
	fputs(",\"hint\":", out);
	json_print_string(out, failure->hint);
	fprintf(out, ",\"exit_code\":%d}\n", failure->exit_code);
	fflush(out);
}

int failure_print(const struct failure *failure, bool json)
{
	if (failure->exit_code)
		(json ? print_json : print_text)(failure);
	return failure->exit_code;
}
