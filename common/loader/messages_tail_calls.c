// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "load.h"
#include "messages_tail_calls.h"
#include "object.h"
#include "prog_array.h"
#include "visible.h"

static bool has_frags(const struct bpf_program *prog)
{
	return !strncmp(bpf_program__section_name(prog), "xdp.frags", strlen("xdp.frags"));
}

/* Does the pinned array accept only programs of the other kind? */
static bool is_of_other_kind(const struct load *load, const struct bpf_map *map)
{
	char path[PIN_PATH_SIZE];
	bool is_other;
	int fd;

	map_previous_path(load, map, path);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return false;
	is_other = !prog_array_accepts(fd, has_frags(load->prog)) &&
		   prog_array_accepts(fd, !has_frags(load->prog));
	close(fd);
	return is_other;
}

bool message_tail_calls(struct failure *f, const struct load *load, int err)
{
	const bool frags = has_frags(load->prog);
	struct bpf_map *map;

	if (err != -EINVAL)
		return false;
	object_for_each_map (map, load->obj) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_PROG_ARRAY || !map_is_reused(load, map) ||
		    !is_of_other_kind(load, map))
			continue;
		failure_cause(
			f,
			"the reused array %s belongs to programs of SEC(\"xdp%s\"), and this "
			"one is of SEC(\"xdp%s\"): the kernel does not mix the two in tail calls",
			visible(bpf_map__name(map)).text, frags ? "" : ".frags",
			frags ? ".frags" : "");
		failure_hint(
			f, "load without --reuse-maps: %s is then new, and has to be filled again",
			visible(bpf_map__name(map)).text);
		failure_hint(f, "or load a program of SEC(\"xdp%s\")", frags ? "" : ".frags");
		return true;
	}
	return false;
}
