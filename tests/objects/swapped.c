// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The map's size and type are right, but the value's members are swapped. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct datarec {
	__u64 rx_bytes;
	__u64 rx_packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, struct datarec);
} xdp_stats_map SEC(".maps");

SEC("xdp")
int swapped(struct xdp_md *ctx)
{
	__u32 key = XDP_PASS;
	struct datarec *value = bpf_map_lookup_elem(&xdp_stats_map, &key);

	if (value)
		value->rx_packets++;
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
