/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the warnings of libbpf about an object mean, and what to do. Functions never
 * print.
 */
#ifndef LIBBPF_HINTS_H
#define LIBBPF_HINTS_H

#include <stdbool.h>

#include "failure.h"

/* Fill in cause and hint. False if the warning is not a known one; nothing is changed. */
bool libbpf_explain(struct failure *failure, const char *warning);

#endif
