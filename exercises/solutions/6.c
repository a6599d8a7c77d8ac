// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Pass every packet; count it under its action, and under its IP protocol. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

/* An array, because a protocol number is a byte: all entries exist from the start. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct datarec);
} proto_map SEC(".maps");

/* The protocol number, or -1 without a complete IP header. */
static __always_inline int ip_protocol(const void *data, const void *data_end)
{
	const struct ethhdr *eth = data;
	const struct ipv6hdr *ip6 = (void *)(eth + 1);
	const struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(eth + 1) > data_end)
		return -1;
	if (eth->h_proto == bpf_htons(ETH_P_IP) && (void *)(ip + 1) <= data_end)
		return ip->protocol;
	if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) <= data_end)
		return ip6->nexthdr;
	return -1;
}

static __always_inline void count_protocol(const void *data, const void *data_end)
{
	int protocol = ip_protocol(data, data_end);
	__u32 key = protocol;
	struct datarec *rec;

	if (protocol < 0)
		return;
	rec = bpf_map_lookup_elem(&proto_map, &key);
	if (rec) { /* for the verifier, which does not know that all keys exist */
		rec->rx_packets++;
		rec->rx_bytes += data_end - data;
	}
}

SEC("xdp")
int count_protocols(struct xdp_md *ctx)
{
	count_protocol((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
