/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Values of constants as text, by their type in BTF: integers (decimal, 0x hexadecimal, 0
 * octal), bool, enums by name or number, char arrays as text, and addresses in arrays of
 * bytes in network order: a.b.c.d in 4, IPv6 in 16, aa:bb:cc:dd:ee:ff in 6. The types
 * __be16, __be32 and __be64 are stored in network order, too; __be32 is also written as
 * a.b.c.d. Functions never print.
 */
#ifndef CONSTANT_VALUE_H
#define CONSTANT_VALUE_H

#include <stdbool.h>

#include "constants.h"

/* The type in C, such as "__u16", "char[8]" or "struct config". */
void constant_type_name(const struct constant *constant, struct text *text);

/*
 * Store the value. Returns 0, or -EINVAL if the text is no value of the type: why then
 * says which values are, such as "__u16: 0 to 65535".
 */
int constant_value_parse(const struct constant *constant, const char *value, struct text *why);

/* The value as constant_value_parse() reads it; is_text: it is no number in JSON. */
void constant_value_format(const struct constant *constant, struct text *text, bool *is_text);

#endif
