/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the loader does not touch what others have there: programs that are attached, pins that are
 * used. Functions never print.
 */
#ifndef MESSAGES_TAKEN_H
#define MESSAGES_TAKEN_H

#include "failure.h"

struct load;

/* Each fills in cause and hint for a check that failed with err, a -errno. */
void message_may_attach(struct failure *f, const struct load *load, int err);
void message_may_take_pins(struct failure *f, const struct load *load, int err);
void message_may_detach(struct failure *f, const struct load *load, int err);

#endif
