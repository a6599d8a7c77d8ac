/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names of XDP actions.
 */
#ifndef XDP_ACTION_H
#define XDP_ACTION_H

#include <linux/types.h>

/* "XDP_PASS" for 2; "XDP_UNKNOWN" for a number that is no action. */
const char *xdp_action_name(__u32 action);

#endif
