/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Commands that are shown to be typed: words in the quotes that a shell needs.
 */
#ifndef SHELL_H
#define SHELL_H

#include "text.h"

struct shell_word {
	char text[1100]; /* room for a path of 255 bytes in which each one is escaped */
};

/*
 * word as a shell takes it for itself: as it is where every byte is harmless, else in
 * quotes, with control characters and bytes beyond ASCII escaped as in $'\n'.
 */
struct shell_word shell_word(const char *word);

/* Add begin, a piece of a command as it is, and then each word, up to a NULL. */
void shell_add_words(struct text *text, const char *begin, const char *const words[]);

#define shell_add_command(text, begin, ...)                                                        \
	shell_add_words(text, begin, (const char *const[]){ __VA_ARGS__, NULL })

#endif
