/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages to the user, all on stderr and each in one write, so that the lines
 * of two programs do not mix. Control characters, which a name from outside may
 * carry, are shown as '?'. Formats are printf's, without the final newline.
 */
#ifndef LOG_H
#define LOG_H

enum log_level {
	LOG_ERRORS, /* --quiet */
	LOG_NORMAL,
	LOG_VERBOSE, /* --verbose */
};

#define LOG_FORMAT __attribute__((format(printf, 1, 2)))

/* program begins each line; without a call it is empty and the level normal. */
void log_init(const char *program, enum log_level level);
enum log_level log_get_level(void);

/* What failed: "program: ..." */
LOG_FORMAT void log_error(const char *format, ...);
/* What to do about it: "hint: ..." */
LOG_FORMAT void log_hint(const char *format, ...);
/* Worth knowing, not an error; silent with --quiet. */
LOG_FORMAT void log_info(const char *format, ...);

#endif
