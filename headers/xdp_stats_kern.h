/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Count packets in any XDP program. Include this file and end the program with
 *
 *	return xdp_stats_record_action(ctx, XDP_PASS);
 *
 * (xdp_stats_record_action_frags() in a program of SEC("xdp.frags")). The object then
 * holds the map xdp_stats_map, which xdp_loader pins and xdp_stats prints.
 */
#ifndef XDP_STATS_KERN_H
#define XDP_STATS_KERN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern_user.h"

/*
 * One set of records for each CPU. One CPU handles a packet from start to end, in
 * softirq context, and nothing that writes these records can interrupt it. So a plain
 * addition is exact, and CPUs do not share cache lines. One shared record would need
 * atomic instructions and would be slower.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XDP_ACTION_MAX);
	__type(key, __u32);
	__type(value, struct datarec);
} xdp_stats_map SEC(".maps");

static __always_inline __u32 xdp_stats_record(__u32 action, __u64 bytes)
{
	/* The kernel treats an unknown action as XDP_ABORTED: count it as such. */
	if (action >= XDP_ACTION_MAX)
		action = XDP_ABORTED;

	/* The helper needs a key on the stack; action itself stays in a register. */
	__u32 key = action;
	struct datarec *rec = bpf_map_lookup_elem(&xdp_stats_map, &key);

	/* Every entry of an array exists, but the verifier requires the check. */
	if (rec) {
		rec->rx_packets++;
		rec->rx_bytes += bytes;
	}
	return action;
}

/*
 * Read ctx->data or ctx->data_end with an instruction that clang cannot change. In C
 * the field has 32 bits: after a comparison, clang with -mcpu=v3 (the default of newer
 * versions) may copy only the low 32 bits, and with -O3 any clang may pass the field to
 * a subprogram in place of ctx. The verifier then sees a number, not a pointer, and
 * rejects the subtraction.
 */
#define xdp_stats_pointer(ctx, field)                                                              \
	({                                                                                         \
		void *pointer;                                                                     \
                                                                                                   \
		asm volatile("%0 = *(u32 *)(%1 + %2)"                                              \
			     : "=r"(pointer)                                                       \
			     : "r"(ctx), "i"(__builtin_offsetof(struct xdp_md, field)));           \
		pointer;                                                                           \
	})

/*
 * Count the packet of ctx under action. Returns action, or XDP_ABORTED if it is none of
 * the five. For SEC("xdp"): such a program only gets packets in one fragment, so their
 * length is a subtraction.
 */
static __always_inline __u32 xdp_stats_record_action(struct xdp_md *ctx, __u32 action)
{
	void *data = xdp_stats_pointer(ctx, data);
	void *data_end = xdp_stats_pointer(ctx, data_end);

	return xdp_stats_record(action, data_end - data);
}

/*
 * The same for SEC("xdp.frags"). There data_end is the end of the first fragment only;
 * the helper adds up the lengths of all fragments. It needs kernel 5.18.
 */
static __always_inline __u32 xdp_stats_record_action_frags(struct xdp_md *ctx, __u32 action)
{
	return xdp_stats_record(action, bpf_xdp_get_buff_len(ctx));
}

#endif
