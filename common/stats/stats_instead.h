/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What there is instead of the map that was to be read: the attached program, other
 * pinned maps, and those of them that can be read. Nothing is printed.
 */
#ifndef STATS_INSTEAD_H
#define STATS_INSTEAD_H

#include "failure.h"
#include "watch.h"

/* Add all of it to a failure, and what to do: never to replace a program. */
void stats_instead_add(struct failure *failure, const struct watch *watch);

/* Only a hint for each map of the interface that has the right shape. */
void stats_instead_hint_maps(struct failure *failure, const struct watch *watch);

#endif
