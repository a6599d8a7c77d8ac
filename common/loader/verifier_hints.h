/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What to do about the reasons for which the verifier rejects a program. Functions
 * never print.
 */
#ifndef VERIFIER_HINTS_H
#define VERIFIER_HINTS_H

#include <stdbool.h>

struct verifier_hint {
	const char *text;
	bool depends_on_kernel; /* another version may accept the program */
};

/* The hint for the reason at the end of the log; its text is NULL if none is known. */
struct verifier_hint verifier_hint(const char *log);

#endif
