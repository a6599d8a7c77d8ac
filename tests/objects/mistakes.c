// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Mistakes that the verifier refuses, each next to the program that follows the hint:
 * tests/diagnosis.bats loads both.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

#include "xdp_stats_kern.h"

#define PROGRAM(name) SEC("xdp") int name(struct xdp_md *ctx __attribute__((unused)))

#define BEGIN(ctx) ((char *)(long)(ctx)->data)
#define END(ctx)   ((char *)(long)(ctx)->data_end)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} settings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64[8]);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} stages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct flow {
	char kind;
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, struct flow);
	__type(value, __u64);
} flows SEC(".maps");

const volatile __u32 limit = 3;

static __always_inline __u64 *setting(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&settings, &key);
}

static __always_inline __u64 *row(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&table, &key);
}

/* An earlier line of the log has map_value_or_null: it is not the reason. */
PROGRAM(offset_of_a_map)
{
	__u64 *offset = setting();

	if (!offset)
		return XDP_PASS;

	char *data = BEGIN(ctx) + *offset;

	return data + 1 > END(ctx) ? XDP_PASS : *data;
}

PROGRAM(offset_of_a_map_mended)
{
	__u64 *offset = setting();

	if (!offset)
		return XDP_PASS;

	const __u64 n = *offset;

	if (n > 1500)
		return XDP_ABORTED;

	char *data = BEGIN(ctx) + n;

	return data + 1 > END(ctx) ? XDP_PASS : *data;
}

/* The comparison with data_end is there, and does not help. */
PROGRAM(offset_of_the_packet)
{
	char *data = BEGIN(ctx);

	if (data + 4 > END(ctx))
		return XDP_PASS;
	data += *(__u32 *)data;
	return data + 1 > END(ctx) ? XDP_PASS : *data;
}

PROGRAM(offset_of_the_packet_mended)
{
	char *data = BEGIN(ctx);

	if (data + 4 > END(ctx))
		return XDP_PASS;

	const __u32 offset = *(__u32 *)data;

	if (offset > 1500)
		return XDP_ABORTED;
	data += offset;
	return data + 1 > END(ctx) ? XDP_PASS : *data;
}

PROGRAM(whole_packet)
{
	int sum = 0;

	for (char *data = BEGIN(ctx); data + 1 <= END(ctx); data++)
		sum += *data;
	return sum & 1 ? XDP_PASS : XDP_DROP;
}

PROGRAM(whole_packet_mended)
{
	int sum = 0;

	for (int i = 0; i < 128 && BEGIN(ctx) + i + 1 <= END(ctx); i++)
		sum += BEGIN(ctx)[i];
	return sum & 1 ? XDP_PASS : XDP_DROP;
}

PROGRAM(index_of_a_map)
{
	__u64 *values = row();

	return values ? values[bpf_get_prandom_u32()] & 3 : XDP_PASS;
}

PROGRAM(index_of_a_map_mended)
{
	const __u32 index = bpf_get_prandom_u32();
	__u64 *values = row();

	if (!values || index >= 8)
		return XDP_ABORTED;
	return values[index] & 3;
}

PROGRAM(beyond_a_value)
{
	volatile __u64 *values = row();

	return values ? values[8] & 3 : XDP_PASS;
}

/* An earlier line of the log has map_value_or_null. */
PROGRAM(field_of_others)
{
	__u64 *value = setting();

	return value && ctx->egress_ifindex == *value ? XDP_DROP : XDP_PASS;
}

PROGRAM(field_of_an_skb)
{
	return ((struct __sk_buff *)ctx)->priority ? XDP_DROP : XDP_PASS;
}

PROGRAM(half_a_field)
{
	return *(volatile __u16 *)&ctx->rx_queue_index ? XDP_DROP : XDP_PASS;
}

PROGRAM(write_to_context)
{
	ctx->rx_queue_index = 3;
	return XDP_PASS;
}

PROGRAM(loop_until_chance)
{
	__u32 rounds = 0;

	while (bpf_get_prandom_u32() != 7)
		rounds++;
	return rounds & 1 ? XDP_DROP : XDP_PASS;
}

PROGRAM(loop_until_chance_mended)
{
	__u32 rounds;

	for (rounds = 0; rounds < 100; rounds++)
		if (bpf_get_prandom_u32() == 7)
			break;
	return rounds & 1 ? XDP_DROP : XDP_PASS;
}

PROGRAM(loop_for_ever)
{
	for (;;)
		asm volatile("");
}

PROGRAM(many_branches)
{
	__u32 sum = 0;

	for (int i = 0; i < 3000; i++) {
		char *data = BEGIN(ctx) + i;

		if (data + 1 > END(ctx))
			break;
		if (*data == 'a')
			sum += 3;
		else if (*data == 'b')
			sum ^= 5;
		asm volatile("" : "+r"(sum));
	}
	return sum & 1 ? XDP_PASS : XDP_DROP;
}

