/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pin of the attached program, for loaders without CAP_SYS_ADMIN: the kernel gives them
 * no descriptor of a program by its id, but by a path. With a descriptor exactly that
 * program is replaced or detached, and it can be put back. The pin is in the state
 * directory of the interface. Functions never print.
 */
#ifndef PROG_PIN_H
#define PROG_PIN_H

#include <stdbool.h>

struct load;

/* Have load->old.fd be a descriptor of the attached program, if its pin is there. */
void prog_pin_open(struct load *load);

/*
 * load->new is attached: pin it, if this process lacks CAP_SYS_ADMIN, in place of what was
 * pinned. If this fails, the next loader has to do without, as after another tool.
 */
void prog_pin_replace(const struct load *load);

/* Nothing is attached any more. */
void prog_pin_remove(const struct load *load);

/* Is a program pinned that is not the one attached here? */
bool prog_pin_is_stale(const struct load *load);

#endif
