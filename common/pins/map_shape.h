/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The properties of a map that must match before it is read or reused. Functions never
 * print.
 */
#ifndef MAP_SHAPE_H
#define MAP_SHAPE_H

#include <stdbool.h>

#include <linux/bpf.h>

#include "text.h"

struct map_shape {
	__u32 type; /* enum bpf_map_type */
	__u32 key_size, value_size, max_entries;
};

/* The shape of the map that info describes. */
struct map_shape map_shape_of(const struct bpf_map_info *info);

/*
 * Add a line to differs for each field that differs, such as "value_size: pinned 16,
 * expected 24"; name is the word for the expected side. An expected max_entries of 0
 * matches any number.
 */
void map_shape_compare(struct text *differs, const struct map_shape *pinned,
		       const struct map_shape *expected, const char *name);

/*
 * Does the map have the shape that headers/xdp_stats_kern_user.h gives? If not, differs
 * gets a line for each field. An array of one record for all CPUs is accepted, too.
 */
bool map_shape_is_counters(struct map_shape pinned, struct text *differs);

/* Add one such line if the two numbers differ. */
void map_shape_compare_field(struct text *differs, const char *field, __u32 pinned, __u32 expected,
			     const char *name);

#endif
