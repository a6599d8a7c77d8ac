/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The same two programs for every way of counting. Include this file after
 * defining count(ctx, action), which counts the packet and returns the action.
 */
#ifndef PROGRAMS_H
#define PROGRAMS_H

/* What is attached: one packet, one record. */
SEC("xdp")
int once(struct xdp_md *ctx)
{
	return count(ctx, XDP_DROP);
}

/*
 * What is timed: RECORDS records a run, so that the run itself, which takes ten
 * times as long as a record, is divided by as many.
 */
#define RECORDS 1000

SEC("xdp")
int many(struct xdp_md *ctx)
{
#pragma clang loop unroll(disable)
	for (int i = 0; i < RECORDS; i++)
		count(ctx, XDP_DROP);
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";

#endif
