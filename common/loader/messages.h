/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The messages of xdp_loader on stderr: why a step failed and what to do, as a value
 * that main() prints; and notes, which are printed at once.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <sys/types.h>

#include "failure.h"

struct load;
struct loads;

/* Fill in load->failure: load->step failed with err (-errno). Returns the exit code. */
int message_failed(struct load *load, int err);

/* The same if another interface has failed before: add it to load->failure. */
void message_failed_too(struct load *load, int err);

/* Add that no interface is changed, although some were before the failure. */
void message_none_changed(struct loads *loads);

/* Fill in the failure: there is no memory. Returns the exit code. */
int message_no_memory(struct failure *failure);

/*
 * Add that the attach was not undone: err is -errno, -ENODATA if the previous program
 * cannot be opened.
 */
void message_not_undone(struct load *load, int err);

/* All is done, but stdout could not be written; error is the errno. */
void message_not_written(struct failure *failure, bool is_status, int error);

/* Notes, printed at once. */
void message_alternative_name(const struct load *load);
void message_mounted(void);
void message_moved(const char *name);
void message_recovered(const struct load *load);
/* Another process has held the lock for a second; holder is its pid, 0 if unknown. */
void message_waiting(const char *name, pid_t holder);

#endif
