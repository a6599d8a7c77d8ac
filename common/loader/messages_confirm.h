/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages about loads that wait for confirmation.
 */
#ifndef MESSAGES_CONFIRM_H
#define MESSAGES_CONFIRM_H

#include "failure.h"

struct load;

/* Each fills in cause and hint; err is -errno. */

/* Nothing else may be done while a load is pending. */
void message_pending(struct failure *failure, const struct load *load);

/* --confirm or --rollback failed. */
void message_confirm(struct failure *failure, const struct load *load, int err);

/* A note, printed at once: load->lapsed was pending, but its program is not attached. */
void message_lapsed(const struct load *load);

/*
 * To the system log, from the process that waits: the load was rolled back, or could not
 * be.
 */
void message_rolled_back(const struct load *load, const struct failure *failure);

#endif
