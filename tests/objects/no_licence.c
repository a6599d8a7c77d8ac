// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Uses a helper that only GPL-compatible programs may call, without a license. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int unlicensed(struct xdp_md *ctx)
{
	static const char format[] = "%d";

	return bpf_trace_printk(format, sizeof(format), ctx->ingress_ifindex) ? XDP_PASS : XDP_DROP;
}