static __attribute__((noinline)) int factorial(int n)
{
	return n ? factorial(n - 1) * (n + bpf_get_prandom_u32()) : 1;
}

PROGRAM(recursion)
{
	return factorial(4) & 3;
}

PROGRAM(after_adjust)
{
	struct ethhdr *eth = (void *)BEGIN(ctx);

	if ((char *)(eth + 1) > END(ctx) || bpf_xdp_adjust_head(ctx, -14))
		return XDP_PASS;
	eth->h_proto = 0;
	return XDP_PASS;
}

PROGRAM(after_adjust_mended)
{
	struct ethhdr *eth;

	if (bpf_xdp_adjust_head(ctx, -14))
		return XDP_PASS;
	eth = (void *)BEGIN(ctx);
	if ((char *)(eth + 1) > END(ctx))
		return XDP_PASS;
	eth->h_proto = 0;
	return XDP_PASS;
}

/* The packet is adjusted, but that is not the mistake. */
PROGRAM(address_of_the_packet)
{
	if (bpf_xdp_adjust_head(ctx, 4) || BEGIN(ctx) + 8 > END(ctx))
		return XDP_PASS;
	return *(char *)*(long *)BEGIN(ctx);
}

/* As an argument of a helper */
PROGRAM(after_adjust_as_key)
{
	char *data = BEGIN(ctx);

	if (data + 8 > END(ctx) || bpf_xdp_adjust_tail(ctx, -4))
		return XDP_PASS;
	return bpf_map_lookup_elem(&settings, data + 4) ? XDP_PASS : XDP_DROP;
}

PROGRAM(metadata)
{
	__u32 *mark = (void *)(long)ctx->data_meta;

	if ((char *)(mark + 1) > END(ctx))
		return XDP_PASS;
	return *mark ? XDP_PASS : XDP_DROP;
}

PROGRAM(metadata_mended)
{
	__u32 *mark = (void *)(long)ctx->data_meta;

	if ((char *)(mark + 1) > BEGIN(ctx))
		return XDP_ABORTED;
	return *mark ? XDP_PASS : XDP_DROP;
}

PROGRAM(read_at_the_end)
{
	return *(END(ctx) - 1) ? XDP_PASS : XDP_DROP;
}

PROGRAM(key_of_another_size)
{
	__u32 key = 3;

	return bpf_map_lookup_elem(&flows, &key) ? XDP_DROP : XDP_PASS;
}

PROGRAM(key_of_another_size_mended)
{
	struct flow key;

	__builtin_memset(&key, 0, sizeof(key));
	key.kind = 3;
	return bpf_map_lookup_elem(&flows, &key) ? XDP_DROP : XDP_PASS;
}

PROGRAM(lookup_as_key)
{
	return bpf_map_lookup_elem(&settings, setting()) ? XDP_DROP : XDP_PASS;
}

PROGRAM(lookup_as_key_mended)
{
	__u64 *value = setting();

	if (!value)
		return XDP_ABORTED;
	return bpf_map_lookup_elem(&settings, value) ? XDP_DROP : XDP_PASS;
}

PROGRAM(redirect_by_a_hash)
{
	return bpf_redirect_map(&settings, 0, 0);
}

PROGRAM(redirect_by_a_hash_mended)
{
	return bpf_redirect_map(&ports, 0, 0);
}

PROGRAM(tail_call_by_an_array)
{
	bpf_tail_call(ctx, &table, 0);
	return XDP_PASS;
}

PROGRAM(tail_call_by_an_array_mended)
{
	bpf_tail_call(ctx, &stages, 0);
	return XDP_PASS;
}

PROGRAM(look_up_a_program)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&stages, &key) ? XDP_PASS : XDP_DROP;
}

PROGRAM(write_to_a_constant)
{
	*(volatile __u32 *)&limit = 4;
	return XDP_PASS;
}

PROGRAM(event_not_returned)
{
	__u64 *event = bpf_ringbuf_reserve(&events, 8, 0);

	if (event)
		*event = 1;
	return XDP_PASS;
}

PROGRAM(event_not_returned_mended)
{
	__u64 *event = bpf_ringbuf_reserve(&events, 8, 0);

	if (!event)
		return XDP_ABORTED;
	*event = 1;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

PROGRAM(event_not_checked)
{
	__u64 *event = bpf_ringbuf_reserve(&events, 8, 0);

	*event = 1;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

PROGRAM(no_value)
{
	int value;

	asm volatile("%0 = r9" : "=r"(value));
	return value;
}

PROGRAM(shifted_pointer)
{
	char *data = BEGIN(ctx);

	asm volatile("%0 <<= 2" : "+r"(data));
	return (long)data & 1;
}

char _license[] SEC("license") = "GPL";
