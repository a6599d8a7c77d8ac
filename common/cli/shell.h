/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Quote the words of a command for a shell, so that a user can type what is printed.
 */
#ifndef SHELL_H
#define SHELL_H

#include "text.h"

struct shell_word {
	char text[1100]; /* room for a path of 255 bytes with every byte escaped */
};

/*
 * Quote a word: it is unchanged if every byte is harmless, else it is put in quotes,
 * with control characters and bytes outside ASCII escaped as in $'\n'.
 */
struct shell_word shell_word(const char *word);

/*
 * Add begin, a part of a command, without quotes, and then each word quoted. NULL ends
 * words.
 */
void shell_add_words(struct text *text, const char *begin, const char *const words[]);

#define shell_add_command(text, begin, ...)                                                        \
	shell_add_words(text, begin, (const char *const[]){ __VA_ARGS__, NULL })

#endif
