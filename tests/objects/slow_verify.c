// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The verifier walks through every round of the loop: it works on this for a second or so. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("xdp")
int slow_verify(struct xdp_md *ctx)
{
	volatile __u32 sum = 1;

	for (int i = 0; i < 30000; i++)
		sum += i;
	return xdp_stats_record_action(ctx, sum ? XDP_PASS : XDP_DROP);
}

char _license[] SEC("license") = "GPL";
