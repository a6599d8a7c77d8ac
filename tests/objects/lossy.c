// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs whose packets are lost after the verdict. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define NOWHERE 1000000 /* no interface has this index */

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} targets SEC(".maps");

/* The loader attaches only one; all have both maps. */
SEC("xdp")
int to_map(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, bpf_redirect_map(&targets, 0, 0));
}

SEC("xdp")
int to_nowhere(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, bpf_redirect(NOWHERE, 0));
}

SEC("xdp")
int to_no_target(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_REDIRECT);
}

SEC("xdp")
int unknown_action(struct xdp_md *ctx)
{
	xdp_stats_record_action(ctx, XDP_ABORTED);
	return 42;
}

char _license[] SEC("license") = "GPL";
