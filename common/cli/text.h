/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Putting a text together in a buffer of fixed size. What does not fit is cut off;
 * the text always ends with a zero byte.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

struct text {
	char *buffer;
	size_t size;
	size_t used; /* bytes, without the zero byte */
};

/* An empty text in buffer, of size bytes, at least 1. */
struct text text_in(char *buffer, size_t size);

__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

/* The same on a line of its own: a newline comes first where there was text. */
__attribute__((format(printf, 2, 3))) void text_add_line(struct text *text, const char *format,
							 ...);

/* The same after a comma where there was text. */
void text_add_item(struct text *text, const char *item);

/*
 * How many letters to add, remove or change to get from a to b (Levenshtein); of b
 * the first 255 bytes count.
 */
size_t text_distance(const char *a, const char *b);

#endif
