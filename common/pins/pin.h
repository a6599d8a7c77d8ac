/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Open a pinned map by its path. Functions never print.
 */
#ifndef PIN_H
#define PIN_H

#include <stdbool.h>

#include <linux/bpf.h>

/*
 * Is fd the descriptor of a map? bpf_obj_get() also opens pinned programs and links,
 * and bpf_obj_get_info_by_fd() also succeeds for them. Their names in /proc/self/fd
 * differ; without /proc, a look-up shows the difference.
 */
bool pin_is_map(int fd);

/*
 * Open the map pinned at path read-only and fill in *info. Returns a descriptor, which
 * the caller closes, or -errno: -ENOENT if nothing is pinned there, -EACCES without
 * permission to read it, -EMEDIUMTYPE if it is not a map but a program, a link or a
 * directory.
 */
int pin_open_map(const char *path, struct bpf_map_info *info);

#endif
