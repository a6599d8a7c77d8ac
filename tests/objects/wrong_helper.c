// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls a helper that is for other types of programs. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int wrong_helper(struct xdp_md *ctx)
{
	__u32 bytes;

	return bpf_skb_load_bytes(ctx, 0, &bytes, sizeof(bytes)) ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
