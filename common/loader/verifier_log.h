/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The important lines of the log of the verifier, most of which is a trace. Functions
 * never print. Texts that do not fit are cut off.
 */
#ifndef VERIFIER_LOG_H
#define VERIFIER_LOG_H

#include <stddef.h>

/* Where in the log the verifier says why it ends: NULL, or the beginning of a line. */
struct verifier_end {
	const char *source;      /* "; SOURCE @ FILE:LINE" */
	const char *instruction; /* the last instruction of the trace */
	const char *reason;      /* what follows the trace, up to the statistics */
};

struct verifier_end verifier_end(const char *log);

const char *verifier_next_line(const char *line);

/* The length of a line of the reason, without statistics; 0 if it belongs to these. */
size_t verifier_line_length(const char *line);

/*
 * Why the program is rejected: "FILE:LINE: SOURCE", if the log has it, and the lines
 * after the last instruction. "" if there is no reason in the log.
 */
void verifier_reason(const char *log, char *text, size_t size);

/* The last lines of the log, without the statistics. */
void verifier_last_words(const char *log, char *text, size_t size);

#endif
