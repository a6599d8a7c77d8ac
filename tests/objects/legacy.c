// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Map definitions from before BTF, which libbpf does not support since 1.0. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") xdp_stats_map = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.key_size = 4,
	.value_size = 16,
	.max_entries = 5,
};

SEC("xdp")
int legacy(struct xdp_md *ctx)
{
	__u32 key = XDP_PASS;

	return bpf_map_lookup_elem(&xdp_stats_map, &key) && ctx->data ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
