// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sections as other loaders have them. With ONLY one function is left, in a section that
 * libbpf does not know.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("prog")
int of_iproute2(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_DROP);
}

#ifndef ONLY
SEC("xdp_second")
int of_a_tutorial(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_TX);
}

SEC("classifier")
int of_tc(struct __sk_buff *skb)
{
	return skb->len > 60;
}

SEC("xdp/devmap")
int of_a_devmap(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}
#endif

char _license[] SEC("license") = "GPL";
