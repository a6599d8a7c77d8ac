// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "global_data.h"
#include "load.h"
#include "map_reuse.h"
#include "map_shape.h"
#include "object.h"
#include "text.h"
#include "visible.h"

#define TYPE_DEPTH_MAX 16 /* nested structs; deeper types are treated as equal */

bool map_is_reusable(const struct bpf_map *map)
{
	return !bpf_map__is_internal(map) || global_data_is_variable(map);
}

bool map_has_previous(const struct load *load, const struct bpf_map *map)
{
	char name[NAME_MAX + 1];

	if (map_is_shared(load, map) || !bpf_map__autocreate(map))
		return bpf_map__autocreate(map);
	object_pin_name(name, map);
	return load->opts->reuse_maps && map_is_reusable(map) &&
	       !tail_calls_have_map(&load->tail_calls, bpf_map__name(map)) &&
	       pin_dir_find(&load->old_pins, name);
}

void map_previous_path(const struct load *load, const struct bpf_map *map, char path[PIN_PATH_SIZE])
{
	char name[NAME_MAX + 1];

	object_pin_name(name, map);
	pin_path(path, map_is_shared(load, map) ? load->opts->share_from : load->ifname, name);
}

bool map_is_reused(const struct load *load, const struct bpf_map *map)
{
	return map_has_previous(load, map) &&
	       (!bpf_map__is_internal(map) || global_data_is_kept(&load->globals, map));
}

/* Flags that the kernel adds. */
static __u32 flags_of_kernel(__u32 type)
{
	bool is_devmap = type == BPF_MAP_TYPE_DEVMAP || type == BPF_MAP_TYPE_DEVMAP_HASH;

	return is_devmap ? BPF_F_RDONLY_PROG : 0;
}

static void compare_shape(struct text *differs, const struct bpf_map *map,
			  const struct bpf_map_info *info)
{
	const struct map_shape pinned = map_shape_of(info), object = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		/* libbpf sets the number of CPUs if an object does not set it */
		.max_entries = bpf_map__max_entries(map),
	};

	map_shape_compare(differs, &pinned, &object, "object");
	map_shape_compare_field(differs, "map_flags",
				info->map_flags & ~flags_of_kernel(info->type),
				bpf_map__map_flags(map), "object");
	/* bpf_map__reuse_fd() renames the map, and so its next pin, to the pinned name */
	if (!bpf_map__is_internal(map) &&
	    strncmp(info->name, bpf_map__name(map), sizeof(info->name) - 1))
		text_add_line(differs, "name: pinned %s, object %s", info->name,
			      visible(bpf_map__name(map)).text);
}

/* One side of a comparison of types. */
struct side {
	const struct btf *btf;
	const struct btf_type *type;
};

static struct side side_of(const struct btf *btf, __u32 id)
{
	int resolved = btf__resolve_type(btf, id); /* skips typedef, const, volatile */

	return (struct side){ btf, btf__type_by_id(btf, resolved < 0 ? 0 : resolved) };
}

static const char *name_of(const struct side *side, __u32 offset)
{
	const char *name = btf__name_by_offset(side->btf, offset);

	return name && *name ? name : "(anonymous)";
}

static void compare_types(struct text *differs, const char *path, struct side pinned,
			  struct side object, int depth);

static void compare_members(struct text *differs, const char *path, struct side pinned,
			    struct side object, int depth)
{
	const struct btf_member *p = btf_members(pinned.type), *o = btf_members(object.type);
	__u32 count = btf_vlen(pinned.type), other = btf_vlen(object.type);

	if (count != other)
		text_add_line(differs, "%s: pinned %u members, object %u", path, count, other);
	for (__u32 i = 0; i < count && i < other; i++, p++, o++) {
		__u32 at = btf_member_bit_offset(pinned.type, i);
		__u32 there = btf_member_bit_offset(object.type, i);
		const char *name = name_of(&pinned, p->name_off);
		char member[256];

		snprintf(member, sizeof(member), "%s.%s", path, name);
		if (strcmp(name, name_of(&object, o->name_off)) || at != there)
			text_add_line(differs, "%s: pinned %s at bit %u, object %s at bit %u", path,
				      name, at, name_of(&object, o->name_off), there);
		else
			compare_types(differs, member, side_of(pinned.btf, p->type),
				      side_of(object.btf, o->type), depth + 1);
	}
}

static struct side variable_of(const struct btf *btf, const struct btf_var_secinfo *at)
{
	return (struct side){ btf, btf__type_by_id(btf, at->type) };
}

