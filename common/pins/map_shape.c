// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "map_shape.h"
#include "map_type.h"
#include "xdp_stats_kern_user.h"

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
	if (pinned->type != expected->type) {
		text_add_line(differs, "type: pinned %s", map_type_name(pinned->type));
		text_add(differs, ", %s %s", name, map_type_name(expected->type));
	}
	map_shape_compare_field(differs, "key_size", pinned->key_size, expected->key_size, name);
	map_shape_compare_field(differs, "value_size", pinned->value_size, expected->value_size,
				name);
	if (expected->max_entries)
		map_shape_compare_field(differs, "max_entries", pinned->max_entries,
					expected->max_entries, name);
}

bool map_shape_is_counters(struct map_shape pinned, struct text *differs)
{
	const struct map_shape expected = {
		.type = pinned.type == BPF_MAP_TYPE_ARRAY ? pinned.type : BPF_MAP_TYPE_PERCPU_ARRAY,
		.key_size = sizeof(__u32),
		.value_size = sizeof(struct datarec),
		.max_entries = XDP_ACTION_MAX,
	};

	map_shape_compare(differs, &pinned, &expected, "expected");
	return !differs->used;
}
