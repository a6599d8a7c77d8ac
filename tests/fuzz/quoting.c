// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text from outside for a terminal, a shell and JSON: it must be harmless and complete. */
#include <ctype.h>
#include <stdbool.h>

#include "fuzz.h"
#include "json.h"
#include "shell.h"
#include "visible.h"

#define WHOLE_MAX 255 /* bytes that fit if each is escaped */

/* The byte of \xNN at text. */
static char byte_at(const char *text)
{
	const char digits[] = { text[2], text[3], '\0' };

	HOLDS(text[0] == '\\' && text[1] == 'x' && isxdigit(digits[0]) && isxdigit(digits[1]));
	return strtol(digits, NULL, 16);
}

static bool is_harmless_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Each function copies the text between the quotes; word begins after the first quote. */
static const char *unquote_escaped(const char *word, char **text)
{
	for (; *word != '\''; word++) {
		HOLDS(*word);
		if (*word == '\\' && word[1] == 'x') {
			*(*text)++ = byte_at(word);
			word += 3;
		} else {
			*(*text)++ = *word == '\\' ? *++word : *word;
		}
	}
	return word + 1;
}

static const char *unquote_plain(const char *word, char **text)
{
	for (; *word != '\''; word++) {
		HOLDS(*word);
		*(*text)++ = *word;
	}
	return word + 1;
}

/* The word as a shell reads it. */
static void unquote(const char *word, char *text)
{
	while (*word) {
		if (word[0] == '$' && word[1] == '\'') {
			word = unquote_escaped(word + 2, &text);
		} else if (*word == '\'') {
			word = unquote_plain(word + 1, &text);
		} else {
			word += *word == '\\';
			HOLDS(!strchr(" \t\n\"`$&|;<>(){}*?[]#~!^", *word));
			*text++ = *word++;
		}
	}
	*text = '\0';
}

static void shell(const char *text)
{
	const struct shell_word word = shell_word(text);
	char again[sizeof(word.text)];

	HOLDS(word.text[0] && is_harmless_line(word.text));
	if (strlen(text) > WHOLE_MAX)
		return;
	unquote(word.text, again);
	HOLDS(!strcmp(again, text));
}

/* The string must be one token, and its bytes must be those of text that are UTF-8. */
static void json(const char *text)
{
	char *string = NULL;
	size_t length, at;
	FILE *out = open_memstream(&string, &length);

	json_print_string(out, text);
	fclose(out);
	HOLDS(length >= 2 && string[0] == '"' && string[length - 1] == '"');
	HOLDS(is_harmless_line(string));
	for (at = 1; at < length - 1; at++) {
		HOLDS(string[at] != '"');
		if (string[at] != '\\') {
			HOLDS(string[at] == *text++);
			continue;
		}
		at++;
		if (string[at] != 'u') {
			HOLDS(string[at] == *text++);
			continue;
		}
		HOLDS(at + 4 < length - 1 && strspn(string + at + 1, "0123456789abcdef") >= 4);
		HOLDS(!strncmp(string + at + 1, "fffd", 4) ||
		      strtol((const char[]){ string[at + 3], string[at + 4], '\0' }, NULL, 16) ==
			      (unsigned char)*text);
		text++;
		at += 4;
	}
	HOLDS(at == length - 1 && !*text);
	free(string);
}

static void terminal(const char *text)
{
	const struct visible shown = visible(text);
	char *lines = strdup(text);

	HOLDS(is_harmless_line(shown.text));
	if (strlen(text) <= WHOLE_MAX)
		HOLDS(!strcmp(visible(shown.text).text, shown.text));
	visible_lines(lines);
	HOLDS(strlen(lines) == strlen(text));
	for (const char *c = lines; *c; c++)
		HOLDS((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t');
	free(lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	shell(text);
	json(text);
	terminal(text);
	free(text);
	return 0;
}
