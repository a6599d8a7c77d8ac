// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aside.h"
#include "bpffs.h"
#include "clock.h"
#include "confirm.h"
#include "device_bound.h"
#include "dispatcher.h"
#include "explain.h"
#include "interface.h"
#include "loads.h"
#include "map_reuse.h"
#include "messages.h"
#include "messages_confirm.h"
#include "object.h"
#include "prog_pin.h"
#include "recovery.h"

#define CLEANUP_WAIT_MS 2000 /* the kernel frees programs and namespaces later */
#define CLEANUP_POLL_MS 50
#define NS_PER_MS       1000000

/*
 * An interface that no longer exists is not an error for --unload if its pins exist; or
 * for --confirm and --rollback if something is kept for it.
 */
static bool may_be_gone(const struct load *load)
{
	char path[PIN_PATH_SIZE];

	if (load->opts->unload.wanted)
		return !access(load->live.path, F_OK);
	pending_path(path, load->live.name);
	return loader_answers(load->opts) && !access(path, F_OK);
}

int load_find(struct load *load)
{
	int ifindex = interface_find(load->wanted, load->ifname);

	load->live.parent = -1;
	pin_dir_name(load->live.name, load->ifname);
	snprintf(load->live.path, PIN_PATH_SIZE, "%s/%s", BPFFS_ROOT, load->live.name);
	if (ifindex == -ENODEV && may_be_gone(load))
		return 0;
	if (ifindex < 0)
		return ifindex;
	load->ifindex = ifindex;
	/* the path of the pins has the real name */
	if (strcmp(load->ifname, load->wanted))
		message_alternative_name(load);
	return 0;
}

static int open_bpffs(struct load *load)
{
	load->root = bpffs_open();
	if ((load->root == -EMEDIUMTYPE || load->root == -ENOENT) && !load->opts->dry_run) {
		load->root = bpffs_mount();
		load->has_mounted = load->root >= 0;
	}
	load->live.parent = load->root;
	if (load->has_mounted)
		message_mounted();
	if (load->root < 0)
		return load->root;
	return load->opts->dry_run ? 0 : bpffs_check(load->root);
}

void load_open_program(struct load *load)
{
	xdp_prog_open(&load->old);
	if (load->old.id && load->old.fd < 0)
		prog_pin_open(load);
}

static int query(struct load *load)
{
	int err = load->ifindex ? xdp_prog_query(load->ifindex, &load->old) : 0;

	if (err)
		return err;
	load_open_program(load);
	return 0;
}

/* If every user may write to bpffs, any user can create the directory of the interface. */
static bool is_planted(struct load *load)
{
	struct aside aside;
	int err = aside_look(load->root, load->live.name, &aside);

	if (err)
		return err == -ENOENT; /* the other user has removed it */
	load->stranger = aside.uid;
	return aside.is_nothing || load->opts->force;
}

static int read_pins(struct load *load)
{
	int err;

	pin_dir_free(&load->old_pins);
	err = load->root < 0 ? -ENOENT : pin_dir_read(&load->live, &load->old_pins);
	load->previous = err ? NULL : &load->old_pins;
	if ((err == -EPERM || err == -ENOTDIR) && is_planted(load))
		return 0; /* pin_publish() moves it aside */
	if (err)
		return err == -ENOENT ? 0 : err;
	if (loader_answers(load->opts))
		return 0; /* the directories change places, whatever is in them */
	/* --unload --force removes the maps and leaves other entries */
	return load->opts->unload.wanted && load->opts->force ? 0 : pin_dir_check(&load->old_pins);
}

/* Recovery may change the pins in place, so they are read again. */
static int recover(struct load *load)
{
	int err = confirm_look(load);

	if (!err)
		err = recovery_run(load);
	if (load->lapsed.prog_id)
		message_lapsed(load);
	if (err || !*load->recovered)
		return err;
	message_recovered(load);
	return read_pins(load);
}

/* --wait is the time for all locks. */
static int wait_left_ms(const struct load *load)
{
	const uint64_t waited_ms = (clock_monotonic_ns() - load->loads->since_ns) / NS_PER_MS;
	const int wait_ms = load->opts->wait_ms;

	return wait_ms < 0 ? -1 : waited_ms < (uint64_t)wait_ms ? wait_ms - (int)waited_ms : 0;
}

static int take_lock(struct load *load)
{
	explain_hold();
	return state_dir_lock(&load->state, load->root, load->live.name, wait_left_ms(load),
			      message_waiting);
}

int load_open(struct load *load)
{
	const bool only_look = load->opts->dry_run;
	int err = step_run(load, STEP_BPFFS, open_bpffs);

	if (err == -EMEDIUMTYPE && only_look)
		err = 0; /* no BPF file system, so no pins */
	return err || only_look ? err : step_run(load, STEP_LOCK, take_lock);
}

int load_begin(struct load *load)
{
	const bool only_look = load->opts->dry_run;
	int err = load_open(load);

	if (!err)
		err = step_run(load, STEP_QUERY, query);
	if (!err)
		err = step_run(load, STEP_READ_PINS, read_pins);
	if (!err && !only_look)
		err = step_run(load, STEP_RECOVER, recover);
	if (!err && only_look)
		err = confirm_peek(load);
	return err;
}

