// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "map_shape.h"
#include "pin.h"
#include "stats_map.h"

int stats_buffer_alloc(struct stats_buffer *buffer, size_t cpus)
{
	buffer->records = calloc(XDP_ACTION_MAX * cpus, sizeof(*buffer->records));
	buffer->cpus = cpus;
	return buffer->records ? 0 : -ENOMEM;
}

void stats_buffer_free(struct stats_buffer *buffer)
{
	free(buffer->records);
	buffer->records = NULL;
}

int stats_map_pin_inode(const char *path, ino_t *inode)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	*inode = st.st_ino;
	return 0;
}

static int check_shape(const struct bpf_map_info *info, char *why, size_t size)
{
	struct map_shape pinned = map_shape_of(info), expected = {
		.type = info->type == BPF_MAP_TYPE_ARRAY ? info->type : BPF_MAP_TYPE_PERCPU_ARRAY,
		.key_size = sizeof(__u32),
		.value_size = sizeof(struct datarec),
		.max_entries = XDP_ACTION_MAX,
	};
	struct text differs = text_in(why, size);

	map_shape_compare(&differs, &pinned, &expected, "expected");
	return differs.used ? -EPROTO : 0;
}

int stats_map_open(const char *path, struct stats_map *map, char *why, size_t size)
{
	struct bpf_map_info info;
	ino_t inode = 0;
	int fd, err;

	/* Before the open: a pin replaced in between is then seen as replaced. */
	err = stats_map_pin_inode(path, &inode);
	if (err)
		return err;
	fd = pin_open_map(path, &info);
	if (fd < 0)
		return fd;
	err = check_shape(&info, why, size);
	if (err) {
		close(fd);
		return err;
	}
	*map = (struct stats_map){ .fd = fd, .id = info.id, .type = info.type, .pin_inode = inode };
	return 0;
}

void stats_map_close(struct stats_map *map)
{
	if (map->fd >= 0)
		close(map->fd);
	map->fd = -1;
}

/* All entries in one call: records[action * cpus + cpu]. */
static int look_up_batch(int fd, struct datarec *records)
{
	__u32 keys[XDP_ACTION_MAX], next, count = XDP_ACTION_MAX;
	int err = bpf_map_lookup_batch(fd, NULL, &next, keys, records, &count, NULL);

	/* -ENOENT says that these were the last ones, which is right for us */
	if (err && err != -ENOENT)
		return err;
	return count == XDP_ACTION_MAX ? 0 : -EPROTO;
}

static int look_up_each(int fd, struct datarec *records, size_t cpus)
{
	int err = 0;

	for (__u32 action = 0; !err && action < XDP_ACTION_MAX; action++)
		err = bpf_map_lookup_elem(fd, &action, records + action * cpus);
	return err;
}

int stats_map_read(struct stats_map *map, const struct stats_buffer *buffer,
		   struct datarec sum[XDP_ACTION_MAX])
{
	const size_t cpus = map->type == BPF_MAP_TYPE_PERCPU_ARRAY ? buffer->cpus : 1;
	const struct datarec *record = buffer->records;
	int err = -EINVAL;

	if (!map->no_batch)
		err = look_up_batch(map->fd, buffer->records);
	if (err == -EINVAL || err == -ENOTSUP || err == -524 /* the kernel's ENOTSUPP */) {
		err = look_up_each(map->fd, buffer->records, cpus);
		map->no_batch = !err;
	}
	if (err)
		return err;
	memset(sum, 0, XDP_ACTION_MAX * sizeof(*sum));
	for (int action = 0; action < XDP_ACTION_MAX; action++) {
		for (size_t cpu = 0; cpu < cpus; cpu++, record++) {
			sum[action].rx_packets += record->rx_packets;
			sum[action].rx_bytes += record->rx_bytes;
		}
	}
	return 0;
}
