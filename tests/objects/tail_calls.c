// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tail calls: the object itself fills one slot of `stages`, user space those of `later`.
 * clang emits the called program first, since it is referenced before the entry.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

int called(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct xdp_md *));
} stages SEC(".maps") = {
	.values = { [1] = (void *)&called },
};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} later SEC(".maps");

SEC("xdp")
int first(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &later, 0);
	bpf_tail_call(ctx, &stages, 1);
	return xdp_stats_record_action(ctx, XDP_ABORTED); /* no call was made */
}

SEC("xdp")
int another_first(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	return xdp_stats_record_action(ctx, XDP_ABORTED);
}

SEC("xdp")
int called(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

SEC("xdp")
int by_hand(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_DROP);
}

char _license[] SEC("license") = "GPL";