void load_init(struct load *load, struct loads *loads, const char *wanted)
{
	*load = (struct load){
		.opts = loads->opts,
		.loads = loads,
		.failure = &loads->failure,
		.wanted = wanted,
		.mode = loads->opts->mode,
		.root = -1,
		.state = { .root = -1, .state = -1, .fd = -1 },
		.old.fd = -1,
		.new.fd = -1,
	};
}

void load_set_staged(struct load *load, __u32 prog_id)
{
	char path[PIN_PATH_SIZE];

	state_dir_path(&load->state, path);
	load->staged.parent = load->state.fd;
	snprintf(load->staged.name, sizeof(load->staged.name), "%u", prog_id);
	snprintf(load->staged.path, sizeof(load->staged.path), "%.300s/%u", path, prog_id);
}

void load_unlock(struct load *load)
{
	if (load->state.fd < 0)
		return;
	step_explain(load, STEP_UNLOCK);
	state_dir_unlock(&load->state);
}

void load_end(struct load *load)
{
	bpf_object__close(load->obj);
	tail_calls_free(&load->tail_calls);
	pin_dir_free(&load->old_pins);
	xdp_prog_close(&load->old);
	if (load->root >= 0)
		close(load->root);
}

/*
 * Is the map used by a program that is not attached here? If the interface no longer
 * exists, wait for the kernel to free its program.
 */
static int find_other_user(struct load *load, const struct pin_dir *pins, __u32 map_id)
{
	const struct timespec pause = { .tv_nsec = CLEANUP_POLL_MS * 1000000 };

	for (int waited = 0;; waited += CLEANUP_POLL_MS) {
		int found = prog_info_find_user(map_id, &pins->progs, &load->user);

		if (found != 1 || (load->ifindex && !load->awaits_end) || waited >= CLEANUP_WAIT_MS)
			return found;
		nanosleep(&pause, NULL);
	}
}

/* Do other interfaces pin load->used, too? */
static bool is_pinned_elsewhere(const struct load *load)
{
	return shared_maps_for_each(load->used->name, load->used->map_id, load->ifname, NULL, NULL);
}

int load_check_users(struct load *load, const struct pin_dir *pins)
{
	for (size_t i = 0; i < pins->count; i++) {
		int found;

		load->used = &pins->pins[i];
		if (prog_uses_map(load->old.fd, load->used->map_id))
			continue;
		found = find_other_user(load, pins, load->used->map_id);
		if (found == 1 && is_pinned_elsewhere(load)) /* the user keeps it */
			continue;
		if (found)
			return found == 1 ? -EBUSY : found;
	}
	load->used = NULL;
	return 0;
}

/* Without a mode among the options, native mode is not tried where the driver has none. */
static void keep_mode(struct load *load)
{
	struct netdev_features features;

	if (!load->opts->is_default_mode || load->old.mode != XDP_MODE_SKB)
		return;
	netdev_features_read(load->ifindex, &features);
	load->is_mode_kept = netdev_lacks_native(&features);
	if (load->is_mode_kept)
		load->mode = XDP_MODE_SKB;
}

/* Was the attached program loaded by xdp_loader, which has pinned its maps? */
static bool has_own_pins(const struct load *load)
{
	for (size_t i = 0; i < load->old_pins.count; i++)
		if (prog_uses_map(load->old.fd, load->old_pins.pins[i].map_id))
			return true;
	return false;
}

/* Other tools have programs here, which only an option of its own takes away. */
static bool keeps_dispatcher(const struct load *load)
{
	return dispatcher_is(&load->old) && !load->opts->take_dispatcher && !has_own_pins(load);
}

int load_check_attach(struct load *load)
{
	if (load->pending.prog_id)
		return -EINPROGRESS;
	if (!load->old.id)
		return 0;
	if (!load->opts->force)
		return -EBUSY;
	if (keeps_dispatcher(load))
		return -ENOTEMPTY;
	keep_mode(load);
	if (load->old.fd >= 0)
		return 0;
	if (load->loads->count > 1 || load->opts->confirm.ms)
		return -EPERM;
	return (load->mode != XDP_MODE_AUTO && load->mode != load->old.mode) ? -EPERM : 0;
}

int load_check_name(struct load *load)
{
	char now[IF_NAMESIZE];

	if (!if_indextoname(load->ifindex, now))
		return -errno;
	return strcmp(now, load->ifname) ? -ESTALE : 0;
}

int load_check_detach(struct load *load)
{
	const __u32 wanted = load->opts->unload.prog_id;

	if (load->pending.prog_id && load->is_elsewhere)
		return -EINPROGRESS;
	if (wanted && wanted != load->old.id)
		return -EPROTO;
	return keeps_dispatcher(load) ? -ENOTEMPTY : 0;
}

int load_check_pins(struct load *load)
{
	return load_check_users(load, &load->old_pins);
}

int load_run_dry(struct load *load)
{
	int err;

	netdev_features_read(load->ifindex, &load->features);
	load->new.mode = load->mode;
	if (load->old.id && load->new.mode != XDP_MODE_AUTO && load->new.mode != load->old.mode)
		load->replaced = XDP_REPLACE_GAP;
	err = dry_run(load->prog, &load->test);
	/* the kernel does not run a program that is bound to a device */
	return err == -EINVAL && object_reads_metadata(load->obj) ? 0 : err;
}
