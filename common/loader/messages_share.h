/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why maps cannot be shared with another interface. Nothing is printed.
 */
#ifndef MESSAGES_SHARE_H
#define MESSAGES_SHARE_H

#include "failure.h"

struct load;

/* Add cause and hint for an error of shared_maps_check(). */
void message_share(struct failure *f, const struct load *load, int err);

#endif
