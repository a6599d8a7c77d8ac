// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attach an XDP program to an interface and pin its maps where other programs find
 * them. The steps that are likely to fail come before the attach. The pins are staged
 * in a separate directory, and one rename puts them in place. So a failure leaves
 * everything as it was, and a process that opens a pin by its path always finds a map.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "confirm.h"
#include "constants.h"
#include "crash_guard.h"
#include "prog_choice.h"
#include "libbpf_log.h"
#include "loads.h"
#include "losses.h"
#include "map_freeze.h"
#include "messages.h"
#include "object.h"
#include "pin_publish.h"
#include "prog_pin.h"
#include "report_status.h"
#include "unchanged.h"
#include "xdp_stats_kern_user.h"

static int open_object(struct load *load)
{
	int err = object_check_file(load->opts->filename);

	if (err)
		return err;
	libbpf_log_reset();
	crash_guard_arm(load, "bpf_object__open_file()");
	load->obj = bpf_object__open_file(load->opts->filename, NULL);
	crash_guard_disarm();
	return load->obj ? object_prepare(load->obj, &load->marked) : -errno;
}

/* --set: constants are part of the program that the verifier sees. */
static int set_constants(struct load *load)
{
	struct text why = text_in(load->differs, sizeof(load->differs));

	return constants_set(load->obj, &load->opts->settings, &load->setting, &why);
}

/* --reuse-maps: a map that is pinned under the same name is used in place of a new one. */
static int reuse_maps(struct load *load)
{
	int err;

	bpf_object__for_each_map (load->map, load->obj) {
		if (!map_has_previous(load, load->map))
			continue;
		err = map_reuse(load, load->map);
		if (err)
			return err;
		step_explain(load, STEP_REUSE);
	}
	return 0;
}

/* The verifier writes to this buffer only if it rejects the program. */
static int load_object(struct load *load)
{
	static char log[VERIFIER_LOG_SIZE];
	int err;

	libbpf_log_reset();
	load->verifier_log = log;
	crash_guard_arm(load, "bpf_object__load()");
	err = bpf_program__set_log_buf(load->prog, log, sizeof(log));
	if (!err)
		err = bpf_object__load(load->obj);
	crash_guard_disarm();
	if (err)
		return err;
	err = xdp_prog_read(&load->new, load->prog);
	if (!err)
		load_set_staged(load, load->new.id);
	return err;
}

/* A process that may only read a pin could pin the map again, and open that for writing. */
static int freeze_stats_map(struct load *load)
{
	load->map = bpf_object__find_map_by_name(load->obj, XDP_STATS_MAP_NAME);
	if (!load->map || (map_is_reused(load, load->map) && map_is_frozen(load->map))) {
		load->map = NULL;
		return 0;
	}
	return map_freeze(load->map);
}

/*
 * Pin all maps with one call, in a new directory in place of the one with the previous
 * pins. So it does not matter if the new object has other maps than the previous one.
 */
static int stage_pins(struct load *load)
{
	int err = pin_dir_stage(&load->staged);

	if (!err)
		err = object_set_pin_paths(load->obj, load->staged.path);
	if (!err)
		err = bpf_object__pin_maps(load->obj, NULL);
	if (!err && load->previous)
		err = pin_dir_inherit(&load->staged, &load->old_pins);
	return err;
}

static int attach(struct load *load)
{
	const enum xdp_mode mode = load->mode;
	const __u32 flags = xdp_mode_flag(mode) | XDP_FLAGS_UPDATE_IF_NOEXIST;
	struct xdp_prog now;
	int err;

	if (load->old.id) {
		err = xdp_prog_replace(load->ifindex, mode, &load->new, &load->old,
				       &load->replaced);
	} else {
		libbpf_log_reset();
		err = bpf_xdp_attach(load->ifindex, load->new.fd, flags, NULL);
		err = xdp_prog_confirm(load->ifindex, &load->new, err);
	}
	if (err)
		return err;
	load->new.mode = mode;
	/* which mode did the kernel choose? */
	if (mode == XDP_MODE_AUTO && !xdp_prog_query(load->ifindex, &now))
		load->new.mode = now.mode;
	return 0;
}

static int publish_pins(struct load *load)
{
	int result = pin_publish(&load->staged, &load->live, load->previous);

	if (result < 0)
		return result;
	load->was_exchanged = !result;
	return 0;
}

/* The point of no return: undo_load() needs the previous pins. */
static int remove_previous_pins(struct load *load)
{
	prog_pin_replace(load);
	return load->previous ? pin_dir_remove(&load->staged, &load->old_pins) : 0;
}

