// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Exercise 5: drop UDP over IPv6 to port 7, pass everything else, and count each
 * packet under its action.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

SEC("xdp")
int drop_echo(struct xdp_md *ctx)
{
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
