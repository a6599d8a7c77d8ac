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

/* What failed and why: "program: WHAT: CAUSE", where the format makes WHAT. */
__attribute__((format(printf, 2, 3))) void log_failure(const char *cause, const char *format, ...);
/* The same where what failed says it all. */
LOG_FORMAT void log_error(const char *format, ...);
/* What to do about the failure before it: "hint: ..." */
LOG_FORMAT void log_hint(const char *format, ...);
/* Worth knowing, not an error; silent with --quiet. */
LOG_FORMAT void log_info(const char *format, ...);
/* For those who asked for --verbose. */
LOG_FORMAT void log_debug(const char *format, ...);

/*
 * For programs that read: from here on failures and hints are kept, and
 * log_finish() prints them to stdout as one JSON object with the keys error,
 * cause, hint and exit_code. What is worth knowing still goes to stderr.
 */
void log_use_json(void);
/* Print that object, if JSON is used and exit_code is not 0. */
void log_finish(int exit_code);

#endif
