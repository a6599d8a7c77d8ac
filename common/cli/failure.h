/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a program ends without having done what it was asked: a value that is filled
 * in where it is understood, and that main() prints once, as text or as JSON.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>

/* The exit codes of both programs, besides EXIT_SUCCESS and EXIT_FAILURE. */
#define EXIT_USAGE  2  /* wrong options */
#define EXIT_ATTACH 30 /* attach or detach failed */
#define EXIT_OBJECT 40 /* BPF object, map or pin failed */

struct failure {
	int exit_code;    /* 0: nothing has failed */
	char what[1024];  /* what was tried: "cannot attach to eth0" */
	char cause[2048]; /* why it failed, first in the kernel's words; may be empty */
	char also[512];   /* what else the user has to know now, a line each; may be empty */
	char hint[1024];  /* what to do, a line each; may be empty */
};

/* Each returns exit_code, so that a caller can pass it on. */
__attribute__((format(printf, 3, 4))) int failure_set(struct failure *failure, int exit_code,
						      const char *what, ...);
__attribute__((format(printf, 2, 3))) void failure_cause(struct failure *failure,
							 const char *format, ...);
/* One more line each of what else is so, and of advice. */
__attribute__((format(printf, 2, 3))) void failure_also(struct failure *failure, const char *format,
							...);
__attribute__((format(printf, 2, 3))) void failure_hint(struct failure *failure, const char *format,
							...);

/*
 * Print it: "program: WHAT: CAUSE", and a line for each thing in also and hint, to
 * stderr; or with json one object on stdout, with the keys error, cause (also in it),
 * hint and exit_code. Prints nothing while exit_code is 0. Returns exit_code.
 */
int failure_print(const struct failure *failure, bool json);

#endif
