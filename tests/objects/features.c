// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An object that uses many features of libbpf, as a base for damaged objects. */
#include "xdp_stats_kern.h"

extern int LINUX_KERNEL_VERSION __kconfig;

struct record {
	__u64 packets;
	struct bpf_spin_lock lock;
};

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct record);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { &first, &second } };

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__uint(key_size, 6);
	__uint(value_size, 8);
} addresses SEC(".maps");

__u64 seen;                   /* .bss */
__u64 limit = 100;            /* .data */
static char last[32];         /* .bss */
const volatile int port = 80; /* .rodata */

static __attribute__((noinline)) int count(struct xdp_md *ctx, __u32 key)
{
	struct inner *map = bpf_map_lookup_elem(&outer, &key);
	struct record *record = map ? bpf_map_lookup_elem(map, &key) : NULL;

	if (!record)
		return XDP_PASS;
	bpf_spin_lock(&record->lock);
	record->packets++;
	bpf_spin_unlock(&record->lock);
	return ctx->ingress_ifindex == (__u32)port ? XDP_DROP : XDP_PASS;
}

/* A global function, which the verifier checks on its own. */
__attribute__((noinline)) int address(struct xdp_md *ctx)
{
	const __u64 one = 1;
	unsigned char *data = (void *)(long)ctx->data;

	if (data + 6 > (unsigned char *)(long)ctx->data_end)
		return -1;
	__builtin_memcpy(last, data, 6);
	return bpf_map_update_elem(&addresses, last, &one, BPF_ANY);
}

SEC("xdp")
int uses_all(struct xdp_md *ctx)
{
	int action = count(ctx, 0);

	seen++;
	if (address(ctx) || seen > limit || LINUX_KERNEL_VERSION < 0x40000)
		action = count(ctx, 1);
	return xdp_stats_record_action(ctx, action);
}

SEC("xdp.frags/devmap")
int on_the_way_out(struct xdp_md *ctx)
{
	return count(ctx, 1);
}

char _license[] SEC("license") = "GPL";
