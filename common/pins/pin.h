/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the path of a pin to a descriptor of its map.
 */
#ifndef PIN_H
#define PIN_H

#include <stdbool.h>

#include <linux/bpf.h>

/*
 * Is fd the descriptor of a map? bpf_obj_get() opens pinned programs and links, too,
 * and the kernel answers for them when it is asked for information. What it calls
 * them in /proc tells them apart, and where that is not mounted, a look-up.
 */
bool pin_is_map(int fd);

/*
 * Open the map pinned at path for reading only and fill in *info. Returns a
 * descriptor that the caller closes, or -errno: -ENOENT when nothing is pinned
 * there, -EACCES when it may not be read, -EMEDIUMTYPE when there is something else:
 * a program, a link, a directory.
 */
int pin_open_map(const char *path, struct bpf_map_info *info);

#endif
