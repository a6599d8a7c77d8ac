/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keeping user space from writing to a map. Functions return 0 or -errno and never print.
 */
#ifndef MAP_FREEZE_H
#define MAP_FREEZE_H

#include <stdbool.h>

#include <bpf/libbpf.h>

/*
 * Make the map read-only for user space; programs can still write to it. Success, too,
 * if it is already frozen or the kernel cannot freeze maps. Only for arrays can the
 * state be found out: map_is_frozen() is false for other maps.
 */
int map_freeze(const struct bpf_map *map);
bool map_is_frozen(const struct bpf_map *map);

#endif
