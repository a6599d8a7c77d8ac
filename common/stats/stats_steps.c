// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "explain.h"
#include "pin_path.h"
#include "shell.h"
#include "stats_steps.h"

/* Formats: of what with the path and the number, of by_hand with the path. */
static const struct {
	const char *what, *calls, *by_hand;
} steps[] = {
	[STATS_STEP_OPEN] = {
		"%s is opened: the path alone gives a descriptor of map %zu, which another process "
		"has made",
		"bpf_obj_get_opts(): bpf(BPF_OBJ_GET) with BPF_F_RDONLY",
		"bpftool map show pinned %s",
	},
	[STATS_STEP_ASK] = {
		"the kernel is asked what %s is: map %zu has the keys, values and "
		"entries of headers/xdp_stats_kern_user.h, so it can be read. <bpf/bpf.h> "
		"declares these calls; <bpf/libbpf.h> is for object files, and no object file is needed here",
		"bpf_obj_get_info_by_fd(): bpf(BPF_OBJ_GET_INFO_BY_FD)",
		"bpftool map show pinned %s",
	},
	[STATS_STEP_COUNT_CPUS] = {
		"%s does not end where /sys/devices/system/cpu/possible says, so one entry is read "
		"to count its records: the kernel keeps one for each of %zu CPUs",
		"bpf_map_lookup_elem(): bpf(BPF_MAP_LOOKUP_ELEM)",
		"bpftool map dump pinned %s",
	},
	[STATS_STEP_READ] = {
		"%s is read in one call: %zu records. A per-CPU map has one for each action and "
		"possible CPU; those of the same action are added up",
		"bpf_map_lookup_batch(): bpf(BPF_MAP_LOOKUP_BATCH)",
		"bpftool map dump pinned %s",
	},
	[STATS_STEP_READ_EACH] = {
		"the kernel refuses to read %s in one call, so it is read in five, one for each "
		"action: %zu records. A per-CPU map has one for each action and possible CPU; "
		"those of the same action are added up",
		"bpf_map_lookup_batch(), refused; bpf_map_lookup_elem(): "
		"bpf(BPF_MAP_LOOKUP_ELEM), five times",
		"bpftool map dump pinned %s",
	},
};

void stats_step_tell(enum stats_step step, const char *path, size_t number)
{
	char what[1024], by_hand[1200];

	if (!explain_is_on())
		return;
	snprintf(what, sizeof(what), steps[step].what, path, number);
	snprintf(by_hand, sizeof(by_hand), steps[step].by_hand, shell_word(path).text);
	explain_step(what, steps[step].calls, by_hand);
}
