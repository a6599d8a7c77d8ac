/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Undo what a load has done on an interface.
 */
#ifndef UNDO_H
#define UNDO_H

#include <stdbool.h>

struct load;

/*
 * Undo the steps up to load->done: exchange the pins back, attach the previous program
 * again or detach, and remove the staged pins. The previous pins must not be removed
 * yet. A loader that is killed in between leaves what the next one puts in place again.
 * Returns true if the interface is as it was before the load; else the failure says what
 * is not.
 */
bool undo_load(struct load *load);

#endif
