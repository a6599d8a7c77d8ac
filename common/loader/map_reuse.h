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
 * Can the map be reused? Maps for the global data of a program cannot: their layout and
 * initial values belong to the object.
 */
bool map_is_reusable(const struct bpf_map *map);

struct load;

/*
 * Does a pinned map take the place of this one: with --reuse-maps, if a map of its name is
 * pinned? Not for a PROG_ARRAY that the object fills: libbpf would overwrite the slots
 * that the old program still uses.
 */
bool map_is_reused(const struct load *load, const struct bpf_map *map);

/* The checks of map_reuse(), with the same result, but nothing is changed. */
int map_compare(const struct bpf_map *map, const struct bpf_object *obj, const char *path,
		char differs[DIFFERS_SIZE]);

/*
 * Use the map pinned at path for map, of an object that is open and not loaded. Type,
 * key size, value size, entries, flags and name must be the same. If both sides have
 * BTF, the names, offsets and types of members must be the same, too. Returns 0 or
 * -errno: -EPROTO if they differ; differs then has a line for each difference, such as
 * "value_size: pinned 16, object 24".
 */
int map_reuse(struct bpf_map *map, const struct bpf_object *obj, const char *path,
	      char differs[DIFFERS_SIZE]);

#endif
