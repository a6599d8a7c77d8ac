/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Make text from outside, such as the name of a file, a pin or a program, safe for a
 * terminal: it can neither begin a new line nor control the terminal.
 */
#ifndef VISIBLE_H
#define VISIBLE_H

struct visible {
	char text[1100]; /* room for a path of 255 bytes with every byte escaped */
};

/*
 * A copy of text with control characters (C0, DEL and C1) and bytes that are not UTF-8
 * written as \xNN. Longer texts are cut off.
 */
struct visible visible(const char *text);

/*
 * Replace each such byte by '?' in place, but keep newlines and tabs. For texts of
 * several lines.
 */
void visible_lines(char *text);

#endif
