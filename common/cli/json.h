/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one part of writing JSON that is easy to get wrong.
 */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

/*
 * Write text as a JSON string with its quotes: quotes, backslashes and control
 * characters escaped, and bytes that are no UTF-8 replaced by U+FFFD.
 */
void json_print_string(FILE *out, const char *text);

#endif
