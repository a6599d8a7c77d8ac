/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a program cannot be loaded with a PROG_ARRAY that is reused. Nothing is printed.
 */
#ifndef MESSAGES_TAIL_CALLS_H
#define MESSAGES_TAIL_CALLS_H

#include <stdbool.h>

#include "failure.h"

struct load;

/* Add cause and hint if such an array is the cause of err. Returns false if it is not. */
bool message_tail_calls(struct failure *f, const struct load *load, int err);

#endif
