/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The dispatcher of libxdp, a program that runs those of several tools one after the
 * other. To replace or detach it takes all of them away. Functions never print.
 */
#ifndef DISPATCHER_H
#define DISPATCHER_H

#include <stdbool.h>

#include "text.h"
#include "xdp_prog.h"

/* Is this the dispatcher? Known by its name, so false without CAP_SYS_ADMIN. */
bool dispatcher_is(const struct xdp_prog *prog);

/*
 * The programs that it runs, by the pins of libxdp: "id 12, xdp_pass; id 14, xdp_drop".
 * The text stays empty if libxdp has pinned none.
 */
void dispatcher_list(int ifindex, const struct xdp_prog *prog, struct text *text);

#endif
