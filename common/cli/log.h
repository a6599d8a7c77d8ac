/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages to the user, on stderr. Each message is one write, so that the lines of two
 * programs do not mix. Control characters, which names from outside can contain, are
 * printed as '?'. Formats are those of printf(), without the final newline. errno is
 * unchanged.
 */
#ifndef LOG_H
#define LOG_H

#include <stdio.h>

enum log_level {
	LOG_ERRORS, /* --quiet */
	LOG_NORMAL,
	LOG_VERBOSE, /* --verbose */
};

#define LOG_FORMAT __attribute__((format(printf, 1, 2)))

/* Each line begins with program, which the caller keeps. Default: no name, LOG_NORMAL. */
void log_init(const char *program, enum log_level level);
enum log_level log_get_level(void);

/* What comes after this goes to out, for a text that is kept; NULL: to stderr again. */
void log_redirect(FILE *out);

/* What failed: "program: ..." */
LOG_FORMAT void log_error(const char *format, ...);
/* What to do about it: "hint: ..." */
LOG_FORMAT void log_hint(const char *format, ...);
/* Information, not an error: not printed with --quiet. */
LOG_FORMAT void log_info(const char *format, ...);

#endif
