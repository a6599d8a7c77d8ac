// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Drop the frames of one EtherType, which is chosen when the program is loaded. */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

/*
 * const: the program cannot change it, so the verifier knows its value, and if it is 0
 * leaves out what is never done. volatile: clang does not use the 0 that it sees here.
 */
const volatile __u16 ethertype = 0;

static __always_inline bool is_unwanted(const struct xdp_md *ctx)
{
	const struct ethhdr *eth = (void *)(long)ctx->data;

	if (!ethertype || (void *)(eth + 1) > (void *)(long)ctx->data_end)
		return false;
	/* bpf_htons() of a variable: an instruction, where a constant is converted by clang */
	return eth->h_proto == bpf_htons(ethertype);
}

SEC("xdp")
int drop_type(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, is_unwanted(ctx) ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "GPL";
