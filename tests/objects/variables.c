// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Variables and constants of each kind. With MOVED, the variables are laid out otherwise. */
#include "xdp_stats_kern.h"

#ifdef MOVED
__u64 other = 1;
#endif
__u64 seen;        /* .bss */
static __u32 runs; /* .bss */
__u64 limit = 100; /* .data */
__u32 custom SEC(".data.custom") = 7;

enum level { LOW, MIDDLE = 5, HIGH = 200 };

const volatile __u16 port = 80;
const volatile __s8 offset = -1;
const volatile __u64 large = 1;
const volatile _Bool drops;
const volatile enum level level = LOW;
const volatile char label[8] = "none";
const volatile __u8 address[4];
const volatile __u8 address6[16];
const volatile __u8 mac[6];
const volatile __be16 port_on_wire;
const volatile __be32 address_on_wire;
const volatile __u32 table[3] = { 1, 2, 3 };
static const volatile __u32 hidden = 3;
const __u32 folded = 9;

SEC("xdp")
int uses_variables(struct xdp_md *ctx)
{
	__u32 sum = port + offset + large + level + label[0] + address[0] + address6[0] + mac[0];

	seen++;
	runs += hidden;
	custom++;
	sum += port_on_wire + address_on_wire + table[ctx->rx_queue_index & 1] + folded;
	if (seen > limit || sum == 1)
		limit++;
	return xdp_stats_record_action(ctx, drops ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "GPL";
