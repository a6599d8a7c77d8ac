// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "shell.h"

static bool is_harmless(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || strchr("_./:=@%+,-", c));
}

static bool is_printable(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

static bool all(const char *word, bool (*is)(unsigned char c))
{
	for (; *word; word++)
		if (!is(*word))
			return false;
	return true;
}

/* These shells know $'...': bash, busybox, zsh, and dash from 0.5.13. */
static void add_escaped(struct text *text, const char *word)
{
	text_add(text, "$'");
	for (; *word; word++) {
		unsigned char c = *word;

		if (c == '\'' || c == '\\')
			text_add(text, "\\%c", c);
		else if (is_printable(c))
			text_add(text, "%c", c);
		else
			text_add(text, "\\x%02x", c);
	}
	text_add(text, "'");
}

static void add_quoted(struct text *text, const char *word)
{
	text_add(text, "'");
	for (; *word; word++)
		text_add(text, *word == '\'' ? "'\\''" : "%c", *word);
	text_add(text, "'");
}

struct shell_word shell_word(const char *word)
{
	struct shell_word quoted = { "" };
	struct text text = text_in(quoted.text, sizeof(quoted.text));

	if (*word && all(word, is_harmless))
		text_add(&text, "%s", word);
	else if (all(word, is_printable))
		add_quoted(&text, word);
	else
		add_escaped(&text, word);
	return quoted;
}

void shell_add_words(struct text *text, const char *begin, const char *const words[])
{
	text_add(text, "%s", begin);
	for (; *words; words++)
		text_add(text, " %s", shell_word(*words).text);
}
