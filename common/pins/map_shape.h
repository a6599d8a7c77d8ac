/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a map must be like to be read, or to take another one's place.
 */
#ifndef MAP_SHAPE_H
#define MAP_SHAPE_H

#include <linux/bpf.h>

#include "text.h"

struct map_shape {
	__u32 type; /* enum bpf_map_type */
	__u32 key_size, value_size, max_entries;
};

/* The shape in what the kernel tells of a map. */
struct map_shape map_shape_of(const struct bpf_map_info *info);

/*
 * Add a line to differs for each field in which the two are not alike, such as
 * "value_size: pinned 16, expected 24"; name says what expected is. An expected
 * max_entries of 0 stands for any number.
 */
void map_shape_compare(struct text *differs, const struct map_shape *pinned,
		       const struct map_shape *expected, const char *name);

/* One such line where the numbers differ. */
void map_shape_compare_field(struct text *differs, const char *field, __u32 pinned, __u32 expected,
			     const char *name);

#endif
