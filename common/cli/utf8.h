/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Find characters of UTF-8 in a string of bytes.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* The length in bytes of the UTF-8 sequence at s, or 0 if it is not valid. */
size_t utf8_length(const unsigned char *s);

/* How many characters there are in a valid text: its columns in a terminal, unless some are wide.
 */
size_t utf8_columns(const char *text);

#endif
