// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int not_xdp(struct __sk_buff *skb)
{
	return skb->len ? 0 : 1;
}

char _license[] SEC("license") = "GPL";
