// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "libbpf_log.h"
#include "map_rules.h"
#include "messages_load.h"
#include "messages_map.h"
#include "privileges.h"
#include "visible.h"

#define KERNEL_ENOTSUPP 524 /* include/linux/errno.h, not for user space */

static bool is_map_of_maps(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       bpf_map__type(map) == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* "map 'm': failed to create: Invalid argument(-22)", the same in libbpf 1.0 to 1.7. */
static struct bpf_map *find_failed(struct bpf_object *obj, const char *warning)
{
	struct bpf_map *map;
	const char *rest;

	bpf_object__for_each_map (map, obj) {
		const size_t length = strlen(bpf_map__name(map));

		if (strncmp(warning, "map '", 5) ||
		    strncmp(warning + 5, bpf_map__name(map), length))
			continue;
		rest = warning + 5 + length;
		if (!strncmp(rest, "': failed to create inner map: ", 31))
			return bpf_map__inner_map(map);
		if (!strncmp(rest, "': failed to create: ", 21))
			return map;
	}
	return NULL;
}

/* Does the definition of a map say what is in it? libbpf forgets it after the attempt. */
static bool has_inner_map(const struct bpf_object *obj, const struct bpf_map *map)
{
	const struct btf *btf = bpf_object__btf(obj);
	int id = btf ? btf__find_by_name_kind(btf, bpf_map__name(map), BTF_KIND_VAR) : -ENOENT;
	const struct btf_type *type = id < 0 ? NULL : btf__type_by_id(btf, id);

	if (!type)
		return false;
	type = btf__type_by_id(btf, btf__resolve_type(btf, type->type));
	if (!type || !btf_is_struct(type))
		return false;
	for (int i = 0; i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), "values"))
			return true;
	return false;
}

static void set_what(struct failure *failure, const struct bpf_map *map,
		     const struct map_definition *definition)
{
	const char *type = libbpf_bpf_map_type_str(definition->type);
	char buffer[256];
	struct text text = text_in(buffer, sizeof(buffer));

	if (type)
		text_add(&text, "%s", type);
	else
		text_add(&text, "type %u", definition->type);
	text_add(&text, ", key %u, value %u, entries %u, flags ", definition->key_size,
		 definition->value_size, definition->max_entries);
	map_flags_describe(definition->flags, &text);
	failure_set(failure, failure->exit_code, "cannot create map %s (%s)",
		    visible(bpf_map__name(map)).text, buffer);
}

/* With BPF_F_NUMA_NODE: a node that this machine has not? */
static bool is_on_missing_node(const struct bpf_map *map)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u", bpf_map__numa_node(map));
	return bpf_map__map_flags(map) & BPF_F_NUMA_NODE && access(path, F_OK);
}

/* What else it may be, if the definition breaks no rule for its sizes and flags. */
static void explain_error(struct failure *failure, const struct bpf_object *obj,
			  const struct bpf_map *map, int err)
{
	char release[KERNEL_RELEASE_SIZE];

	failure_cause(failure, "%s", libbpf_log_strerror(err));
	if (is_map_of_maps(map) && !has_inner_map(obj, map))
		failure_hint(failure, "say what is in a map of maps: __array(values, struct "
				      "{ ...the definition of a map... });");
	else if (is_map_of_maps(map) && err == -KERNEL_ENOTSUPP)
		failure_hint(failure, "a map of maps does not take inner maps of this type");
	else if (is_on_missing_node(map))
		failure_hint(failure,
			     "this machine has no node %u: see "
			     "/sys/devices/system/node/online",
			     bpf_map__numa_node(map));
	else if (err == -ENOMEM)
		failure_hint(failure, "no memory for it, or the memory limit of the control group "
				      "is reached: use fewer or smaller entries");
	else if (err == -E2BIG)
		failure_hint(failure, "it is larger than the kernel can make it: use fewer or "
				      "smaller entries");
	else if (err == -EINVAL && !libbpf_probe_bpf_map_type(bpf_map__type(map), NULL) &&
		 !kernel_is_before(0, 0, release))
		failure_hint(failure, "kernel %s has no maps of this type", release);
	else
		failure_hint(failure, "see the log of libbpf with --verbose");
}

bool message_map(struct failure *failure, struct bpf_object *obj, int err, const char *warning)
{
	const struct bpf_map *map = find_failed(obj, warning);
	struct map_definition definition;
	char rules[512], hints[512];
	struct text broken = text_in(rules, sizeof(rules)), mend = text_in(hints, sizeof(hints));

	if (!map)
		return false;
	definition = (struct map_definition){ bpf_map__type(map), bpf_map__key_size(map),
					      bpf_map__value_size(map), bpf_map__max_entries(map),
					      bpf_map__map_flags(map) };
	set_what(failure, map, &definition);
	if (err == -EPERM) {
		message_privileges(failure, err);
		return true;
	}
	map_rules_check(&definition, &broken, &mend);
	if (!*rules) {
		explain_error(failure, obj, map, err);
		return true;
	}
	failure_cause(failure, "%s: %s", libbpf_log_strerror(err), rules);
	failure_hint(failure, "%s", hints);
	return true;
}
