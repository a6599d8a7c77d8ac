// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "clock.h"
#include "confirm.h"
#include "loads.h"
#include "netns.h"
#include "pin_publish.h"
#include "prog_pin.h"
#include "rollback.h"
#include "undo.h"

#define NS_PER_MS 1000000ULL

/* Another interface can have the same name, in another network namespace. */
static bool is_elsewhere(const struct pending *pending)
{
	const uint64_t here = netns_id();

	return here && pending->netns && here != pending->netns;
}

/* An id that cannot be looked up for want of privileges may be that of a program. */
static bool exists(__u32 prog_id)
{
	int fd = bpf_prog_get_fd_by_id(prog_id);

	if (fd >= 0)
		close(fd);
	return fd != -ENOENT;
}

static bool ends_pending(const struct load *load)
{
	return load->opts->confirm.is_answer || load->opts->rollback;
}

/* Returns 1 if the program of the pending load is attached, 0 if not, or -errno. */
static int is_attached(struct load *load)
{
	const struct pending *pending = &load->pending;
	struct xdp_prog now;
	int err;

	if (pending->ifindex == load->ifindex)
		return load->old.id == pending->prog_id;
	err = xdp_prog_query(pending->ifindex, &now);
	if (err)
		return err == -ENODEV ? 0 : err;
	if (now.id != pending->prog_id)
		return 0;
	if (ends_pending(load)) {
		xdp_prog_close(&load->old);
		load->ifindex = pending->ifindex;
		load->old = now;
		load_open_program(load);
	}
	return 1;
}

int confirm_look(struct load *load)
{
	struct pending *pending = &load->pending;
	int result;

	if (load->state.is_new)
		return 0;
	result = pending_read(load->state.fd, pending);
	if (result || !pending->exists)
		return result;
	load->is_elsewhere = is_elsewhere(pending);
	if (pending->prog_id)
		result = load->is_elsewhere ? exists(pending->prog_id) : is_attached(load);
	if (result)
		return result < 0 ? result : 0;
	load->lapsed = *pending;
	load->awaits_end = true; /* of the previous program, which has no pin any more */
	*pending = (struct pending){ 0 };
	return pending_remove(load->state.fd); /* recovery_run() removes the pins */
}

int confirm_peek(struct load *load)
{
	int fd = load->root < 0 ? -ENOENT : state_dir_peek(load->root, load->live.name), err;

	if (fd < 0)
		return 0;
	err = pending_read(fd, &load->pending);
	if (load->pending.prog_id != load->old.id)
		load->pending.prog_id = 0;
	close(fd);
	return err;
}

static uint64_t deadline_ns(const struct load *load)
{
	const uint64_t ms = load->opts->confirm.ms;

	return clock_monotonic_ns() + ms * NS_PER_MS;
}

static int pin_previous(const struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (!load->old.id)
		return 0;
	pending_program_path(path, load->state.name);
	return bpf_obj_pin(load->old.fd, path);
}

int confirm_keep(struct load *load)
{
	int dir, err;

	load->pending = (struct pending){
		.prog_id = load->new.id,
		.previous_id = load->old.id,
		.previous_mode = load->old.mode,
		.ifindex = load->ifindex,
		.netns = netns_id(),
		.deadline_ns = deadline_ns(load),
		.is_watched = true,
	};
	dir = pending_make(load->state.fd);
	if (dir < 0)
		return dir;
	err = pin_previous(load);
	if (!err)
		err = pending_write(dir, &load->pending);
	if (!err)
		err = rollback_start(load, dir);
	close(dir);
	return err;
}

/* The time that was written before the attach is only a little too early. */
int confirm_begin(struct load *load)
{
	struct pending pending;
	int dir = pending_open(load->state.fd);

	prog_pin_replace(load);
	load->pending.deadline_ns = deadline_ns(load);
	if (dir < 0)
		return 0;
	if (pending_write(dir, &load->pending) && !pending_read_facts(dir, &pending))
		load->pending.deadline_ns = pending.deadline_ns;
	close(dir);
	return 0;
}

static int check_pending(struct load *load)
{
	if (load->pending.prog_id)
		return load->is_elsewhere ? -EXDEV : 0;
	if (load->old.id)
		pending_find(load->state.state, load->ifindex, load->old.id, load->former_name);
	return -ENOENT;
}

static int confirm(struct load *load)
{
	int err = check_pending(load);

	if (err)
		return err;
	load->dropped = load->pending;
	load->pending.prog_id = 0;
	load->new = load->old;
	return pending_remove(load->state.fd);
}

static int clean_up(struct load *load)
{
	load_set_staged(load, load->dropped.prog_id);
	return pin_dir_remove(&load->staged, NULL);
}

int confirm_forget(struct load *load)
{
	int err = load->pending.prog_id ? confirm(load) : 0;

	return err || !load->dropped.prog_id ? err : clean_up(load);
}

static int open_previous(struct load *load)
{
	char path[PIN_PATH_SIZE];

	load->new = load->old;
	load->old = (struct xdp_prog){ .mode = load->pending.previous_mode,
				       .id = load->pending.previous_id,
				       .fd = -1 };
	if (!load->old.id)
		return 0;
	pending_program_path(path, load->state.name);
	return xdp_prog_open_pin(&load->old, path);
}

int confirm_roll_back(struct load *load)
{
	int err = check_pending(load);

	if (!err)
		err = open_previous(load);
	if (err)
		return err;
	load_set_staged(load, load->pending.prog_id);
	pin_dir_free(&load->old_pins);
	err = pin_dir_read(&load->staged, &load->old_pins);
	if (err && err != -ENOENT)
		return err;
	load->previous = err ? NULL : &load->old_pins;
	err = undo_steps(load, STEP_PUBLISH);
	if (err)
		return err;
	prog_pin_remove(load);
	prog_pin_restore(load);
	return pending_remove(load->state.fd);
}

int confirm_answer(struct loads *loads)
{
	if (loads->opts->rollback)
		return loads_finish(loads, STEP_ROLL_BACK, confirm_roll_back);
	loads_finish(loads, STEP_CONFIRM, confirm);
	return loads_finish(loads, STEP_CLEAN_UP, clean_up);
}
