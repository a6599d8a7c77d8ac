// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define TEXT_COMPARED 255

struct text text_in(char *buffer, size_t size)
{
	*buffer = '\0';
	return (struct text){ .buffer = buffer, .size = size };
}

static void add(struct text *text, const char *format, va_list args)
{
	size_t left = text->size - text->used;
	int length = vsnprintf(text->buffer + text->used, left, format, args);

	if (length > 0)
		text->used += (size_t)length < left ? (size_t)length : left - 1;
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(text, format, args);
	va_end(args);
}

void text_add_line(struct text *text, const char *format, ...)
{
	va_list args;

	if (text->used)
		text_add(text, "\n");
	va_start(args, format);
	add(text, format, args);
	va_end(args);
}

void text_add_item(struct text *text, const char *item)
{
	text_add(text, "%s%s", text->used ? ", " : "", item);
}

static size_t min3(size_t a, size_t b, size_t c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

size_t text_distance(const char *a, const char *b)
{
	size_t row[TEXT_COMPARED + 1], columns = strnlen(b, TEXT_COMPARED);

	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (size_t i = 1; *a; a++, i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (*a != b[j - 1]));
			diagonal = above;
		}
	}
	return row[columns];
}

/* Half of the letters, so that two that changed places are found in a word of five. */
size_t text_far(const char *name)
{
	return (strlen(name) + 1) / 2;
}

bool text_is_nearer(const char *name, const char *candidate, size_t *least)
{
	const size_t apart = text_distance(name, candidate);

	if (apart >= *least)
		return false;
	*least = apart;
	return true;
}
