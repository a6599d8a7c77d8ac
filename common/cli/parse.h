/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Texts from outside into values: all of the text, or nothing. On failure the
 * output is untouched.
 */
#ifndef PARSE_H
#define PARSE_H

#include <stdint.h>

/* The whole of text as a number from 1 to UINT32_MAX. Returns 0 or -EINVAL. */
int parse_u32(const char *text, uint32_t *number);
/* The whole of text as seconds, such as 2, 0.5 or .5. 0 or -EINVAL. */
int parse_seconds(const char *text, uint64_t *nanoseconds);

#endif
