/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Strings of JSON. Functions do not report write errors: see ferror(3).
 */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

/*
 * Write text as a JSON string with its quotes: quotes, backslashes and control
 * characters are escaped, and bytes that are not UTF-8 are replaced by U+FFFD.
 */
void json_print_string(FILE *out, const char *text);

#endif
