// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exercise 6: pass every packet, count it in xdp_stats_map, and in proto_map under its
 * IP protocol number.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("xdp")
int count_protocols(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
