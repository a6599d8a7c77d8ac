// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts as xdp_prog_kern.c does. */
#include "xdp_stats_kern.h"

static __always_inline __u32 count(struct xdp_md *ctx, __u32 action)
{
	return xdp_stats_record_action(ctx, action);
}

#include "programs.h"
