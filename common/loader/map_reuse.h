/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Giving a program the maps that its predecessor has pinned, so that what is in
 * them goes on. Functions return 0 or -errno and never print.
 */
#ifndef MAP_REUSE_H
#define MAP_REUSE_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

#include "pin_dir.h"

#define DIFFERS_SIZE 1024

/*
 * Does map take part in reuse? Maps that hold a program's own data do not: their
 * layout and their initial values belong to the object.
 */
bool map_is_reusable(const struct bpf_map *map);

/*
 * Would map_reuse() work? The same checks and results; nothing is changed.
 */
int map_compare(const struct bpf_map *map, const struct bpf_object *obj, const char *path,
		char differs[DIFFERS_SIZE]);

/*
 * Have map, of an object that is open and not loaded, stand for the one that is
 * pinned at path. Type, key size, value size, entries and flags must be the same,
 * and where both sides carry BTF, so must members' names, places and types.
 * Returns 0 or -errno: -EPROTO when they differ; differs then has
 * a line for each difference, such as "value_size: pinned 16, object 24".
 */
int map_reuse(struct bpf_map *map, const struct bpf_object *obj, const char *path,
	      char differs[DIFFERS_SIZE]);

/*
 * Have user space only read the map from now on; programs go on writing to it. Not an
 * error: it is frozen already, or the kernel cannot do that. Whether it is frozen can be
 * told of arrays alone.
 */
int map_freeze(const struct bpf_map *map);
bool map_is_frozen(const struct bpf_map *map);

#endif
