// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch.h"

void watch_init(struct watch *watch, const char *ifname, const char *map)
{
	*watch = (struct watch){ .fd = -1, .err = -ENOENT };
	snprintf(watch->ifname, sizeof(watch->ifname), "%s", ifname);
	pin_path(watch->path, ifname, map);
}

void watch_init_pin(struct watch *watch, const char *path)
{
	*watch = (struct watch){ .fd = -1, .err = -ENOENT };
	snprintf(watch->path, sizeof(watch->path), "%s", path);
}

const char *watch_subject(const struct watch *watch)
{
	return *watch->ifname ? watch->ifname : watch->path;
}

void watch_close(struct watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	watch->previous_map_id = watch->map_id;
	watch->map_id = 0;
	watch->ifindex = 0;
	watch->no_batch = false;
	watch->read_err = 0;
	watch->last = (struct stats_sample){ 0 };
}

enum watch_event watch_refuse(struct watch *watch, int err)
{
	const bool had_map = watch->fd >= 0, is_told = !had_map && watch->err == err;

	if (had_map)
		watch_close(watch);
	watch->err = err;
	if (err == -ENOENT)
		return had_map ? WATCH_UNPINNED : WATCH_SAME;
	return is_told ? WATCH_SAME : WATCH_REFUSED;
}

enum watch_event watch_look(struct watch *watch)
{
	struct stat st;

	if (stat(watch->path, &st))
		return watch_refuse(watch, -errno);
	watch->inode_now = st.st_ino;
	return watch->fd >= 0 && watch->inode == st.st_ino ? WATCH_SAME : WATCH_CHANGED;
}

enum watch_event watch_take(struct watch *watch, int fd, __u32 map_id, bool is_per_cpu)
{
	const bool had_map = watch->fd >= 0;

	/* the inode of before the open: a pin replaced in between is seen as replaced */
	watch->inode = watch->inode_now;
	if (had_map && watch->map_id == map_id) {
		close(fd);
		return WATCH_SAME;
	}
	watch_close(watch);
	watch->fd = fd;
	watch->err = 0;
	watch->map_id = map_id;
	watch->is_per_cpu = is_per_cpu;
	return had_map ? WATCH_REPLACED : WATCH_PINNED;
}
