/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the object of the user was not loaded: the file, the program, constants, maps, the
 * verifier. Functions never print.
 */
#ifndef MESSAGES_OBJECT_H
#define MESSAGES_OBJECT_H

#include "failure.h"

struct load;

/* Each fills in cause and hint for a step that failed with err, a -errno. */
void message_object_open(struct failure *f, const struct load *load, int err);
void message_choose(struct failure *f, const struct load *load, int err);
void message_set(struct failure *f, const struct load *load, int err);
void message_reuse(struct failure *f, const struct load *load, int err);
void message_object_load(struct failure *f, const struct load *load, int err);
void message_dry_run(struct failure *f, const struct load *load, int err);

/* Add that the object is older than its source, if it is. */
void message_stale_object(struct failure *f, const struct load *load);

#endif
