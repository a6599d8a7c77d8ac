/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rules of the kernel for the sizes, the number of entries and the flags of a map,
 * by its type. Functions never print. Consulted only when the kernel has refused a map.
 */
#ifndef MAP_RULES_H
#define MAP_RULES_H

#include <linux/types.h>

#include "text.h"

struct map_definition {
	__u32 type; /* enum bpf_map_type */
	__u32 key_size, value_size, max_entries, flags;
};

/*
 * Add to rules each rule that the definition breaks, as an item of a list, and to hints
 * how to keep it, one per line. Adds nothing for a type that is not known here.
 */
void map_rules_check(const struct map_definition *map, struct text *rules, struct text *hints);

/* Add the names of the flags, or 0, to the text. */
void map_flags_describe(__u32 flags, struct text *text);

#endif