/* The steps that are likely to fail, and change nothing yet. */
static int prepare(struct load *load)
{
	int err = step_run(load, STEP_MAY_ATTACH, load_check_attach);

	if (!err && !load->old.id && !load->opts->force)
		err = step_run(load, STEP_MAY_TAKE_PINS, load_check_pins);
	if (!err)
		err = step_run(load, STEP_OPEN, open_object);
	if (!err)
		err = step_run(load, STEP_CHOOSE, prog_choose);
	if (!err)
		err = step_run(load, STEP_SET, set_constants);
	if (!err)
		err = step_run(load, STEP_SHARE, shared_maps_check);
	if (!err)
		err = step_run(load, STEP_REUSE, reuse_maps);
	if (!err)
		err = step_run(load, STEP_LOAD, load_object);
	if (!err)
		err = step_run(load, STEP_FREEZE, freeze_stats_map);
	return err;
}

static int put_in_place(struct load *load)
{
	int err = step_run(load, STEP_ATTACH, attach);

	if (!err)
		err = step_run(load, STEP_CHECK_NAME, load_check_name);
	if (!err)
		err = step_run(load, STEP_PUBLISH, publish_pins);
	return err;
}

/* All interfaces or none: each stage is done for all of them before the next one. */
static int load(struct loads *loads)
{
	int status = loads_run(loads, prepare);

	if (!status && loads->opts->dry_run)
		return loads_step(loads, STEP_DRY_RUN, load_run_dry);
	if (!status)
		status = loads_step(loads, STEP_COMPARE, load_compare);
	if (status)
		goto undo;
	loads_hold_signals(loads);
	status = loads_step(loads, STEP_STAGE, stage_pins);
	if (!status && loads->opts->confirm.ms)
		status = loads_step(loads, STEP_KEEP, confirm_keep);
	if (!status)
		status = loads_run(loads, put_in_place);
	if (status)
		goto undo;
	if (loads->opts->confirm.ms)
		return loads_finish(loads, STEP_PEND, confirm_begin);
	return loads_finish(loads, STEP_CLEAN_UP, remove_previous_pins);

undo:
	loads_undo(loads);
	return status;
}

static int detach(struct load *load)
{
	int err;

	if (!load->old.id)
		return 0;
	prog_pin_remove(load);
	err = xdp_prog_detach(load->ifindex, &load->old);
	if (err)
		prog_pin_restore(load);
	return err;
}

/* With --force, entries that are not pinned maps stay, and so does the directory. */
static int remove_pins(struct load *load)
{
	int err = load->previous ? pin_dir_remove(&load->live, &load->old_pins) : 0;

	if (err == -EMEDIUMTYPE && load->opts->force)
		err = 0;
	return err ?: confirm_forget(load);
}

static int check_unload(struct load *load)
{
	int err = step_run(load, STEP_MAY_DETACH, load_check_detach);

	if (!err && !load->opts->force)
		err = step_run(load, STEP_MAY_TAKE_PINS, load_check_pins);
	return err;
}

static int unload(struct loads *loads)
{
	int status = loads_run(loads, check_unload);

	if (status)
		return status;
	loads_hold_signals(loads);
	loads_finish(loads, STEP_DETACH, detach);
	return loads_finish(loads, STEP_UNPIN, remove_pins);
}

static int change(const struct loader_options *opts, struct failure *failure)
{
	struct loads loads;
	int status = loads_begin(&loads, opts);

	if (!status)
		status = loader_answers(opts)  ? confirm_answer(&loads)
			 : opts->unload.wanted ? unload(&loads)
					       : load(&loads);
	loads_unlock(&loads); /* other loaders need not wait for the report */
	loads_report(&loads);
	*failure = loads.failure;
	loads_end(&loads);
	return status;
}

int main(int argc, char **argv)
{
	const struct loader_options *opts = loader_options_read(argc, argv);
	struct failure failure = { 0 };
	int status;

	signal(SIGPIPE, SIG_IGN); /* a closed pipe must not end the loader between two steps */
	libbpf_log_init();
	status = opts->status          ? report_status(opts, &failure)
		 : opts->losses.wanted ? losses_run(opts, &failure)
				       : change(opts, &failure);
	if (!failure.exit_code && (fflush(stdout) || ferror(stdout)))
		message_not_written(&failure, opts->status, errno);
	return failure_print(&failure, opts->json) ?: status;
}
