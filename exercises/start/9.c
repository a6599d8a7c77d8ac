// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exercise 9: drop the frames whose EtherType is the constant "ethertype", which is set
 * when the program is loaded. Pass the others; pass all if it is 0.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("xdp")
int drop_type(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
