/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The XDP programs. Each decides on an action and counts the packet under it.
 * The first one is what xdp_loader takes when no --progname is given.
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

/* Drops too, but as an error: the tracepoint xdp:xdp_exception fires. */
SEC("xdp")
int xdp_abort_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_ABORTED);
}

/* Back out of the interface that it came in by, to the one who sent it. */
SEC("xdp")
int xdp_tx_func(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 action = XDP_ABORTED; /* too short to have an Ethernet header */

	if ((void *)(eth + 1) <= (void *)(long)ctx->data_end) {
		unsigned char sender[ETH_ALEN];

		__builtin_memcpy(sender, eth->h_source, ETH_ALEN);
		__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
		__builtin_memcpy(eth->h_dest, sender, ETH_ALEN);
		action = XDP_TX;
	}
	return xdp_stats_record_action(ctx, action);
}

/* The same way out, by ifindex: what a forwarder does with another ifindex. */
SEC("xdp")
int xdp_redirect_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, bpf_redirect(ctx->ingress_ifindex, 0));
}

/* Takes packets in several fragments too, as an MTU above one page needs. */
SEC("xdp.frags")
int xdp_pass_frags_func(struct xdp_md *ctx)
{
	return xdp_stats_record_action_frags(ctx, XDP_PASS);
}

/* Lets the kernel give the program its GPL-only helpers. */
char _license[] SEC("license") = "Dual BSD/GPL";
