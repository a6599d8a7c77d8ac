// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps that need entries from user space. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} sockets SEC(".maps");

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	return ctx->rx_queue_index ? bpf_redirect_map(&sockets, 0, 0)
				   : bpf_redirect_map(&ports, 0, 0);
}

char _license[] SEC("license") = "GPL";
