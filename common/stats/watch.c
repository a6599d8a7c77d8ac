// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "watch.h"

/* Open what is pinned now in place of what we have. */
static void reopen(struct watch *watch, struct watch_change *change)
{
	struct stats_map new = STATS_MAP_CLOSED;
	bool had_map = watch->map.fd >= 0;

	change->event = WATCH_ABSENT;
	change->err = stats_map_open(watch->path, &new, change->why, sizeof(change->why));
	if (change->err == -ENOENT) /* unpinned a moment ago: the next call will tell */
		return;
	if (change->err && change->err == watch->refused)
		return;
	watch->refused = change->err;
	if (!change->err && had_map && new.id == watch->map.id)
		change->event = WATCH_SAME;
	else
		change->event = change->err ? WATCH_REFUSED
				: had_map   ? WATCH_REPLACED
					    : WATCH_PINNED;
	if (change->event != WATCH_SAME)
		watch->last = (struct stats_sample){ 0 };
	stats_map_close(&watch->map);
	watch->map = new;
}

void watch_follow(struct watch *watch, struct watch_change *change)
{
	ino_t inode;

	*change = (struct watch_change){ .previous_map_id = watch->map.id };
	change->err = stats_map_pin_inode(watch->path, &inode);
	if (!change->err) {
		if (watch->map.fd < 0 || inode != watch->map.pin_inode)
			reopen(watch, change);
		return;
	}
	change->event = watch->map.fd < 0 ? WATCH_ABSENT : WATCH_UNPINNED;
	stats_map_close(&watch->map);
	watch->refused = 0;
	watch->map = STATS_MAP_CLOSED;
	watch->last = (struct stats_sample){ 0 };
}

int watch_sample(struct watch *watch, const struct stats_buffer *buffer,
		 struct stats_sample *sample)
{
	__u64 before = clock_monotonic_ns();
	int err = stats_map_read(&watch->map, buffer, sample->action);

	sample->time_ns = before + (clock_monotonic_ns() - before) / 2;
	return err;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct watch *)a)->ifname, ((const struct watch *)b)->ifname);
}

static int compare_name(const void *ifname, const void *watch)
{
	return strcmp(ifname, ((const struct watch *)watch)->ifname);
}

static bool is_watched(const struct watch_list *list, const char *ifname)
{
	return list->count &&
	       bsearch(ifname, list->watches, list->count, sizeof(*list->watches), compare_name);
}

int watch_list_add(struct watch_list *list, const char *ifname)
{
	struct watch *grown, *new;

	if (is_watched(list, ifname))
		return 0;
	grown = realloc(list->watches, (list->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->watches = grown;
	new = &grown[list->count++];
	*new = (struct watch){ .map = STATS_MAP_CLOSED };
	snprintf(new->ifname, sizeof(new->ifname), "%s", ifname);
	pin_path(new->path, ifname, XDP_STATS_MAP_NAME);
	qsort(grown, list->count, sizeof(*grown), compare);
	return 0;
}

int watch_list_scan(struct watch_list *list)
{
	char ifname[IF_NAMESIZE], path[PIN_PATH_SIZE];
	struct dirent *entry;
	DIR *root;
	ino_t inode;
	int err = 0;

	root = opendir(BPFFS_ROOT);
	if (!root)
		return -errno;
	while (!err && (entry = readdir(root))) {
		if (pin_dir_ifname(ifname, entry->d_name) || is_watched(list, ifname))
			continue;
		pin_path(path, ifname, XDP_STATS_MAP_NAME);
		if (!stats_map_pin_inode(path, &inode))
			err = watch_list_add(list, ifname);
	}
	closedir(root);
	return err;
}

void watch_list_free(struct watch_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		stats_map_close(&list->watches[i].map);
	free(list->watches);
	*list = (struct watch_list){ 0 };
}
