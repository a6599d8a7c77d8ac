// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Marked for pinning by libbpf, which would pin the map in /sys/fs/bpf itself. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} marked SEC(".maps");

__u64 packets; /* lives in .bss, an internal map */

SEC("xdp")
int by_name(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&marked, &key);

	if (value)
		*value = ++packets;
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
