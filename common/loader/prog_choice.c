// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "prog_choice.h"
#include "device_bound.h"
#include "load.h"
#include "nearest.h"
#include "text.h"
#include "visible.h"

/* Can a function of an object be attached to an interface? */
enum fit {
	FIT_ENTRY,       /* an XDP program for an interface */
	FIT_TAIL_CALLED, /* the same, in a slot of a PROG_ARRAY of the object */
	FIT_UNKNOWN,     /* in a section that libbpf does not know: perhaps XDP */
	FIT_DEVMAP,      /* XDP, for entries of a DEVMAP */
	FIT_CPUMAP,      /* XDP, for entries of a CPUMAP */
	FIT_OTHER,       /* not XDP */
};

static enum fit fit_of(const struct load *load, const struct bpf_program *prog)
{
	const enum bpf_attach_type attach = bpf_program__expected_attach_type(prog);
	const enum bpf_prog_type type = bpf_program__type(prog);

	if (type != BPF_PROG_TYPE_XDP)
		return type == BPF_PROG_TYPE_UNSPEC ? FIT_UNKNOWN : FIT_OTHER;
	if (attach == BPF_XDP_DEVMAP)
		return FIT_DEVMAP;
	if (attach == BPF_XDP_CPUMAP)
		return FIT_CPUMAP;
	return tail_calls_have_prog(&load->tail_calls, bpf_program__name(prog)) ? FIT_TAIL_CALLED
										: FIT_ENTRY;
}

static struct bpf_program *find_named(const struct load *load)
{
	struct bpf_program *prog;

	bpf_object__for_each_program (prog, load->obj)
		if (!strcmp(bpf_program__name(prog), load->opts->progname))
			return prog;
	return NULL;
}

/* The first FIT_ENTRY, or else the only FIT_UNKNOWN. */
static struct bpf_program *find_default(const struct load *load)
{
	struct bpf_program *prog, *unknown = NULL;
	int unknowns = 0;

	bpf_object__for_each_program (prog, load->obj) {
		const enum fit fit = fit_of(load, prog);

		if (fit == FIT_ENTRY)
			return prog;
		if (fit == FIT_UNKNOWN) {
			unknown = prog;
			unknowns++;
		}
	}
	return unknowns == 1 ? unknown : NULL;
}

static bool has_prog_array(const struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map (map, obj)
		if (bpf_map__type(map) == BPF_MAP_TYPE_PROG_ARRAY)
			return true;
	return false;
}

static int make_loadable(const struct load *load, struct bpf_program *prog)
{
	int err = 0;

	if (bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC)
		err = bpf_program__set_type(prog, BPF_PROG_TYPE_XDP);
	err = err ?: bind_to_device(load, prog);
	return err ?: bpf_program__set_autoload(prog, true);
}

/* Maps of types that no XDP program can use, but others of the object can. */
static bool is_for_others(const struct bpf_map *map)
{
	switch ((int)bpf_map__type(map)) { /* by number: the headers may be older */
	case 19:                           /* cgroup_storage */
	case 20:                           /* reuseport_sockarray */
	case 21:                           /* percpu_cgroup_storage */
	case 24:                           /* sk_storage */
	case 26:                           /* struct_ops */
	case 28:                           /* inode_storage */
	case 29:                           /* task_storage */
	case 32:                           /* cgrp_storage */
		return true;
	default:
		return false;
	}
}

static int skip_maps_of_others(const struct bpf_object *obj)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map (map, obj) {
		if (!is_for_others(map))
			continue;
		err = err ?: bpf_map__set_autocreate(map, false);
		/* before 1.4, libbpf crashes on a struct_ops map whose programs are not loaded */
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			err = err ?: bpf_map__set_type(map, BPF_MAP_TYPE_ARRAY);
	}
	return err;
}

int prog_choose(struct load *load)
{
	struct bpf_program *prog;
	enum fit fit;
	int err = 0;

	if (has_prog_array(load->obj))
		err = tail_calls_read(load->opts->filename, &load->tail_calls);
	if (err)
		return err;
	load->prog = load->opts->progname ? find_named(load) : find_default(load);
	if (!load->prog)
		return -ENOENT;
	fit = fit_of(load, load->prog);
	if (fit > FIT_UNKNOWN)
		return -EPROTOTYPE;
	bpf_object__for_each_program (prog, load->obj) {
		if (prog == load->prog ||
		    tail_calls_have_prog(&load->tail_calls, bpf_program__name(prog)))
			err = make_loadable(load, prog);
		else
			err = bpf_program__set_autoload(prog, false);
		if (err)
			return err;
	}
	return skip_maps_of_others(load->obj);
}

static void add_function(struct text *text, const struct load *load, const struct bpf_program *prog)
{
	static const char *const why[] = {
		[FIT_TAIL_CALLED] = "called by others",
		[FIT_UNKNOWN] = "unknown to libbpf",
		[FIT_DEVMAP] = "for entries of a devmap",
		[FIT_CPUMAP] = "for entries of a cpumap",
		[FIT_OTHER] = "not XDP",
	};
	const enum fit fit = fit_of(load, prog);

	text_add_item(text, visible(bpf_program__name(prog)).text);
	if (fit != FIT_ENTRY)
		text_add(text, " (SEC(\"%s\"): %s)", visible(bpf_program__section_name(prog)).text,
			 why[fit]);
}

void prog_choice_list(const struct load *load, const char *like, char *buffer, size_t size)
{
	struct nearest list = { .like = like };
	struct text text = text_in(buffer, size);
	struct bpf_program *prog;

	bpf_object__for_each_program (prog, load->obj) {
		nearest_add(&list, bpf_program__name(prog), prog);
	}
	for (size_t i = 0; i < list.count; i++)
		add_function(&text, load, list.items[i]);
}

void prog_choice_list_others(const struct load *load, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	struct bpf_program *prog;

	if (!load->tail_calls.count)
		return;
	bpf_object__for_each_program (prog, load->obj)
		if (prog != load->prog && fit_of(load, prog) == FIT_ENTRY)
			text_add_item(&text, visible(bpf_program__name(prog)).text);
}
