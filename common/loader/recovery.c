// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "load.h"
#include "parse.h"
#include "pin_publish.h"
#include "prog_pin.h"
#include "recovery.h"

#define STAGED_MAX 64 /* the most directories that one run looks at */

/*
 * List the staged directories: their names are program ids. Returns how many or -errno.
 */
static int list_staged(const struct load *load, __u32 ids[STAGED_MAX])
{
	int fd = openat(load->state.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	int count = 0;
	DIR *stream;

	stream = fd < 0 ? NULL : fdopendir(fd);
	if (!stream)
		return -errno;
	while (count < STAGED_MAX && (entry = readdir(stream)))
		if (!parse_u32(entry->d_name, &ids[count]))
			count++;
	closedir(stream);
	return count;
}

/* Publish the pins of the attached program, which are still staged. */
static int put_in_place(struct load *load)
{
	const bool is_pending = load->pending.prog_id == load->old.id;
	int result;

	/*
	 * the pins in place may belong to another network namespace; those of a pending
	 * load do not, but the previous program, which is kept, uses them
	 */
	if (!is_pending && !load->opts->force && load_check_pins(load))
		return 0;
	result = pin_publish(&load->staged, &load->live, load->previous);
	if (result < 0)
		return result;
	snprintf(load->recovered, sizeof(load->recovered), "%s", load->staged.name);
	return is_pending ? 0 : pin_dir_remove(&load->staged, NULL);
}

static int deal_with(struct load *load, __u32 prog_id)
{
	struct aside aside;
	struct pin_dir pins;
	int err = pin_dir_read(&load->staged, &pins);

	/* the loader was killed after it had replaced an entry of another user */
	if (err && !aside_look(load->staged.parent, load->staged.name, &aside))
		return aside_move(load->staged.parent, load->staged.name, load->root);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = pin_dir_check(&pins);
	if (err) {
		snprintf(load->old_pins.stranger, sizeof(load->old_pins.stranger), "%s",
			 pins.stranger);
		pin_dir_free(&pins);
		return err;
	}
	/*
	 * the pin would keep a replaced program loaded, which would count as a user of
	 * the maps
	 */
	if (prog_id == load->old.id && prog_pin_is_stale(load)) {
		prog_pin_remove(load);
		load->awaits_end = true;
	}
	if (pin_dir_is_staged(&pins) && prog_id == load->old.id)
		err = put_in_place(load);
	else if (prog_id == load->pending.prog_id)
		err = 0; /* the previous pins are kept */
	else if (load->opts->force || !load_check_users(load, &pins))
		err = pin_dir_remove(&load->staged, &pins);
	load->used = NULL;
	pin_dir_free(&pins);
	return err;
}

int recovery_run(struct load *load)
{
	__u32 ids[STAGED_MAX];
	int count = load->state.is_new ? 0 : list_staged(load, ids), err = 0;

	for (int i = 0; !err && i < count; i++) {
		load_set_staged(load, ids[i]);
		err = deal_with(load, ids[i]);
	}
	return count < 0 ? count : err;
}
