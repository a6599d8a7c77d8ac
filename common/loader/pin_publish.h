/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Put staged pins in the place where readers look, and back. The caller holds the lock
 * (state_dir.h). Functions return 0 or -errno and never print.
 */
#ifndef PIN_PUBLISH_H
#define PIN_PUBLISH_H

#include "pin_dir.h"

/*
 * Put staged in place of live, which does not exist, in one step. An entry of another
 * user there is moved aside (aside.h). Returns 0 or -errno.
 */
int pin_publish_first(const struct pin_place *staged, const struct pin_place *live);

/*
 * Replace live by staged in one step: a process that opens a pin by its path finds
 * either the old map or the new one. previous is the contents of live, NULL if it does
 * not exist. Afterwards, staged holds the previous pins, and is the directory to remove.
 * Returns 0 or -errno; on failure nothing is changed. Returns 1 if bpffs cannot exchange
 * directories (kernels before 5.17) and the pins were replaced one by one: each name
 * always leads to the old or the new map.
 */
int pin_publish(const struct pin_place *staged, const struct pin_place *live,
		const struct pin_dir *previous);

/*
 * The reverse, as long as staged is not removed: afterwards it holds the new pins again,
 * and is marked as staged. previous is that of pin_publish(); only whether it is NULL
 * matters.
 */
int pin_unpublish(const struct pin_place *staged, const struct pin_place *live,
		  const struct pin_dir *previous);

#endif
