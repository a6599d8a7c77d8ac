// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Drops packets and counts none: what xdp_drop_func would be without its counter. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int empty(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
