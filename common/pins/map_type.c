// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include <linux/bpf.h>

#include "map_type.h"

/*
 * By number: enum bpf_map_type of the headers may be older than the kernel. Arrays, not pointers,
 * which would take three times as much of the file.
 */
static const char names[][sizeof("percpu_cgroup_storage")] = {
	[1] = "hash",
	[2] = "array",
	[3] = "prog_array",
	[4] = "perf_event_array",
	[5] = "percpu_hash",
	[6] = "percpu_array",
	[7] = "stack_trace",
	[8] = "cgroup_array",
	[9] = "lru_hash",
	[10] = "lru_percpu_hash",
	[11] = "lpm_trie",
	[12] = "array_of_maps",
	[13] = "hash_of_maps",
	[14] = "devmap",
	[15] = "sockmap",
	[16] = "cpumap",
	[17] = "xskmap",
	[18] = "sockhash",
	[19] = "cgroup_storage",
	[20] = "reuseport_sockarray",
	[21] = "percpu_cgroup_storage",
	[22] = "queue",
	[23] = "stack",
	[24] = "sk_storage",
	[25] = "devmap_hash",
	[26] = "struct_ops",
	[27] = "ringbuf",
	[28] = "inode_storage",
	[29] = "task_storage",
	[30] = "bloom_filter",
	[31] = "user_ringbuf",
	[32] = "cgrp_storage",
	[33] = "arena",
};

const char *map_type_name(__u32 type)
{
	static char number[sizeof("type 4294967295")];

	if (type < sizeof(names) / sizeof(names[0]) && *names[type])
		return names[type];
	snprintf(number, sizeof(number), "type %u", type);
	return number;
}
