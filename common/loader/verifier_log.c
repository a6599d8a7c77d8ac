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

static bool is_instruction(const char *line)
{
	return isdigit((unsigned char)*line);
}

/* The value of a register: "R1=ctx() R10=fp0" */
static bool is_state(const char *line)
{
	return *line == 'R' && strchr(line, '=') && strchr(line, '=') < strchrnul(line, ' ');
}

/* Is the line part of the trace (an instruction, registers, a branch), not a reason? */
static bool is_trace(const char *line)
{
	static const char *const begins[] = {
		"from ",   "func#",   "Func#",     "Validating ", "caller:",
		"callee:", "return",  "to caller", "safe",        "last_idx ",
		"regs=",   "parent ", "mark_prec", "propagating", " ",
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (!strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return is_instruction(line) || is_state(line);
}

/*
 * What the verifier finds before it has ended the line of an instruction: "3: (56) if w0 !=
 * 0x7 goto pc-3 BPF program is too large. Processed 1000001 insn". NULL if there is nothing.
 */
static const char *reason_in_line(const char *line)
{
	static const char *const begins[] = {
		"BPF program is too large",
		"infinite loop detected",
		"The sequence of ",
	};
	const size_t length = strcspn(line, "\n");

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		const char *found = memmem(line, length, begins[i], strlen(begins[i]));

		if (found)
			return found;
	}
	return NULL;
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

const char *verifier_next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

struct verifier_end verifier_end(const char *log)
{
	struct verifier_end end = { 0 };

	for (const char *line = log; *line; line = verifier_next_line(line)) {
		if (is_statistics(line))
			continue;
		if (!strncmp(line, "; ", 2) && line[2] && line[2] != '\n') {
			end.source = line;
		} else if (is_trace(line)) {
			end.reason = reason_in_line(line);
			if (is_instruction(line))
				end.instruction = line;
		} else if (!end.reason) {
			end.reason = line;
		}
	}
	return end;
}

/* Some reasons of the kernel end without a newline before "processed 3 insns (limit ..." */
size_t verifier_line_length(const char *line)
{
	const size_t length = strcspn(line, "\n");
	const char *limit = memmem(line, length, " insns (limit ", 14), *p;

	if (is_statistics(line))
		return 0;
	if (!limit)
		return length;
	for (p = limit; p > line && isdigit((unsigned char)p[-1]);)
		p--;
	return p - line < 10 || strncmp(p - 10, "processed ", 10) ? length
								  : (size_t)(p - 10 - line);
}

void verifier_reason(const char *log, char *buffer, size_t size)
{
	const struct verifier_end end = verifier_end(log);
	struct text text = text_in(buffer, size);

	if (end.source)
		add_source(&text, end.source, strcspn(end.source, "\n"));
	for (const char *line = end.reason; line && *line; line = verifier_next_line(line))
		if (verifier_line_length(line))
			text_add_line(&text, "%.*s", (int)verifier_line_length(line), line);
}
