/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages about counting losses.
 */
#ifndef MESSAGES_LOSSES_H
#define MESSAGES_LOSSES_H

#include "failure.h"

struct load;

/* Each fills in cause and hint; err is -errno. */

/* The programs that count cannot be loaded. */
void message_losses_load(struct failure *failure, const struct load *load, int err);

/* Their links cannot be made, pinned or removed. */
void message_losses_pin(struct failure *failure, const struct load *load, int err);

#endif
