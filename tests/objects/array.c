// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The same counters in an array that is not per CPU, as in other projects. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, XDP_ACTION_MAX);
	__type(key, __u32);
	__type(value, struct datarec);
} xdp_stats_map SEC(".maps");

SEC("xdp")
int shared(struct xdp_md *ctx)
{
	__u32 key = XDP_DROP;
	struct datarec *rec = bpf_map_lookup_elem(&xdp_stats_map, &key);

	if (rec) {
		__sync_fetch_and_add(&rec->rx_packets, 1);
		__sync_fetch_and_add(&rec->rx_bytes, bpf_xdp_get_buff_len(ctx));
	}
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