/* The variables of a section: each must be where it was, with its size and type. */
static void compare_variables(struct text *differs, struct side pinned, struct side object,
			      int depth)
{
	const struct btf_var_secinfo *p = btf_var_secinfos(pinned.type);
	const struct btf_var_secinfo *o = btf_var_secinfos(object.type);
	__u32 count = btf_vlen(pinned.type), other = btf_vlen(object.type);

	if (count != other)
		text_add_line(differs, "pinned %u variables, object %u", count, other);
	for (__u32 i = 0; i < count && i < other; i++, p++, o++) {
		const struct side was = variable_of(pinned.btf, p), is = variable_of(object.btf, o);
		const char *name = name_of(&was, was.type->name_off);

		if (strcmp(name, name_of(&is, is.type->name_off)) || p->offset != o->offset)
			text_add_line(differs, "pinned %s at byte %u, object %s at byte %u", name,
				      p->offset, name_of(&is, is.type->name_off), o->offset);
		else if (p->size != o->size)
			text_add_line(differs, "%s: pinned %u bytes, object %u", name, p->size,
				      o->size);
		else
			compare_types(differs, name, side_of(pinned.btf, was.type->type),
				      side_of(object.btf, is.type->type), depth + 1);
	}
}

static void compare_types(struct text *differs, const char *path, struct side pinned,
			  struct side object, int depth)
{
	const struct btf_type *p = pinned.type, *o = object.type;

	if (!p || !o || depth > TYPE_DEPTH_MAX)
		return;
	if (btf_kind(p) != btf_kind(o)) {
		text_add_line(differs, "%s: pinned and object are of different kinds", path);
	} else if (btf_is_datasec(p)) {
		compare_variables(differs, pinned, object, depth);
	} else if (btf_is_composite(p)) {
		compare_members(differs, path, pinned, object, depth);
	} else if (btf_is_array(p)) {
		if (btf_array(p)->nelems != btf_array(o)->nelems)
			text_add_line(differs, "%s: pinned %u elements, object %u", path,
				      btf_array(p)->nelems, btf_array(o)->nelems);
		compare_types(differs, path, side_of(pinned.btf, btf_array(p)->type),
			      side_of(object.btf, btf_array(o)->type), depth + 1);
	} else if (btf_is_int(p)) {
		if (p->size != o->size || btf_int_encoding(p) != btf_int_encoding(o))
			text_add_line(differs, "%s: pinned %s, object %s", path,
				      name_of(&pinned, p->name_off), name_of(&object, o->name_off));
	} else if (btf_is_any_enum(p) && p->size != o->size) {
		text_add_line(differs, "%s: pinned %u bytes, object %u", path, p->size, o->size);
	}
}

/* Without this check, two swapped members of the same size would not be noticed. */
static void compare_btf(struct text *differs, const struct bpf_map *map,
			const struct bpf_object *obj, const struct bpf_map_info *info)
{
	const struct btf *object = bpf_object__btf(obj);
	__u32 key = bpf_map__btf_key_type_id(map), value = bpf_map__btf_value_type_id(map);
	struct btf *pinned;

	pinned = object && value && info->btf_id && info->btf_value_type_id
			 ? btf__load_from_kernel_by_id(info->btf_id) /* needs CAP_SYS_ADMIN */
			 : NULL;
	if (!pinned && bpf_map__is_internal(map))
		text_add_line(differs, "the names and types of its variables cannot be compared");
	if (!pinned)
		return;
	if (key && info->btf_key_type_id)
		compare_types(differs, "key", side_of(pinned, info->btf_key_type_id),
			      side_of(object, key), 0);
	compare_types(differs, "value", side_of(pinned, info->btf_value_type_id),
		      side_of(object, value), 0);
	btf__free(pinned);
}

/* Open the map pinned at path if it matches map. Returns a descriptor or -errno. */
static int open_alike(const struct bpf_map *map, const struct bpf_object *obj, const char *path,
		      char differs[DIFFERS_SIZE])
{
	struct text text = text_in(differs, DIFFERS_SIZE);
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	int fd, err;

	fd = bpf_obj_get(path);
	if (fd < 0)
		return fd;
	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	if (!err)
		compare_shape(&text, map, &info);
	if (!err && (!text.used || bpf_map__is_internal(map)))
		compare_btf(&text, map, obj, &info);
	if (!err && !text.used)
		return fd;
	close(fd);
	return err ?: -EPROTO;
}

int map_reuse(struct load *load, struct bpf_map *map)
{
	char path[PIN_PATH_SIZE];
	int fd, err;

	map_previous_path(load, map, path);
	fd = open_alike(map, load->obj, path, load->differs);

	if (bpf_map__is_internal(map) && (fd >= 0 || fd == -EPROTO))
		global_data_remember(&load->globals, map, fd < 0 ? load->differs : "");
	if (fd == -EPROTO && bpf_map__is_internal(map))
		return 0;
	if (fd < 0)
		return fd;
	/* a map that is in use must not count the test packet of a dry run */
	err = load->opts->dry_run ? 0 : bpf_map__reuse_fd(map, fd);
	close(fd);
	return err;
}
