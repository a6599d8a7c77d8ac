/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pin of the attached program, for loaders without CAP_SYS_ADMIN: they cannot open a
 * program by its id, only by a path. With a descriptor, exactly this program is
 * replaced or detached, and it can be attached again. The pin is in the state directory
 * of the interface. Functions never print.
 */
#ifndef PROG_PIN_H
#define PROG_PIN_H

#include <stdbool.h>

struct load;

/* Open the attached program as load->old.fd, if its pin exists. */
void prog_pin_open(struct load *load);

/*
 * After the attach of load->new: remove the old pin, and pin the new program if this
 * process lacks CAP_SYS_ADMIN. Without a pin, as after a failure or after another tool,
 * the next loader has no descriptor.
 */
void prog_pin_replace(const struct load *load);

/*
 * Remove the pin, before the detach: a pin that is left keeps the program loaded, which
 * would count as a user of its maps. After a detach that failed, pin the program again.
 */
void prog_pin_remove(const struct load *load);
void prog_pin_restore(const struct load *load);

/* Is the pinned program another one than the attached program? */
bool prog_pin_is_stale(const struct load *load);

#endif
