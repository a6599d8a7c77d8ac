// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "xdp_action.h"
#include "xdp_stats_kern_user.h"

static const char names[XDP_ACTION_MAX][sizeof("XDP_REDIRECT")] = {
	[XDP_ABORTED] = "XDP_ABORTED", [XDP_DROP] = "XDP_DROP",         [XDP_PASS] = "XDP_PASS",
	[XDP_TX] = "XDP_TX",           [XDP_REDIRECT] = "XDP_REDIRECT",
};

const char *xdp_action_name(__u32 action)
{
	return action < XDP_ACTION_MAX ? names[action] : "XDP_UNKNOWN";
}
