/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Load a program with maps that are already pinned, so that their contents are kept.
 * Functions return 0 or -errno and never print.
 */
#ifndef MAP_REUSE_H
#define MAP_REUSE_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

#include "pin_dir.h"

#define DIFFERS_SIZE 1024

/*
 * Can the map be reused? Not a map of constants: they belong to the object.
 */
bool map_is_reusable(const struct bpf_map *map);

struct load;

/*
 * Is there a pinned map to take the place of this one: with --reuse-maps, one of its
 * name; with --share-from, that of the other interface? Not for a PROG_ARRAY that the object fills:
 * libbpf would overwrite the slots that the old program still uses.
 */
bool map_has_previous(const struct load *load, const struct bpf_map *map);

/* Where that map is pinned: for this interface, or with --share-from for another one. */
void map_previous_path(const struct load *load, const struct bpf_map *map,
		       char path[PIN_PATH_SIZE]);

/*
 * Does it take the place of this one? Known after map_reuse(): variables whose layout has
 * changed begin anew.
 */
bool map_is_reused(const struct load *load, const struct bpf_map *map);

/*
 * Use the pinned map for map, of load->obj, which is open and not loaded. Type,
 * key size, value size, entries, flags and name must be the same. If both sides have
 * BTF, the names, offsets and types of members must be the same, too. In a dry run this
 * is only checked. Returns 0 or -errno: -EPROTO if they differ; load->differs then has a
 * line for each difference, such as "value_size: pinned 16, object 24".
 *
 * A map of variables needs BTF on both sides, and not the same name. If it differs,
 * the result is 0, and load->globals says so.
 */
int map_reuse(struct load *load, struct bpf_map *map);

#endif
