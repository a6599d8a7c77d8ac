// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>

#include "global_data.h"

const char *global_data_section(const struct bpf_map *map)
{
	/* libbpf puts the name of the object before it, if there is room */
	return bpf_map__is_internal(map) ? strchr(bpf_map__name(map), '.') : NULL;
}

bool global_data_is_variable(const struct bpf_map *map)
{
	const char *section = global_data_section(map);

	return section && (!strncmp(section, ".bss", 4) || !strncmp(section, ".data", 5));
}

void global_data_remember(struct global_data *data, const struct bpf_map *map,
			  const char *differences)
{
	if (data->count == GLOBAL_SECTIONS_MAX)
		return;
	data->sections[data->count].map = map;
	snprintf(data->sections[data->count++].differences, DIFFERENCES_SIZE, "%s", differences);
}

const char *global_data_differences(const struct global_data *data, const struct bpf_map *map)
{
	for (size_t i = 0; i < data->count; i++)
		if (data->sections[i].map == map && *data->sections[i].differences)
			return data->sections[i].differences;
	return NULL;
}

bool global_data_is_kept(const struct global_data *data, const struct bpf_map *map)
{
	for (size_t i = 0; i < data->count; i++)
		if (data->sections[i].map == map)
			return !*data->sections[i].differences;
	return false;
}
