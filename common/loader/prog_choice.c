// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "prog_choice.h"
#include "load.h"
#include "text.h"
#include "visible.h"

#define LISTED_MAX 64

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

static int make_loadable(struct bpf_program *prog)
{
	int err = 0;

	if (bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC)
		err = bpf_program__set_type(prog, BPF_PROG_TYPE_XDP);
	return err ?: bpf_program__set_autoload(prog, true);
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
			err = make_loadable(prog);
		else
			err = bpf_program__set_autoload(prog, false);
		if (err)
			return err;
	}
	return 0;
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
	const struct bpf_program *listed[LISTED_MAX];
	struct text text = text_in(buffer, size);
	struct bpf_program *prog;
	size_t count = 0, at;

	bpf_object__for_each_program (prog, load->obj) {
		const size_t apart = text_distance(bpf_program__name(prog), like);

		if (count == LISTED_MAX)
			break;
		for (at = count++;
		     at && text_distance(bpf_program__name(listed[at - 1]), like) > apart; at--)
			listed[at] = listed[at - 1];
		listed[at] = prog;
	}
	for (size_t i = 0; i < count; i++)
		add_function(&text, load, listed[i]);
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
