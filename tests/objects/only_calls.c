// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The entry program only calls; what it calls counts.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

int counts(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct xdp_md *));
} calls SEC(".maps") = {
	.values = { [0] = (void *)&counts },
};

SEC("xdp")
int only_calls(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &calls, 0);
	return XDP_ABORTED;
}

SEC("xdp")
int counts(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
