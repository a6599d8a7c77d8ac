// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "load.h"
#include "privileges.h"
#include "prog_pin.h"

#define PIN_NAME "program"

static void pin_path_of(const struct load *load, char path[PIN_PATH_SIZE])
{
	state_dir_path(&load->state, path);
	snprintf(path + strlen(path), PIN_PATH_SIZE - strlen(path), "/" PIN_NAME);
}

void prog_pin_open(struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (load->state.fd < 0 || load->state.is_new)
		return;
	pin_path_of(load, path);
	xdp_prog_open_pin(&load->old, path);
}

bool prog_pin_is_stale(const struct load *load)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	char path[PIN_PATH_SIZE];
	bool is_stale;
	int fd;

	pin_path_of(load, path);
	fd = bpf_obj_get(path);
	if (fd < 0)
		return false;
	is_stale = !bpf_obj_get_info_by_fd(fd, &info, &length) && info.id != load->old.id;
	close(fd);
	return is_stale;
}

static void pin_unless_admin(const struct load *load, int fd)
{
	char path[PIN_PATH_SIZE];

	if (has_sys_admin())
		return;
	pin_path_of(load, path);
	bpf_obj_pin(fd, path);
}

void prog_pin_replace(const struct load *load)
{
	prog_pin_remove(load);
	pin_unless_admin(load, load->new.fd);
}

void prog_pin_restore(const struct load *load)
{
	if (load->old.fd >= 0)
		pin_unless_admin(load, load->old.fd);
}

void prog_pin_remove(const struct load *load)
{
	if (!load->state.is_new)
		unlinkat(load->state.fd, PIN_NAME, 0);
}
