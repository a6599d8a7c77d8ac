// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A map of any shape, given by -D: tests/maps.bats compiles it for each type of map. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#ifndef TYPE
#define TYPE    BPF_MAP_TYPE_ARRAY
#define KEY     4
#define VALUE   8
#define ENTRIES 2
#define FLAGS   0
#endif

#ifdef INNER
struct inner {
	__uint(type, INNER);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
};
#endif

struct {
	__uint(type, TYPE);
	__uint(key_size, KEY);
	__uint(value_size, VALUE);
	__uint(max_entries, ENTRIES);
	__uint(map_flags, FLAGS);
#ifdef NODE
	__uint(numa_node, NODE);
#endif
#ifdef INNER
	__array(values, struct inner);
#endif
} shape SEC(".maps");

SEC("xdp")
int use_shape(struct xdp_md *ctx)
{
	return (long)&shape == ctx->ingress_ifindex ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
