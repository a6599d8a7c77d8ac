/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pinned statistics map, seen by a reader: opened by its path, checked, and
 * read with the bpf(2) wrappers of <bpf/bpf.h> alone. Functions return 0 or
 * -errno and never print.
 */
#ifndef STATS_MAP_H
#define STATS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "xdp_stats_kern_user.h"

struct stats_map {
	int fd;          /* -1 when not open */
	__u32 id;        /* the kernel's number of this map */
	__u32 type;      /* enum bpf_map_type */
	ino_t pin_inode; /* of the pin that it was opened by */
	bool no_batch;   /* the kernel is too old for batch look-ups in this type */
};

#define STATS_MAP_CLOSED ((struct stats_map){ .fd = -1 })

/* Where a look-up puts its answer: one for all maps of a process. */
struct stats_buffer {
	struct datarec *records; /* XDP_ACTION_MAX times cpus of them */
	size_t cpus;             /* possible CPUs */
};

/* Returns 0 or -ENOMEM. The caller frees it with stats_buffer_free(). */
int stats_buffer_alloc(struct stats_buffer *buffer, size_t cpus);
void stats_buffer_free(struct stats_buffer *buffer);

/*
 * Open the map pinned at path, for reading only, and check its shape. On success
 * the caller closes it with stats_map_close(); on failure *map is untouched.
 * Returns 0, or -errno: -ENOENT when nothing is pinned there, -EACCES when the
 * pin may not be read, -EMEDIUMTYPE when the pin is no map, -EPROTO on another
 * shape than xdp_stats_kern_user.h gives; why, of size bytes, then says what
 * differs.
 */
int stats_map_open(const char *path, struct stats_map *map, char *why, size_t size);
void stats_map_close(struct stats_map *map);

/*
 * The pin's inode number now: a pin that was replaced has another one. Returns
 * 0 or -errno, -ENOENT when nothing is pinned.
 */
int stats_map_pin_inode(const char *path, ino_t *inode);

/*
 * Read all actions at once, each added up over the CPUs. One system call, where
 * the kernel has batch look-ups for the map. Returns 0 or -errno.
 */
int stats_map_read(struct stats_map *map, const struct stats_buffer *buffer,
		   struct datarec sum[XDP_ACTION_MAX]);

#endif
