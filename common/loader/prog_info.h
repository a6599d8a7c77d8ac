/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs and the maps that they use, whatever they are attached to and wherever.
 */
#ifndef PROG_INFO_H
#define PROG_INFO_H

#include <stdbool.h>

#include <linux/bpf.h>

#define PROG_NAME_SIZE 128 /* bytes: names are shown whole, as BTF has them */
#define USED_MAPS_MAX  64  /* MAX_USED_MAPS of the kernel: maps of one program */

/* What the kernel tells of a program. */
struct prog_info {
	__u8 tag[BPF_TAG_SIZE];
	__u64 load_time_ns; /* since the machine was booted */
	__u32 map_ids[USED_MAPS_MAX];
	__u32 map_count;
	char name[PROG_NAME_SIZE];
};

/* All zeroes where fd is -1. Returns 0 or -errno. */
int prog_info_read(int prog_fd, struct prog_info *info);
bool prog_info_has_map(const struct prog_info *info, __u32 map_id);

/*
 * The name of a program. The kernel keeps 15 bytes of it; of a longer one BTF has all,
 * which takes CAP_SYS_ADMIN to read. info is what the kernel told of it before.
 */
void prog_info_name(int prog_fd, const struct bpf_prog_info *info, char name[PROG_NAME_SIZE]);

/* Is map_id one of the maps of the program behind fd? False where fd is -1. */
bool prog_uses_map(int prog_fd, __u32 map_id);

struct map_user {
	__u32 prog_id;
	char name[PROG_NAME_SIZE];
};

/*
 * Look through all programs that are loaded for one that uses the map. Returns 1
 * with *user filled in, 0 when there is none, or -errno: -EPERM without
 * CAP_SYS_ADMIN, which looking at all programs takes.
 */
int prog_info_find_user(__u32 map_id, struct map_user *user);

/*
 * The id of the bpf_link that holds the program on the interface, 0 where none
 * does or where that takes more privileges.
 */
__u32 prog_info_find_link(int ifindex, __u32 prog_id);

#endif
