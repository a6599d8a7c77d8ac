// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "load.h"
#include "object.h"
#include "pin.h"
#include "shared_maps.h"

void marked_maps_add(struct marked_maps *marked, const struct bpf_map *map)
{
	if (marked->count < MARKED_MAX)
		marked->maps[marked->count++] = map;
}

bool marked_maps_have(const struct marked_maps *marked, const struct bpf_map *map)
{
	for (size_t i = 0; i < marked->count; i++)
		if (marked->maps[i] == map)
			return true;
	return false;
}

bool map_is_shared(const struct load *load, const struct bpf_map *map)
{
	return load->opts->share_from && marked_maps_have(&load->marked, map);
}

int shared_maps_check(struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (!load->opts->share_from)
		return 0;
	if (!strcmp(load->opts->share_from, load->ifname))
		return -EINVAL;
	if (!load->marked.count)
		return -ENODATA;
	for (size_t i = 0; i < load->marked.count; i++) {
		load->map = (struct bpf_map *)load->marked.maps[i];
		map_previous_path(load, load->map, path);
		if (access(path, F_OK))
			return -errno;
	}
	load->map = NULL;
	return 0;
}

static bool is_pinned_at(const char *path, __u32 map_id)
{
	struct bpf_map_info info;
	int fd = pin_open_map(path, &info);

	if (fd < 0)
		return false;
	close(fd);
	return info.id == map_id;
}

size_t shared_maps_for_each(const char *pin_name, __u32 map_id, const char *ifname,
			    shared_maps_visit *visit, void *data)
{
	char other[IF_NAMESIZE], path[PIN_PATH_SIZE];
	DIR *root = opendir(BPFFS_ROOT);
	struct dirent *entry;
	size_t count = 0;

	while (root && (entry = readdir(root))) {
		if (entry->d_type != DT_DIR || pin_dir_ifname(other, entry->d_name) ||
		    !strcmp(other, ifname))
			continue;
		pin_path(path, other, pin_name);
		if (access(path, F_OK) || !is_pinned_at(path, map_id))
			continue;
		if (visit)
			visit(other, data);
		count++;
	}
	if (root)
		closedir(root);
	return count;
}
