// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "text.h"

static const char *program = "";
static enum log_level level = LOG_NORMAL;

/* What log_finish() is to print. */
static bool use_json;
static struct text failure, cause, hint;

void log_init(const char *name, enum log_level wanted)
{
	program = name;
	level = wanted;
}

enum log_level log_get_level(void)
{
	return level;
}

static void mask_controls(char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			*text = '?';
	}
}

static void print_line(const char *prefix, const char *format, va_list args)
{
	int saved_errno = errno;
	char *text = NULL;

	if (vasprintf(&text, format, args) >= 0) {
		mask_controls(text);
		fprintf(stderr, "%s: %s\n", prefix, text);
		free(text);
	}
	errno = saved_errno;
}

/* kept: where the line goes with JSON, NULL for stderr all the same. */
static void emit(enum log_level lowest, const char *prefix, struct text *kept, const char *format,
		 va_list args)
{
	char line[2048];

	if (level < lowest)
		return;
	if (!use_json || !kept) {
		print_line(prefix, format, args);
		return;
	}
	vsnprintf(line, sizeof(line), format, args);
	text_add_line(kept, "%s", line);
}

/* Of several errors the first one is what failed, the others belong to its cause. */
#define DEFINE_LOG(name, ...)                                                                      \
	void name(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, format);                                                            \
		emit(__VA_ARGS__, format, args);                                                   \
		va_end(args);                                                                      \
	}

DEFINE_LOG(log_error, LOG_ERRORS, program, failure.used ? &cause : &failure)
DEFINE_LOG(log_hint, LOG_ERRORS, "hint", &hint)
DEFINE_LOG(log_info, LOG_NORMAL, program, NULL)
DEFINE_LOG(log_debug, LOG_VERBOSE, program, NULL)

void log_failure(const char *why, const char *format, ...)
{
	char what[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (!use_json) {
		log_error("%s: %s", what, why);
		return;
	}
	log_error("%s", what);
	text_add_line(&cause, "%s", why);
}

void log_use_json(void)
{
	static char buffers[3][4096];

	failure = text_in(buffers[0], sizeof(buffers[0]));
	cause = text_in(buffers[1], sizeof(buffers[1]));
	hint = text_in(buffers[2], sizeof(buffers[2]));
	use_json = true;
}

void log_finish(int exit_code)
{
	/* where stdout takes nothing any more, it is better told there than not at all */
	FILE *out = fflush(stdout) || ferror(stdout) ? stderr : stdout;

	if (!use_json || !exit_code)
		return;
	fputs("{\"error\":", out);
	json_print_string(out, failure.buffer);
	fputs(",\"cause\":", out);
	json_print_string(out, cause.buffer);
	fputs(",\"hint\":", out);
	json_print_string(out, hint.buffer);
	fprintf(out, ",\"exit_code\":%d}\n", exit_code);
	fflush(out);
}
