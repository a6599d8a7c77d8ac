// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include <bpf/bpf.h>

#include "map_freeze.h"

#define FREEZE_TRIES 1000

static bool is_array(const struct bpf_map *map)
{
	const enum bpf_map_type type = bpf_map__type(map);

	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

/* A delete in an array always fails: with EPERM only if the map is frozen. */
bool map_is_frozen(const struct bpf_map *map)
{
	const __u32 key = 0;

	return is_array(map) && bpf_map_delete_elem(bpf_map__fd(map), &key) == -EPERM;
}

int map_freeze(const struct bpf_map *map)
{
	int err = 0;

	for (int i = 0; i < FREEZE_TRIES; i++) {
		err = bpf_map_freeze(bpf_map__fd(map));
		/* busy: already frozen, or another process is writing to it */
		if (err != -EBUSY || !is_array(map) || map_is_frozen(map))
			break;
	}
	if (err == -EBUSY && (!is_array(map) || map_is_frozen(map)))
		return 0;
	return err == -EINVAL ? 0 : err; /* kernels before 5.2 cannot */
}
