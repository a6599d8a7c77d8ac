/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What matters of the verifier's log, which is mostly a trace of what it has tried.
 */
#ifndef VERIFIER_LOG_H
#define VERIFIER_LOG_H

#include <stddef.h>

/*
 * Why a verifier's log says no: "FILE:LINE: SOURCE" where it carries that, and
 * the lines after the last instruction. Empty when it says nothing of the kind.
 */
void verifier_reason(const char *log, char *text, size_t size);

/* The last lines of a verifier's log, without its statistics. */
void verifier_last_words(const char *log, char *text, size_t size);

#endif
