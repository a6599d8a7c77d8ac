// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts in one record for all CPUs, which takes atomic additions. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, XDP_ACTION_MAX);
	__type(key, __u32);
	__type(value, struct datarec);
} xdp_stats_map SEC(".maps");

static __always_inline __u32 count(struct xdp_md *ctx, __u32 action)
{
	if (action >= XDP_ACTION_MAX)
		action = XDP_ABORTED;

	__u32 key = action;
	struct datarec *rec = bpf_map_lookup_elem(&xdp_stats_map, &key);

	if (rec) {
		__sync_fetch_and_add(&rec->rx_packets, 1);
		__sync_fetch_and_add(&rec->rx_bytes, ctx->data_end - ctx->data);
	}
	return action;
}

#include "programs.h"
