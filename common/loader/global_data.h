/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The global variables of an object. libbpf makes a map of each section that holds some:
 * .bss and .data for variables, .rodata for constants, .kconfig for settings of the
 * kernel. Functions never print.
 */
#ifndef GLOBAL_DATA_H
#define GLOBAL_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>

#define GLOBAL_SECTIONS_MAX 16
#define DIFFERENCES_SIZE    512

/* What --reuse-maps does with the sections of variables. */
struct global_data {
	struct {
		const struct bpf_map *map;
		char differences[DIFFERENCES_SIZE]; /* why it begins anew; "" if it is kept */
	} sections[GLOBAL_SECTIONS_MAX];
	size_t count;
};

/* The section of the map, such as ".bss", or NULL if it is not a map of global data. */
const char *global_data_section(const struct bpf_map *map);

/* Does the program change what is in the section: .bss and .data? */
bool global_data_is_variable(const struct bpf_map *map);

/* Remember that the map is kept, or why it is not. */
void global_data_remember(struct global_data *data, const struct bpf_map *map,
			  const char *differences);

/* Is the map kept? */
bool global_data_is_kept(const struct global_data *data, const struct bpf_map *map);

/* Why the map begins anew although its section is pinned, one reason per line; or NULL. */
const char *global_data_differences(const struct global_data *data, const struct bpf_map *map);

#endif
