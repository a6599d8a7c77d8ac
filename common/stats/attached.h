/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which XDP programs the kernel runs on the interfaces that are watched. Functions never
 * print.
 */
#ifndef ATTACHED_H
#define ATTACHED_H

#include "watch_list.h"

/*
 * Request the programs of all interfaces at once; fills in watch->xdp. Returns 0 or -errno,
 * and then nothing has changed.
 */
int attached_read(struct watch_list *list);

/* The id of the program that runs, 0 if there is none. */
__u32 attached_id(const struct watch *watch);

#endif
