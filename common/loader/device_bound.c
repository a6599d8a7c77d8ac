// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include <bpf/btf.h>

#include "device_bound.h"
#include "load.h"
#include "privileges.h"

#define DEV_BOUND_ONLY (1U << 6) /* BPF_F_XDP_DEV_BOUND_ONLY of <linux/bpf.h>, Linux 6.3 */

bool object_reads_metadata(const struct bpf_object *obj)
{
	static const char prefix[] = "bpf_xdp_metadata_";
	const struct btf *btf = bpf_object__btf(obj);
	const __u32 count = btf ? btf__type_cnt(btf) : 0;

	for (__u32 id = 1; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, type->name_off);

		if (btf_is_func(type) && name && !strncmp(name, prefix, strlen(prefix)))
			return true;
	}
	return false;
}

int bind_to_device(const struct load *load, struct bpf_program *prog)
{
	char release[KERNEL_RELEASE_SIZE];

	if (load->mode == XDP_MODE_SKB || !object_reads_metadata(load->obj) ||
	    kernel_is_before(6, 3, release))
		return 0;
	bpf_program__set_ifindex(prog, load->ifindex);
	return bpf_program__set_flags(prog, bpf_program__flags(prog) | DEV_BOUND_ONLY);
}
