/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the place of the work is not to be had: the interface, the BPF file system, the lock, the
 * directories of pins. Functions never print.
 */
#ifndef MESSAGES_PLACE_H
#define MESSAGES_PLACE_H

#include "failure.h"

struct load;

/* Fill in cause and hint: there is no interface of this name. */
void message_no_interface(struct failure *f, const char *ifname);

/* Each fills in cause and hint for a step that failed with err, a -errno. */
void message_interface(struct failure *f, const struct load *load, int err);
void message_bpffs(struct failure *f, const struct load *load, int err);
void message_pinning(struct failure *f, const struct load *load, int err);
void message_lock(struct failure *f, const struct load *load, int err);
void message_pin_dir(struct failure *f, const struct load *load, int err);
void message_leftover(struct failure *f, const struct load *load, int err);
void message_check_name(struct failure *f, const struct load *load, int err);

#endif
