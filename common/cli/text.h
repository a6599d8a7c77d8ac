/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Build a text in a buffer of fixed size. Text that does not fit is cut off; there is
 * always a final zero byte. The caller owns the buffer.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	char *buffer;
	size_t size;
	size_t used; /* bytes, without the zero byte */
};

/* Begin an empty text in buffer; size is in bytes, at least 1. */
struct text text_in(char *buffer, size_t size);

__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

/* The same on a new line: if the text is not empty, a newline comes first. */
__attribute__((format(printf, 2, 3))) void text_add_line(struct text *text, const char *format,
							 ...);

/* Add item to a list: if the text is not empty, ", " comes first. */
void text_add_item(struct text *text, const char *item);

/*
 * How many bytes to add, remove or change to turn a into b (Levenshtein distance). Only
 * the first 255 bytes of b count.
 */
size_t text_distance(const char *a, const char *b);

/*
 * Is candidate nearer to name than *least, so that it may be what was meant? *least is then
 * their distance; begin with text_far(name).
 */
bool text_is_nearer(const char *name, const char *candidate, size_t *least);
size_t text_far(const char *name);

#endif
