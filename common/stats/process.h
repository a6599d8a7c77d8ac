/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a process that reports until it is stopped needs: signals that end it, enough
 * descriptors, and a buffer of stdout from which reports leave whole.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

/*
 * SIGINT and SIGTERM end the process with status 0, SIGPIPE does not; as many
 * descriptors as the administrator allows. With is_for_people the numbers are grouped
 * as the locale says where stdout is a terminal.
 */
void process_prepare(bool is_for_people);

/* Write what is in the buffer of stdout. Returns 0 or -errno. */
int process_flush(void);
/* Has that buffer no room for another report? */
bool process_is_buffer_full(void);

#endif
