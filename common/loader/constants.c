// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "constant_value.h"
#include "constants.h"
#include "global_data.h"
#include "nearest.h"
#include "visible.h"

/* A constant can be set only if clang has not put its value into the code. */
static bool is_volatile(const struct btf *btf, __u32 type_id)
{
	const struct btf_type *type = btf__type_by_id(btf, type_id);

	while (type) {
		if (btf_is_volatile(type))
			return true;
		if (btf_is_array(type))
			type = btf__type_by_id(btf, btf_array(type)->type);
		else if (btf_is_mod(type) || btf_is_typedef(type))
			type = btf__type_by_id(btf, type->type);
		else
			return false;
	}
	return false;
}

int constants_for_each_in(const struct btf *btf, __u32 datasec_id, void *value, size_t size,
			  constant_visit *visit, void *data)
{
	const struct btf_type *section = btf__type_by_id(btf, datasec_id);
	const struct btf_var_secinfo *at;
	int result = 0;

	if (!section || !btf_is_datasec(section))
		return 0;
	at = btf_var_secinfos(section);
	for (int i = 0; !result && i < btf_vlen(section); i++, at++) {
		const struct btf_type *var = btf__type_by_id(btf, at->type);
		const struct constant constant = {
			.btf = btf,
			.name = var ? btf__name_by_offset(btf, var->name_off) : NULL,
			.type_id = var ? var->type : 0,
			.size = at->size,
			.value = (char *)value + at->offset,
		};

		if (var && btf_is_var(var) && constant.name && is_volatile(btf, var->type) &&
		    at->offset <= size && at->size <= size - at->offset)
			result = visit(&constant, data);
	}
	return result;
}

static bool is_constants(const struct bpf_map *map)
{
	const char *section = global_data_section(map);

	return section && !strncmp(section, ".rodata", 7);
}

int constants_for_each(const struct bpf_object *obj, constant_visit *visit, void *data)
{
	const struct btf *btf = bpf_object__btf(obj);
	struct bpf_map *map;
	int result = 0;

	if (!btf)
		return 0;
	bpf_object__for_each_map (map, obj) {
		size_t size = 0;
		void *value = is_constants(map) ? (void *)bpf_map__initial_value(map, &size) : NULL;

		if (value && !result)
			result = constants_for_each_in(btf, bpf_map__btf_value_type_id(map), value,
						       size, visit, data);
	}
	return result;
}

static void visit_map(int map_fd, const struct bpf_map_info *info, constant_visit *visit,
		      void *data)
{
	struct btf *btf = btf__load_from_kernel_by_id(info->btf_id);
	void *value = calloc(1, info->value_size);
	const __u32 zero = 0;

	if (btf && value && !bpf_map_lookup_elem(map_fd, &zero, value))
		constants_for_each_in(btf, info->btf_value_type_id, value, info->value_size, visit,
				      data);
	free(value);
	btf__free(btf);
}

void constants_for_each_loaded(const __u32 *map_ids, __u32 count, constant_visit *visit, void *data)
{
	for (__u32 i = 0; i < count; i++) {
		struct bpf_map_info info = { 0 };
		__u32 length = sizeof(info);
		int fd = bpf_map_get_fd_by_id(map_ids[i]);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &length) && strstr(info.name, ".rodata") &&
		    info.type == BPF_MAP_TYPE_ARRAY && info.btf_id)
			visit_map(fd, &info, visit, data);
		close(fd);
	}
}

/* A setting, and the constant of its name. */
struct search {
	const char *name;
	size_t length;
	const char *value;
	struct text *why;
	int err;
};

static int set_if_named(const struct constant *constant, void *data)
{
	struct search *search = data;

	if (strlen(constant->name) != search->length ||
	    strncmp(constant->name, search->name, search->length))
		return 0;
	search->err = constant_value_parse(constant, search->value, search->why);
	return 1;
}

/* The name may be that of a variable, or of a constant whose value is in the code. */
static int find_variable(const struct btf *btf, const struct search *search, struct text *why)
{
	for (__u32 id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, type->name_off);
		const struct btf_type *of;

		if (!btf_is_var(type) || !name || strlen(name) != search->length ||
		    strncmp(name, search->name, search->length))
			continue;
		of = btf__type_by_id(btf, type->type);
		text_add(why, of && btf_is_const(of)
				      ? "it is const but not volatile, so its value is "
					"in the code"
				      : "it is a variable");
		return -EPROTOTYPE;
	}
	return -ENOENT;
}

int constants_set(struct bpf_object *obj, const struct setting_list *settings, const char **failed,
		  struct text *why)
{
	const struct btf *btf = bpf_object__btf(obj);

	for (size_t i = 0; i < settings->count; i++) {
		const char *setting = settings->each[i];
		struct search search = {
			.name = setting,
			.length = strcspn(setting, "="),
			.why = why,
		};
		int err = -ENODATA;

		search.value = setting + search.length + 1;
		*failed = setting;
		*why = text_in(why->buffer, why->size);
		if (btf)
			err = constants_for_each(obj, set_if_named, &search)
				      ? search.err
				      : find_variable(btf, &search, why);
		if (err)
			return err;
	}
	return 0;
}

struct listing {
	struct constant constants[NEAREST_MAX];
	struct nearest nearest; /* pointers to constants */
};

static int add_constant(const struct constant *constant, void *data)
{
	struct listing *list = data;
	struct constant *copy = &list->constants[list->nearest.count];

	if (list->nearest.count == NEAREST_MAX)
		return 1;
	*copy = *constant;
	nearest_add(&list->nearest, constant->name, copy);
	return 0;
}

void constants_list(const struct bpf_object *obj, const char *like, struct text *text)
{
	struct listing list = { .nearest.like = like };

	constants_for_each(obj, add_constant, &list);
	for (size_t i = 0; i < list.nearest.count; i++) {
		const struct constant *constant = list.nearest.items[i];

		text_add_item(text, visible(constant->name).text);
		text_add(text, " (");
		constant_type_name(constant, text);
		text_add(text, ")");
	}
}
