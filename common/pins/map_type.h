/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names of map types.
 */
#ifndef MAP_TYPE_H
#define MAP_TYPE_H

#include <linux/types.h>

/* "percpu_array" for 6, as in bpftool(8); "type 99" for a number without a name here. */
const char *map_type_name(__u32 type);

#endif
