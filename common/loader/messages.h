/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader tells on stderr: why a step has failed and what to do, as a value for
 * main() to print; and what is worth knowing besides.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

struct load;

/*
 * load->step has failed with err, -errno: fill in load->failure. Returns the exit code.
 */
int message_failed(struct load *load, int err);

/* The attach is undone, and that has failed, or was not possible: add it to the failure. */
void message_not_undone(struct load *load, int err);

/* All is done, but stdout takes nothing: errno of that. */
void message_not_written(struct failure *failure, bool is_status, int error);

/* Notes, printed at once. */
void message_alternative_name(const struct load *load);
void message_mounted(void);
void message_moved(const char *name);
void message_recovered(const struct load *load);
/* Another process has held the lock for a second; holder is 0 where it is not known. */
void message_waiting(const char *name, pid_t holder);

#endif
