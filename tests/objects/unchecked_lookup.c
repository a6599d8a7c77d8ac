// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Uses what a look-up returned without asking whether there was anything. */
#include "xdp_stats_kern.h"

SEC("xdp")
int unchecked_lookup(struct xdp_md *ctx)
{
	__u32 key = XDP_PASS;
	struct datarec *rec = bpf_map_lookup_elem(&xdp_stats_map, &key);

	rec->rx_packets++;
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
