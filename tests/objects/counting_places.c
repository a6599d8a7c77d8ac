// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The counting helper in various places of a program. The verifier must accept each
 * program, compiled with any compiler and optimisation of tests/verify.bats.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u32);
} verdicts SEC(".maps");

static __always_inline void *begin(struct xdp_md *ctx)
{
	return (void *)(long)ctx->data;
}

static __always_inline void *end(struct xdp_md *ctx)
{
	return (void *)(long)ctx->data_end;
}

SEC("xdp")
int before_comparison(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);

	xdp_stats_record_action(ctx, XDP_PASS);
	if ((void *)(eth + 1) > end(ctx))
		return XDP_ABORTED;
	return eth->h_proto ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int after_comparison(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);

	if ((void *)(eth + 1) > end(ctx))
		return XDP_ABORTED;
	return xdp_stats_record_action(ctx, eth->h_proto ? XDP_PASS : XDP_DROP);
}

SEC("xdp")
int between_comparisons(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);
	struct iphdr *ip = (void *)(eth + 1);
	__u32 action = XDP_PASS;

	if ((void *)(eth + 1) > end(ctx))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return xdp_stats_record_action(ctx, XDP_PASS);
	action = xdp_stats_record_action(ctx, action);
	if ((void *)(ip + 1) > end(ctx))
		return XDP_ABORTED;
	return ip->ttl ? action : XDP_DROP;
}

SEC("xdp")
int every_exit(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;

	if (data + sizeof(*eth) > data_end)
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = data + sizeof(*eth);

		if (data + sizeof(*eth) + sizeof(*ip) > data_end)
			return xdp_stats_record_action(ctx, XDP_DROP);
		if (ip->ihl < 5)
			return xdp_stats_record_action(ctx, XDP_DROP);
		if (data + sizeof(*eth) + ip->ihl * 4 > data_end)
			return xdp_stats_record_action(ctx, XDP_DROP);
		return xdp_stats_record_action(ctx, XDP_PASS);
	}
	if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip = data + sizeof(*eth);

		if (data + sizeof(*eth) + sizeof(*ip) > data_end)
			return xdp_stats_record_action(ctx, XDP_DROP);
		return xdp_stats_record_action(ctx, ip->hop_limit > 1 ? XDP_TX : XDP_DROP);
	}
	return xdp_stats_record_action(ctx, XDP_PASS);
}

SEC("xdp")
int in_loop(struct xdp_md *ctx)
{
	unsigned char *p = begin(ctx);
	__u32 action = XDP_PASS;

#pragma clang loop unroll(disable)
	for (int i = 0; i < 8; i++) {
		if ((void *)(p + i + 1) > end(ctx))
			break;
		action = xdp_stats_record_action(ctx, p[i] & 1 ? XDP_DROP : XDP_PASS);
	}
	return action;
}

static __noinline int count_in_subprogram(struct xdp_md *ctx, __u32 action)
{
	return xdp_stats_record_action(ctx, action);
}

SEC("xdp")
int in_subprogram(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);

	if ((void *)(eth + 1) > end(ctx))
		return count_in_subprogram(ctx, XDP_ABORTED);
	return count_in_subprogram(ctx, eth->h_source[0] & 1 ? XDP_DROP : XDP_PASS);
}

static __noinline int parse_and_count(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);

	if ((void *)(eth + 1) > end(ctx))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	return xdp_stats_record_action(ctx, eth->h_proto & 1 ? XDP_DROP : XDP_PASS);
}

SEC("xdp")
int all_in_subprogram(struct xdp_md *ctx)
{
	if (begin(ctx) + 60 > end(ctx))
		return xdp_stats_record_action(ctx, XDP_DROP);
	return parse_and_count(ctx);
}

SEC("xdp")
int after_lookup(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);
	__u32 key, *verdict;

	if ((void *)(eth + 1) > end(ctx))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	key = eth->h_proto;
	verdict = bpf_map_lookup_elem(&verdicts, &key);
	return xdp_stats_record_action(ctx, verdict ? *verdict : XDP_PASS);
}

SEC("xdp")
int after_adjust_head(struct xdp_md *ctx)
{
	if (begin(ctx) + sizeof(struct ethhdr) > end(ctx))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	if (bpf_xdp_adjust_head(ctx, -4))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	if (begin(ctx) + sizeof(struct ethhdr) + 4 > end(ctx))
		return xdp_stats_record_action(ctx, XDP_ABORTED);
	__builtin_memset(begin(ctx), 0, 4);
	return xdp_stats_record_action(ctx, XDP_PASS);
}

/* The program computes the length of the packet itself, too. */
SEC("xdp")
int own_length(struct xdp_md *ctx)
{
	__u32 length = ctx->data_end - ctx->data;

	if (length < 60 || begin(ctx) + 60 > end(ctx))
		return xdp_stats_record_action(ctx, XDP_DROP);
	return xdp_stats_record_action(ctx, length > 1000 ? XDP_TX : XDP_PASS);
}

SEC("xdp.frags")
int in_frags(struct xdp_md *ctx)
{
	struct ethhdr *eth = begin(ctx);

	if ((void *)(eth + 1) > end(ctx))
		return xdp_stats_record_action_frags(ctx, XDP_ABORTED);
	return xdp_stats_record_action_frags(ctx, eth->h_proto & 1 ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "GPL";
