/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which programs use a map, whatever they are attached to and wherever.
 */
#ifndef MAP_USERS_H
#define MAP_USERS_H

#include <stdbool.h>

#include <linux/types.h>

/* Is map_id one of the maps of the program behind fd? False where fd is -1. */
bool prog_uses_map(int prog_fd, __u32 map_id);

struct map_user {
	__u32 prog_id;
	char name[16]; /* as the kernel keeps it */
};

/*
 * Look through all programs that are loaded for one that uses the map. Returns 1
 * with *user filled in, 0 when there is none, or -errno: -EPERM without
 * CAP_SYS_ADMIN, which looking at all programs takes.
 */
int map_find_user(__u32 map_id, struct map_user *user);

#endif
