/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The XDP programs. Each decides on an action and counts the packet under it. Without
 * --progname, xdp_loader takes the first one.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("xdp")
int xdp_pass_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

SEC("xdp")
int xdp_drop_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_DROP);
}

/* Drop the packet as an error: the tracepoint xdp:xdp_exception fires. */
SEC("xdp")
int xdp_abort_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_ABORTED);
}

/* Send the packet back to its sender, through the interface that received it. */
SEC("xdp")
int xdp_tx_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_ABORTED; /* too short for an Ethernet header */

	if ((void *)(eth + 1) <= (void *)(long)ctx->data_end) {
		unsigned char sender[ETH_ALEN];

		__builtin_memcpy(sender, eth->h_source, ETH_ALEN);
		__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
		__builtin_memcpy(eth->h_dest, sender, ETH_ALEN);
		action = XDP_TX;
	}
	return xdp_stats_record_action(ctx, action);
}

/* Send the packet out by ifindex: the same one here, another one in a forwarder. */
SEC("xdp")
int xdp_redirect_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, bpf_redirect(ctx->ingress_ifindex, 0));
}

/* Accepts packets in several fragments, too: an MTU above one page needs this. */
SEC("xdp.frags")
int xdp_pass_frags_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action_frags(ctx, XDP_PASS);
}

/* With this license the program may call helpers that are GPL-only. */
char _license[] SEC("license") = "Dual BSD/GPL";
