// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A small file with global variables of half a gigabyte. */
#include "xdp_stats_kern.h"

static volatile char room[1 << 29];

SEC("xdp")
int huge(struct xdp_md *ctx)
{
	room[0]++;
	return xdp_stats_record_action(ctx, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
