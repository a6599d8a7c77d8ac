/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the path of a pin to a descriptor of its map.
 */
#ifndef PIN_H
#define PIN_H

#include <linux/bpf.h>

/*
 * Open the map pinned at path for reading only and fill in *info. Returns a
 * descriptor that the caller closes, or -errno: -ENOENT when nothing is pinned
 * there, -EACCES when it may not be read, -EMEDIUMTYPE when there is something else:
 * a program, a link, a directory.
 */
int pin_open_map(const char *path, struct bpf_map_info *info);

#endif
