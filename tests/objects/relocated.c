// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asks the kernel's BTF about its types (CO-RE). */
#include "xdp_stats_kern.h"
#include <bpf/bpf_core_read.h>

enum xdp_mem_type { MEM_TYPE_PAGE_POOL = 99 };

struct xdp_mem_info {
	__u32 type;
} __attribute__((preserve_access_index));

struct xdp_rxq_info {
	struct xdp_mem_info mem;
} __attribute__((preserve_access_index));

struct xdp_buff {
	struct xdp_rxq_info *rxq;
} __attribute__((preserve_access_index));

SEC("xdp")
int relocated(struct xdp_md *ctx)
{
	__u32 at = bpf_core_field_offset(struct xdp_buff, rxq);
	int action = XDP_PASS;

	at += bpf_core_field_offset(struct xdp_rxq_info, mem.type);
	if (!bpf_core_field_exists(struct xdp_buff, rxq) || at > 4096 ||
	    bpf_core_type_size(struct xdp_mem_info) > 4096)
		action = XDP_DROP;
	return xdp_stats_record_action(ctx, action);
}

char _license[] SEC("license") = "GPL";
