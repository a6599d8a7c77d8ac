/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Loaded programs and the maps that they use, attached or not, in all network
 * namespaces. Functions never print.
 */
#ifndef PROG_INFO_H
#define PROG_INFO_H

#include <stdbool.h>

#include <linux/bpf.h>

#include "map_progs.h"
#include "prog_name.h"

#define USED_MAPS_MAX 64 /* MAX_USED_MAPS of the kernel: maps of one program */

/* The information of the kernel about a program. */
struct prog_info {
	__u8 tag[BPF_TAG_SIZE];
	__u64 load_time_ns; /* since boot */
	__u64 run_time_ns;  /* of all runs, while kernel.bpf_stats_enabled was 1 */
	__u64 run_count;    /* of these runs */
	__u32 map_ids[USED_MAPS_MAX];
	__u32 map_count;
	char name[PROG_NAME_SIZE];
};

/* Fill in *info; all is zero if prog_fd is -1. Returns 0 or -errno. */
int prog_info_read(int prog_fd, struct prog_info *info);
bool prog_info_has_map(const struct prog_info *info, __u32 map_id);

/* Does the program use the map? False if prog_fd is -1. */
bool prog_uses_map(int prog_fd, __u32 map_id);

struct map_user {
	__u32 prog_id;
	char name[PROG_NAME_SIZE];
};

/*
 * Search all loaded programs for one that uses the map, but those of except. Returns 1 and fills in
 * *user, 0 if there is none, or -errno: -EPERM without CAP_SYS_ADMIN, which the search needs.
 */
int prog_info_find_user(__u32 map_id, const struct map_progs *except, struct map_user *user);

/*
 * The id of the bpf_link that attaches the program to the interface, 0 if there is none
 * or the process may not see it.
 */
__u32 prog_info_find_link(int ifindex, __u32 prog_id);

#endif
