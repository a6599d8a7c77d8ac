// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "map_progs.h"

/* What a look-up writes: the id alone, or struct bpf_devmap_val and bpf_cpumap_val. */
struct slot {
	__u32 first; /* the program of a PROG_ARRAY; an interface, or the size of a queue */
	__u32 prog_id;
};

static bool has_programs(const struct bpf_map_info *info)
{
	switch (info->type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return info->key_size == sizeof(__u32) && info->value_size == sizeof(__u32);
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
		return info->key_size == sizeof(__u32) && info->value_size == sizeof(struct slot);
	default:
		return false;
	}
}

static int add(struct map_progs *progs, __u32 id)
{
	__u32 *grown;

	if (!id || map_progs_have(progs, id))
		return 0;
	grown = realloc(progs->ids, (progs->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	progs->ids = grown;
	progs->ids[progs->count++] = id;
	return 0;
}

int map_progs_add(struct map_progs *progs, int map_fd, const struct bpf_map_info *info)
{
	const bool is_array = info->type == BPF_MAP_TYPE_PROG_ARRAY;
	__u32 key, *previous = NULL;
	int err = 0;

	if (!has_programs(info))
		return 0;
	while (!err && !bpf_map_get_next_key(map_fd, previous, &key)) {
		struct slot slot = { 0 };

		if (!bpf_map_lookup_elem(map_fd, &key, &slot))
			err = add(progs, is_array ? slot.first : slot.prog_id);
		previous = &key;
	}
	return err;
}

bool map_progs_have(const struct map_progs *progs, __u32 prog_id)
{
	for (size_t i = 0; i < progs->count; i++)
		if (progs->ids[i] == prog_id)
			return true;
	return false;
}

void map_progs_free(struct map_progs *progs)
{
	free(progs->ids);
	*progs = (struct map_progs){ 0 };
}
