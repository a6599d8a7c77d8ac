// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program without counting, for comparison. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int empty(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
