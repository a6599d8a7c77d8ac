// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A map with the right name and another value, and one with swapped members. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct wide {
	__u64 rx_packets, rx_bytes, errors;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, struct wide);
} xdp_stats_map SEC(".maps");

SEC("xdp")
int shapeless(struct xdp_md *ctx)
{
	__u32 key = XDP_PASS;
	struct wide *value = bpf_map_lookup_elem(&xdp_stats_map, &key);

	if (value)
		value->errors++;
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
