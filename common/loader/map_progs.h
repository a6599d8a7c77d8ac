/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs in the slots of maps, to which the program of an interface can give a packet:
 * those of a PROG_ARRAY, a DEVMAP or a CPUMAP. Such a program lives as long as its slot, and
 * belongs to whoever has the map. Functions never print.
 */
#ifndef MAP_PROGS_H
#define MAP_PROGS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>

/* Starts as zeroes; the caller frees it with map_progs_free(). */
struct map_progs {
	__u32 *ids;
	size_t count;
};

/*
 * Add the programs in the slots of a map, if its type has programs. map_fd and info are of
 * the map. Returns 0 or -ENOMEM; slots that cannot be read are skipped.
 */
int map_progs_add(struct map_progs *progs, int map_fd, const struct bpf_map_info *info);
bool map_progs_have(const struct map_progs *progs, __u32 prog_id);
void map_progs_free(struct map_progs *progs);

#endif
