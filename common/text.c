// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>

#include "text.h"

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
