// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "text.h"

#define WORDS_MAX 8

static bool is_on;
static struct {
	const char *word;
	char value[512];
} words[WORDS_MAX];

void explain_on(void)
{
	is_on = true;
}

void explain_word(const char *word, const char *value)
{
	size_t i;

	for (i = 0; is_on && i < WORDS_MAX && words[i].word && strcmp(words[i].word, word); i++)
		;
	if (!is_on || i == WORDS_MAX)
		return;
	words[i].word = word;
	snprintf(words[i].value, sizeof(words[i].value), "%s", value);
}

/* The value of the word that text begins with, and the word's length. */
static const char *find_word(const char *text, size_t *length)
{
	for (size_t i = 0; i < WORDS_MAX && words[i].word; i++) {
		*length = strlen(words[i].word);
		if (!strncmp(text, words[i].word, *length))
			return words[i].value;
	}
	*length = 1;
	return NULL;
}

static void add_command(struct text *text, const char *command)
{
	size_t length;

	text_add(text, "      by hand: ");
	for (const char *p = command; *p; p += length) {
		const char *value = find_word(p, &length);

		if (value)
			text_add(text, "%s", value);
		else
			text_add(text, "%c", *p);
	}
	text_add(text, "\n");
}

void explain(const char *call, const char *by_hand, const char *format, ...)
{
	static int step;
	char what[1024], buffer[2048];
	struct text text = text_in(buffer, sizeof(buffer));
	va_list args;

	if (!is_on)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	text_add(&text, "%2d. %s\n", ++step, what);
	text_add(&text, "      call:    %s\n", call);
	if (by_hand)
		add_command(&text, by_hand);
	fputs(buffer, stderr);
}

bool explain_is_on(void)
{
	return is_on;
}

void explain_step(const char *what, const char *calls, const char *by_hand)
{
	if (by_hand)
		explain(calls, by_hand, "%s", what);
	else
		explain(calls, NULL, "%s", what);
}
