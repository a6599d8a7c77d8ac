/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --explain: telling a learner each step when it is done, on stderr. Silent, and without
 * any system call, until it is turned on.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>

void explain_on(void);
bool explain_is_on(void);

/*
 * One step, numbered: what was done, by which calls, and the command that does the same
 * by hand, NULL where there is none.
 */
void explain_step(const char *what, const char *calls, const char *by_hand);

#endif
