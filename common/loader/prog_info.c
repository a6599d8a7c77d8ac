// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "prog_info.h"

int prog_info_read(int prog_fd, struct prog_info *facts)
{
	struct bpf_prog_info info = { .nr_map_ids = USED_MAPS_MAX };
	__u32 length = sizeof(info);
	int err;

	memset(facts, 0, sizeof(*facts));
	if (prog_fd < 0)
		return 0;
	info.map_ids = (__u64)(unsigned long)facts->map_ids;
	err = bpf_obj_get_info_by_fd(prog_fd, &info, &length);
	if (err)
		return err;
	memcpy(facts->tag, info.tag, sizeof(facts->tag));
	prog_name_read(prog_fd, &info, facts->name);
	facts->load_time_ns = info.load_time;
	facts->run_time_ns = info.run_time_ns;
	facts->run_count = info.run_cnt;
	facts->map_count = info.nr_map_ids < USED_MAPS_MAX ? info.nr_map_ids : USED_MAPS_MAX;
	return 0;
}

bool prog_info_has_map(const struct prog_info *facts, __u32 map_id)
{
	for (__u32 i = 0; i < facts->map_count; i++)
		if (facts->map_ids[i] == map_id)
			return true;
	return false;
}

bool prog_uses_map(int prog_fd, __u32 map_id)
{
	struct prog_info facts;

	return !prog_info_read(prog_fd, &facts) && prog_info_has_map(&facts, map_id);
}

int prog_info_find_user(__u32 map_id, const struct map_progs *except, struct map_user *user)
{
	struct prog_info facts;
	__u32 id = 0;
	int fd, err;

	while (!(err = bpf_prog_get_next_id(id, &id))) {
		if (map_progs_have(except, id))
			continue;
		fd = bpf_prog_get_fd_by_id(id);
		if (fd == -ENOENT) /* already unloaded */
			continue;
		if (fd < 0)
			return fd;
		err = prog_info_read(fd, &facts);
		close(fd);
		if (err)
			return err;
		if (prog_info_has_map(&facts, map_id)) {
			user->prog_id = id;
			memcpy(user->name, facts.name, sizeof(user->name));
			return 1;
		}
	}
	return err == -ENOENT ? 0 : err;
}

__u32 prog_info_find_link(int ifindex, __u32 prog_id)
{
	__u32 id = 0;

	while (!bpf_link_get_next_id(id, &id)) {
		struct bpf_link_info info = { 0 };
		__u32 length = sizeof(info);
		int fd = bpf_link_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (bpf_obj_get_info_by_fd(fd, &info, &length))
			info.type = BPF_LINK_TYPE_UNSPEC;
		close(fd);
		if (info.type == BPF_LINK_TYPE_XDP && info.prog_id == prog_id &&
		    (int)info.xdp.ifindex == ifindex)
			return id;
	}
	return 0;
}
