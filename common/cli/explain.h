/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * --explain: telling a learner each step when it has been done. Silent, and
 * without any system call, until it is turned on.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>

void explain_on(void);

/* From here on, word in a command to do by hand stands for value: "IFNAME", "eth0". */
void explain_word(const char *word, const char *value);

/*
 * One step, numbered, on stderr: what was done, by which call, and how to do the
 * same by hand, NULL where there is no such command.
 */
__attribute__((format(printf, 3, 4))) void explain(const char *call, const char *by_hand,
						   const char *format, ...);

/*
 * The same for a step whose texts are complete; by_hand is NULL where there is no such
 * command.
 */
void explain_step(const char *what, const char *calls, const char *by_hand);
bool explain_is_on(void);

#endif
