// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "verifier_log.h"

#define LAST_WORDS 6 /* lines */

static bool is_statistics(const char *line)
{
	return !strncmp(line, "processed ", 10) || !strncmp(line, "stack depth", 11) ||
	       !strncmp(line, "verification time", 17) || *line == '\n' || *line == '\0';
}

/* The start of the line before p. */
static const char *line_before(const char *log, const char *p)
{
	if (p > log)
		p--;
	while (p > log && p[-1] != '\n')
		p--;
	return p;
}

void verifier_last_words(const char *log, char *text, size_t size)
{
	const char *end = log + strlen(log), *begin;

	while (end > log && is_statistics(line_before(log, end)))
		end = line_before(log, end);
	begin = end;
	for (int i = 0; i < LAST_WORDS && begin > log; i++)
		begin = line_before(log, begin);
	while (end > begin && end[-1] == '\n')
		end--;
	snprintf(text, size, "%.*s", (int)(end - begin), begin);
}

/* Is the line part of the trace (an instruction, registers, a branch), not a reason? */
static bool is_trace(const char *line)
{
	return isdigit((unsigned char)*line) || !strncmp(line, "from ", 5) ||
	       !strncmp(line, "func#", 5) ||
	       (*line == 'R' && strchr(line, '=') && strchr(line, '=') < strchrnul(line, ' '));
}

/* "; return data[0]; @ prog.c:11" becomes "prog.c:11: return data[0];" */
static void add_source(struct text *text, const char *line, size_t length)
{
	const char *at = memmem(line, length, " @ ", 3);

	line += 2; /* "; " */
	length -= 2;
	if (!at) /* kernels before 6.9 do not log file and line */
		text_add_line(text, "at: %.*s", (int)length, line);
	else
		text_add_line(text, "%.*s: %.*s", (int)(line + length - at - 3), at + 3,
			      (int)(at - line), line);
}

void verifier_reason(const char *log, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	const char *source = NULL, *reason = NULL, *next;
	size_t source_length = 0;

	for (const char *line = log; *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		if (is_statistics(line))
			continue;
		if (length > 2 && !strncmp(line, "; ", 2)) {
			source = line;
			source_length = length;
		} else if (is_trace(line)) {
			reason = NULL;
		} else if (!reason) {
			reason = line;
		}
	}
	if (source)
		add_source(&text, source, source_length);
	for (const char *line = reason; line && *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		if (!is_statistics(line))
			text_add_line(&text, "%.*s", (int)length, line);
	}
}
