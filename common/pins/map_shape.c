// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "map_shape.h"

struct map_shape map_shape_of(const struct bpf_map_info *info)
{
	return (struct map_shape){
		.type = info->type,
		.key_size = info->key_size,
		.value_size = info->value_size,
		.max_entries = info->max_entries,
	};
}

void map_shape_compare_field(struct text *differs, const char *field, __u32 pinned, __u32 expected,
			     const char *name)
{
	if (pinned != expected)
		text_add_line(differs, "%s: pinned %u, %s %u", field, pinned, name, expected);
}

void map_shape_compare(struct text *differs, const struct map_shape *pinned,
		       const struct map_shape *expected, const char *name)
{
	map_shape_compare_field(differs, "type", pinned->type, expected->type, name);
	map_shape_compare_field(differs, "key_size", pinned->key_size, expected->key_size, name);
	map_shape_compare_field(differs, "value_size", pinned->value_size, expected->value_size,
				name);
	if (expected->max_entries)
		map_shape_compare_field(differs, "max_entries", pinned->max_entries,
					expected->max_entries, name);
}
