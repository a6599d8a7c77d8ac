// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A program of a user, with only the two lines that the header asks for. */
#include "xdp_stats_kern.h"

SEC("xdp")
int my_filter(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	unsigned char *data = (void *)(long)ctx->data;

	/* not one of the five actions: must be counted as XDP_ABORTED */
	if (data + 60 < (unsigned char *)data_end)
		return xdp_stats_record_action(ctx, 4711);
	return xdp_stats_record_action(ctx, XDP_DROP);
}

char _license[] SEC("license") = "GPL";
