/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Maps that several interfaces pin. An object marks a map for that by LIBBPF_PIN_BY_NAME,
 * and --share-from names an interface whose map it is. Such a map ends with its last
 * pin, so that no interface loses it to another. Functions never print.
 */
#ifndef SHARED_MAPS_H
#define SHARED_MAPS_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

#include "pin_path.h"

#define MARKED_MAX 64

/* The maps of an object that are marked. */
struct marked_maps {
	const struct bpf_map *maps[MARKED_MAX];
	size_t count;
};

void marked_maps_add(struct marked_maps *marked, const struct bpf_map *map);
bool marked_maps_have(const struct marked_maps *marked, const struct bpf_map *map);

struct load;

/* Does --share-from give this map? */
bool map_is_shared(const struct load *load, const struct bpf_map *map);

/*
 * Can the maps be shared as the user wants? Returns 0, also without --share-from, or
 * -errno: -EINVAL for an interface with itself, -ENODATA if no map is marked, -ENOENT if
 * the other interface has no pin for load->map.
 */
int shared_maps_check(struct load *load);

typedef void shared_maps_visit(const char *ifname, void *data);

/*
 * Visit the other interfaces that pin the map under this name; visit may be NULL.
 * Returns how many there are.
 */
size_t shared_maps_for_each(const char *pin_name, __u32 map_id, const char *ifname,
			    shared_maps_visit *visit, void *data);

#endif
