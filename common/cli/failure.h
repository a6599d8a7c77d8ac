/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a program fails: a value that is filled in where the cause is known, and that
 * main() prints once, as text or as JSON. Texts that do not fit are cut off.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <stdio.h>

/* The exit codes of both programs, besides EXIT_SUCCESS and EXIT_FAILURE. */
#define EXIT_USAGE  2  /* wrong options */
#define EXIT_ATTACH 30 /* attach or detach failed */
#define EXIT_OBJECT 40 /* BPF object, map or pin failed */

struct failure {
	int exit_code;    /* 0: nothing has failed */
	char what[1024];  /* what failed: "cannot attach to eth0" */
	char cause[2048]; /* why, first in the words of the kernel; may be empty */
	char also[512];   /* other facts that the user must know, one per line; may be empty */
	char hint[1024];  /* what to do, one per line; may be empty */
};

/*
 * Clear *failure and set exit_code and what. Returns exit_code, so that a caller can
 * return it.
 */
__attribute__((format(printf, 3, 4))) int failure_set(struct failure *failure, int exit_code,
						      const char *what, ...);
__attribute__((format(printf, 2, 3))) void failure_cause(struct failure *failure,
							 const char *format, ...);
/* Add one line to also or to hint. */
__attribute__((format(printf, 2, 3))) void failure_also(struct failure *failure, const char *format,
							...);
__attribute__((format(printf, 2, 3))) void failure_hint(struct failure *failure, const char *format,
							...);

/*
 * Print the failure. As text: "program: WHAT: CAUSE" and the lines of also and hint, on
 * stderr. As JSON: one object with the keys error, cause (which includes also), hint
 * and exit_code, on stdout, or on stderr if stdout cannot be written. Prints nothing if
 * exit_code is 0. Returns exit_code.
 */
int failure_print(const struct failure *failure, bool json);

/* The same into a stream, whatever the exit code. */
void failure_write(FILE *out, const struct failure *failure, bool json);

#endif
