/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --explain: print each step to stderr when it is done. Before explain_on(), nothing is
 * printed and no system call is made.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>

void explain_on(void);
bool explain_is_on(void);

/*
 * Print one step with its number: what was done, the calls that did it, and the command
 * that does the same by hand. by_hand is NULL if there is no such command.
 */
void explain_step(const char *what, const char *calls, const char *by_hand);

/*
 * Buffer the output until explain_flush(): while the program holds a lock, it must not
 * block on a terminal or a pipe.
 */
void explain_hold(void);
void explain_flush(void);

#endif
