// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The counters, and a second map: what a program looks like after it has grown. */
#include "xdp_stats_kern.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lengths SEC(".maps");

SEC("xdp")
int grown(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *length = bpf_map_lookup_elem(&lengths, &key);

	if (length)
		*length = bpf_xdp_get_buff_len(ctx);
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
