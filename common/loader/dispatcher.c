// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "dispatcher.h"
#include "pin_path.h"
#include "visible.h"

/* Of libxdp (xdp-tools, protocol.org): the name, its directory of pins, and the most programs. */
#define DISPATCHER_NAME "xdp_dispatcher"
#define DISPATCHER_PIN  BPFFS_ROOT "/xdp/dispatch-%d-%u/prog%d-prog"
#define PROGRAMS_MAX    10

bool dispatcher_is(const struct xdp_prog *prog)
{
	return prog->id && !strcmp(prog->name, DISPATCHER_NAME);
}

static void add_program(struct text *text, int fd)
{
	char name[PROG_NAME_SIZE];
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length))
		return;
	prog_name_read(fd, &info, name);
	text_add(text, "%sid %u, %s", text->used ? "; " : "", info.id, visible(name).text);
}

void dispatcher_list(int ifindex, const struct xdp_prog *prog, struct text *text)
{
	char path[sizeof(DISPATCHER_PIN) + 3 * 11];

	for (int i = 0; i < PROGRAMS_MAX; i++) {
		int fd;

		snprintf(path, sizeof(path), DISPATCHER_PIN, ifindex, prog->id, i);
		fd = bpf_obj_get(path);
		if (fd < 0)
			continue;
		add_program(text, fd);
		close(fd);
	}
}
