/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Text from outside, such as the name of a file, a pin or a program, made fit for a
 * terminal: it can neither begin a line of its own nor make the terminal do things.
 */
#ifndef VISIBLE_H
#define VISIBLE_H

struct visible {
	char text[1100]; /* room for a path of 255 bytes in which each one is escaped */
};

/*
 * text with control characters (C0, DEL and C1) and bytes that are no UTF-8 as \xNN.
 * Longer texts are cut off.
 */
struct visible visible(const char *text);

/* In place, each such byte as '?', newlines and tabs excepted: for a text of lines. */
void visible_lines(char *text);

#endif
