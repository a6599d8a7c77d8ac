/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The terminal of stdout as a screen: the alternate one, so that what was there comes back,
 * without cursor, and with keys that are neither shown nor kept for the end of a line. There
 * is one. What ends the process from outside (SIGINT, SIGTERM, SIGHUP, SIGQUIT) calls exit(),
 * always from inside of terminal_wait() or terminal_write(): else these signals are held back.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of ECMA-48, and of DEC where that has none: what every terminal of today knows. */
#define TERMINAL_HOME       "\033[H"
#define TERMINAL_CLEAR_LINE "\033[K" /* from the cursor on */
#define TERMINAL_CLEAR_REST "\033[J" /* the lines that follow, too */

/* Is stdout a terminal that has a screen? TERM says so. */
bool terminal_is_screen(void);

/* Take the terminal over. The caller gives it back with terminal_end(), also at exit(). */
void terminal_begin(void);
/* Give it back as it was. The second time this does nothing. */
void terminal_end(void);

/* What the window has at this moment; at least one of each. */
void terminal_size(int *rows, int *columns);

/* Write all of it to this descriptor, in one call. Returns 0 or -errno. */
int terminal_write(int fd, const char *text, size_t length);

/*
 * Wait until this time of CLOCK_MONOTONIC. Returns true if the screen has to be drawn before:
 * the window has another size, the process goes on after a stop, or a key was pressed. Ctrl-Z
 * gives the terminal back until then; the key q ends the process.
 */
bool terminal_wait(uint64_t deadline_ns);

#endif
