// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel keeps 15 bytes of a name. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} settings_of_the_first_program SEC(".maps");

SEC("xdp")
int drop_what_is_too_long_for_us(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *limit = bpf_map_lookup_elem(&settings_of_the_first_program, &key);

	return xdp_stats_record_action(ctx, limit && *limit ? XDP_DROP : XDP_PASS);
}

char _license[] SEC("license") = "GPL";
