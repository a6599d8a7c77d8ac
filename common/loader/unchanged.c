// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "load.h"
#include "object.h"
#include "unchanged.h"

/* A map of the object and the previous pin of its name, with the same contents. */
struct pair {
	__u32 new_id, old_id;
};

struct pairs {
	struct pair each[USED_MAPS_MAX];
	size_t count;
};

/* Constants are in arrays with one entry. */
static bool has_same_value(int new_fd, int old_fd, __u32 size)
{
	char *values = calloc(2, size);
	const __u32 zero = 0;
	bool is_same = values && !bpf_map_lookup_elem(new_fd, &zero, values) &&
		       !bpf_map_lookup_elem(old_fd, &zero, values + size) &&
		       !memcmp(values, values + size, size);

	free(values);
	return is_same;
}

/* The constants of the attached program, in the map pinned at path: are they the same? */
static bool has_same_constants(const struct bpf_map *map, __u32 old_id)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	int fd = bpf_map_get_fd_by_id(old_id);
	bool is_same;

	if (fd < 0)
		return false;
	is_same = !bpf_obj_get_info_by_fd(fd, &info, &length) && info.type == bpf_map__type(map) &&
		  info.max_entries == 1 && info.value_size == bpf_map__value_size(map) &&
		  has_same_value(bpf_map__fd(map), fd, info.value_size);
	close(fd);
	return is_same;
}

/* All maps are pinned, and no pin is without a map. */
static bool has_same_maps(const struct load *load, struct pairs *pairs)
{
	char name[NAME_MAX + 1];
	struct bpf_map *map;

	object_for_each_map (map, load->obj) {
		const struct pin *pin;

		object_pin_name(name, map);
		pin = pin_dir_find(&load->old_pins, name);
		if (!pin || pairs->count == USED_MAPS_MAX)
			return false;
		if (map_is_reused(load, map)
			    ? object_map_id(map) != pin->map_id
			    : map_is_reusable(map) || !has_same_constants(map, pin->map_id))
			return false;
		pairs->each[pairs->count++] =
			(struct pair){ .new_id = object_map_id(map), .old_id = pin->map_id };
	}
	return pairs->count == load->old_pins.count;
}

/* The instructions as the kernel runs them, with ids of maps; *count is their number. */
static struct bpf_insn *read_instructions(int prog_fd, size_t *count)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info), size;
	struct bpf_insn *insns;

	if (bpf_obj_get_info_by_fd(prog_fd, &info, &length) || !info.xlated_prog_len)
		return NULL;
	size = info.xlated_prog_len;
	insns = calloc(1, size);
	info = (struct bpf_prog_info){
		.xlated_prog_len = size,
		.xlated_prog_insns = (__u64)(unsigned long)insns,
	};
	length = sizeof(info);
	/* the kernel sets the address to 0 if it does not show the instructions */
	if (!insns || bpf_obj_get_info_by_fd(prog_fd, &info, &length) || !info.xlated_prog_insns) {
		free(insns);
		return NULL;
	}
	*count = size / sizeof(*insns);
	return insns;
}

static bool is_map_reference(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_DW | BPF_IMM) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE);
}

static __s32 old_id_of(const struct pairs *pairs, __s32 new_id)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->each[i].new_id == (__u32)new_id)
			return pairs->each[i].old_id;
	return new_id;
}

/* The tag of a program is not sufficient: it does not cover offsets in global data. */
static bool has_same_instructions(int new_fd, int old_fd, const struct pairs *pairs)
{
	size_t count = 0, old_count = 0;
	struct bpf_insn *insns = read_instructions(new_fd, &count);
	struct bpf_insn *old = read_instructions(old_fd, &old_count);
	bool is_same = insns && old && count == old_count;

	for (size_t i = 0; is_same && i < count; i++)
		if (is_map_reference(&insns[i]))
			insns[i].imm = old_id_of(pairs, insns[i].imm);
	is_same = is_same && !memcmp(insns, old, count * sizeof(*insns));
	free(insns);
	free(old);
	return is_same;
}

/*
 * Nothing shows whether a program is for packets in fragments. But the kernel accepts
 * only programs of one kind in a PROG_ARRAY.
 */
static bool has_same_kind(int new_fd, int old_fd)
{
	const __u32 zero = 0, one = 1;
	int fd = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "same_kind", sizeof(zero), sizeof(zero), 2,
				NULL);
	bool is_same = fd >= 0 && !bpf_map_update_elem(fd, &zero, &new_fd, BPF_ANY) &&
		       !bpf_map_update_elem(fd, &one, &old_fd, BPF_ANY);

	if (fd >= 0)
		close(fd);
	return is_same;
}

/* Auto means native, but skb where the driver announces that it has no native mode. */
static bool has_same_mode(const struct load *load)
{
	struct netdev_features features;

	if (load->mode != XDP_MODE_AUTO)
		return load->mode == load->old.mode;
	if (load->old.mode != XDP_MODE_SKB)
		return load->old.mode == XDP_MODE_NATIVE;
	netdev_features_read(load->ifindex, &features);
	return netdev_lacks_native(&features);
}

static bool is_unchanged(const struct load *load)
{
	struct pairs pairs = { .count = 0 };

	return load->opts->force && load->opts->reuse_maps && load->old.fd >= 0 && load->previous &&
	       has_same_mode(load) && !strcmp(load->old.name, load->new.name) &&
	       has_same_maps(load, &pairs) &&
	       has_same_instructions(load->new.fd, load->old.fd, &pairs) &&
	       has_same_kind(load->new.fd, load->old.fd);
}

int load_compare(struct load *load)
{
	load->is_unchanged = is_unchanged(load);
	return 0;
}
