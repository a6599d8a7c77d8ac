// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "map_users.h"

#define USED_MAPS_MAX 64 /* MAX_USED_MAPS of the kernel: maps of one program */

static bool get_info(int prog_fd, __u32 map_id, struct bpf_prog_info *info)
{
	__u32 ids[USED_MAPS_MAX], length = sizeof(*info);

	*info = (struct bpf_prog_info){
		.nr_map_ids = USED_MAPS_MAX,
		.map_ids = (__u64)(unsigned long)ids,
	};
	if (bpf_obj_get_info_by_fd(prog_fd, info, &length))
		return false;
	for (__u32 i = 0; i < info->nr_map_ids && i < USED_MAPS_MAX; i++)
		if (ids[i] == map_id)
			return true;
	return false;
}

bool prog_uses_map(int prog_fd, __u32 map_id)
{
	struct bpf_prog_info info;

	return prog_fd >= 0 && get_info(prog_fd, map_id, &info);
}

int map_find_user(__u32 map_id, struct map_user *user)
{
	struct bpf_prog_info info;
	__u32 id = 0;
	int fd, err;

	while (!(err = bpf_prog_get_next_id(id, &id))) {
		fd = bpf_prog_get_fd_by_id(id);
		if (fd == -ENOENT) /* unloaded since */
			continue;
		if (fd < 0)
			return fd;
		if (get_info(fd, map_id, &info)) {
			user->prog_id = id;
			snprintf(user->name, sizeof(user->name), "%s", info.name);
			close(fd);
			return 1;
		}
		close(fd);
	}
	return err == -ENOENT ? 0 : err;
}
