/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Convert text from outside to numbers. All of the text must be valid; if it is not,
 * the output is unchanged.
 */
#ifndef PARSE_H
#define PARSE_H

#include <stdint.h>

/* Parse a decimal number from 1 to UINT32_MAX. Returns 0 or -EINVAL. */
int parse_u32(const char *text, uint32_t *number);
/* Parse seconds, such as 2, 0.5 or .5. Returns 0 or -EINVAL. */
int parse_seconds(const char *text, uint64_t *nanoseconds);

#endif
