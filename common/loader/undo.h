/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Undo what a load has done on an interface.
 */
#ifndef UNDO_H
#define UNDO_H

#include <stdbool.h>

#include "steps.h"

/*
 * Undo the steps up to load->done: exchange the pins back, attach the previous program
 * again or detach, and remove the staged pins. The previous pins must not be removed
 * yet. A loader that is killed in between leaves what the next one puts in place again.
 * Returns true if the interface is as it was before the load; else the failure says what
 * is not.
 */
bool undo_load(struct load *load);

/*
 * The same for the steps up to done, without a message. Returns 0 or -errno: -ENODATA if
 * there is no descriptor of the previous program.
 */
int undo_steps(struct load *load, enum step done);

#endif
