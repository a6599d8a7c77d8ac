// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Drop UDP over IPv6 to port 7, pass everything else. */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define PORT_ECHO 7

/*
 * The three headers have fixed sizes, so their positions are known before anything is
 * read, and a frame that ends before the end of the last one does not match. So one
 * comparison with data_end is enough, also for the verifier.
 */
static __always_inline bool is_udp6_to(const struct xdp_md *ctx, __u16 port)
{
	const struct ethhdr *eth = (void *)(long)ctx->data;
	const struct ipv6hdr *ip6 = (void *)(eth + 1);
	const struct udphdr *udp = (void *)(ip6 + 1);

	if ((void *)(udp + 1) > (void *)(long)ctx->data_end)
		return false;
	/* In this order: the meaning of a field depends on the header before it. */
	return eth->h_proto == bpf_htons(ETH_P_IPV6) && ip6->nexthdr == IPPROTO_UDP &&
	       udp->dest == bpf_htons(port);
}

SEC("xdp")
int drop_echo(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, is_udp6_to(ctx, PORT_ECHO) ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "GPL";
