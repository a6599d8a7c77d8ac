// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attach an XDP program to an interface and pin its maps where others find them.
 *
 * The order of a load is what makes it safe: what can fail comes before the
 * attach, the pins get ready in a directory of their own, and one rename puts
 * them in place. So a failure leaves things as they were, and who opens a pin by
 * its path always finds a map.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "explain.h"
#include "job.h"
#include "libbpf_log.h"
#include "loader_options.h"
#include "log.h"
#include "map_reuse.h"
#include "object.h"
#include "pin_dir.h"
#include "pin_path.h"
#include "report.h"
#include "report_json.h"
#include "report_status.h"
#include "test_run.h"
#include "xdp_attach.h"
#include "xdp_stats_kern_user.h"

static const struct loader_options *opts;

static int check_may_attach(const struct job *job)
{
	bool other_mode = opts->mode != XDP_MODE_AUTO && opts->mode != (int)job->old.mode;

	if (!job->old.prog_id)
		return opts->force ? 0 : job_check_pins(job);
	if (!opts->force)
		return say_occupied(job, opts->dry_run);
	if (other_mode && job->old.fd < 0) {
		log_error(
			"cannot replace program %u on %s, which is in %s mode: if that failed, it "
			"could not be put back without CAP_SYS_ADMIN",
			job->old.prog_id, job->ifname, xdp_mode_name(job->old.mode));
		log_hint("run it as root, or remove the program first: xdp_loader --dev %s "
			 "--unload=%u",
			 job->ifname, job->old.prog_id);
		return EXIT_ATTACH;
	}
	return 0;
}

static int open_object(struct job *job)
{
	int err;

	libbpf_log_reset();
	err = object_open(opts->filename, &job->obj);
	if (err)
		return say_bad_file(opts->filename, err);
	err = object_choose_program(job->obj, opts->progname, &job->prog);
	if (err)
		return say_no_program(job, opts->filename, opts->progname, err);
	explain_word("FILE", opts->filename);
	explain_word("NAME", bpf_program__name(job->prog));
	explain("bpf_object__open_mem(), bpf_program__set_autoload()", "llvm-objdump -d -r FILE",
		"%s is read: its ELF sections are programs and maps, and nothing is in the kernel "
		"yet; of the programs only %s will be loaded",
		opts->filename, bpf_program__name(job->prog));
	return 0;
}

/* --reuse-maps: what is pinned under a map's name takes the place of a new map. */
static int reuse_pinned_maps(struct job *job)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE], differs[1024] = "";
	struct bpf_map *map;
	int err;

	bpf_object__for_each_map (map, job->obj) {
		object_pin_name(name, map);
		if (!opts->reuse_maps || !map_is_reusable(map) ||
		    !pin_dir_find(&job->old_pins, name))
			continue;
		pin_path(path, job->ifname, name);
		/* a dry run's test packet must not be counted in a map that is in use */
		err = opts->dry_run ? map_compare(map, job->obj, path, differs, sizeof(differs))
				    : map_reuse(map, job->obj, path, differs, sizeof(differs));
		if (err)
			return say_cannot_reuse(job, name, err, differs);
		explain_word("MAP", name);
		explain("bpf(BPF_OBJ_GET), bpf_map__reuse_fd()",
			"bpftool prog load FILE " BPFFS_ROOT "/NAME map name MAP pinned " BPFFS_ROOT
			"/DIR/MAP",
			"%s has the shape of the object's map %s, which it stands for from now on",
			path, name);
	}
	return 0;
}

static int load_object(struct job *job)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	int err;

	libbpf_log_reset();
	err = bpf_object__load(job->obj);
	if (!err) {
		job->new.fd = bpf_program__fd(job->prog);
		err = bpf_obj_get_info_by_fd(job->new.fd, &info, &length);
	}
	if (err)
		return say_load_failed(job, err);
	job->new.prog_id = info.id;
	snprintf(job->new.name, sizeof(job->new.name), "%s", bpf_program__name(job->prog));
	explain("bpf_object__load(): bpf(BPF_MAP_CREATE), bpf(BPF_PROG_LOAD)",
		"bpftool prog load FILE " BPFFS_ROOT "/NAME type xdp",
		"the maps are made, and the verifier has accepted %s as program %u: it is in the "
		"kernel, but no packet meets it yet",
		job->new.name, job->new.prog_id);
	return 0;
}

/*
 * Pin all maps of the object with one call. Not into the interface's directory,
 * where other pins may stand and readers look, but into one made beside it:
 * whether the object has gained or lost a map makes no difference then.
 */
static int pin_maps_in_bpf_object(struct job *job)
{
	char path[PIN_PATH_SIZE];
	int err;

	pin_dir_staged_name(job->staged, job->dir, job->new.prog_id);
	snprintf(path, sizeof(path), "%s/%s", BPFFS_ROOT, job->staged);
	err = pin_dir_stage(job->staged);
	job->is_staged = !err;
	if (!err)
		err = bpf_object__pin_maps(job->obj, path);
	if (!err && job->has_old_pins)
		err = pin_dir_inherit(job->staged, &job->old_pins);
	if (err)
		return say_pin_failed("pin the maps in", job->staged, err, NULL);
	explain_word("MAP", XDP_STATS_MAP_NAME);
	explain_word("STAGED", path);
	explain("mkdir(2); bpf_object__pin_maps(): bpf(BPF_OBJ_PIN)",
		"mkdir STAGED; bpftool map pin id ID STAGED/MAP, with the map's ID",
		"its maps are pinned in %s, beside the place where readers look", path);
	return 0;
}

static int attach(struct job *job)
{
	struct xdp_attached now;
	int err;

	if (job->old.prog_id)
		err = xdp_attach_replace(job->ifindex, opts->mode, &job->new, &job->old,
					 &job->replaced);
	else
		err = xdp_attach_new(job->ifindex, opts->mode, &job->new);
	if (err)
		return say_attach_failed(job, err);
	job->is_attached = true;
	job->new.mode = opts->mode;
	/* which of the two modes has auto become? */
	if (opts->mode == XDP_MODE_AUTO && !xdp_attach_query(job->ifindex, &now))
		job->new.mode = now.mode;
	explain_word("XDPMODE", xdp_mode_of_ip(job->new.mode));
	explain("bpf_xdp_attach(), a netlink request with XDP_FLAGS_UPDATE_IF_NOEXIST or "
		"XDP_FLAGS_REPLACE",
		job->old.prog_id ? "ip -force link set dev IFNAME XDPMODE pinned " BPFFS_ROOT
				   "/NAME"
				 : "ip link set dev IFNAME XDPMODE pinned " BPFFS_ROOT "/NAME",
		"program %u is attached to %s in %s mode%s: from here on it sees every packet",
		job->new.prog_id, job->ifname, xdp_mode_name(job->new.mode),
		job->old.prog_id ? ", in the place of the old one" : "");
	return 0;
}

static int publish_pins(struct job *job)
{
	int err = pin_dir_publish(job->staged, job->dir, job->has_old_pins ? &job->old_pins : NULL);

	if (err)
		return say_pin_failed("put the pins in place at", job->dir, err, NULL);
	job->is_staged = job->is_attached = false; /* nothing to undo from here on */
	explain(job->has_old_pins ? "renameat2(2) with RENAME_EXCHANGE, unlink(2), rmdir(2)"
				  : "renameat2(2) with RENAME_NOREPLACE",
		job->has_old_pins ? "mv --exchange -T STAGED " BPFFS_ROOT
				    "/DIR; rm -r STAGED (mv of coreutils 9.5)"
				  : "mv -nT STAGED " BPFFS_ROOT "/DIR",
		"the pins are in place in %s/%s, in one step%s", BPFFS_ROOT, job->dir,
		job->has_old_pins ? "; the old ones go" : "");
	err = job->has_old_pins ? pin_dir_remove(job->staged, &job->old_pins) : 0;
	return err ? say_pin_failed("remove the pins of before in", job->staged, err,
				    "all else is done; the next xdp_loader removes them")
		   : 0;
}

/* After a failure: what was before is again. */
static void undo_load(struct job *job)
{
	enum xdp_replace_result result;
	int err = 0;

	if (job->is_attached && job->old.prog_id && job->old.fd < 0) {
		/* its pins wait in the staged directory, for the next loader to find */
		log_error("%s: program %u stays attached: without CAP_SYS_ADMIN the one before "
			  "cannot be put back",
			  job->ifname, job->new.prog_id);
		log_hint("run xdp_loader again to have its maps pinned");
		return;
	}
	if (job->is_attached && job->old.prog_id)
		err = xdp_attach_replace(job->ifindex, job->old.mode, &job->old, &job->new,
					 &result);
	else if (job->is_attached)
		err = xdp_detach(job->ifindex, &job->new);
	if (err)
		log_error("cannot undo the attach to %s: %s", job->ifname, strerror(-err));
	else if (job->is_staged && pin_dir_remove(job->staged, NULL))
		log_info("left " BPFFS_ROOT "/%s behind; the next xdp_loader removes it",
			 job->staged);
}

/* A signal that ends us waits while a program may be attached without its pins. */
static void hold_signals(sigset_t *before)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

/* What is done is told first; then a signal may end us. */
static void release_signals(const sigset_t *before)
{
	fflush(stdout);
	sigprocmask(SIG_SETMASK, before, NULL);
}

static void report(const struct job *job)
{
	if (opts->json)
		report_load_json(job, opts->filename, NULL, false);
	else if (!opts->quiet)
		report_load(job, opts->filename);
}

/* --dry-run: the program is in the kernel, and goes with us. */
static int try_out(struct job *job)
{
	struct test_run result;
	int err = test_run(job->new.fd, &result);

	if (err)
		return say_test_failed(job, err);
	job->new.mode = opts->mode;
	if (job->old.prog_id && opts->mode != XDP_MODE_AUTO && opts->mode != (int)job->old.mode)
		job->replaced = XDP_REPLACE_GAP;
	if (opts->json)
		report_load_json(job, opts->filename, &result, opts->reuse_maps);
	else if (!opts->quiet)
		report_dry_run(job, opts->filename, &result, opts->reuse_maps);
	return 0;
}

static int load(struct job *job)
{
	sigset_t before;
	int status = check_may_attach(job);

	status = status ?: open_object(job);
	status = status ?: reuse_pinned_maps(job);
	status = status ?: load_object(job);
	if (status || opts->dry_run)
		return status ?: try_out(job);
	hold_signals(&before);
	status = pin_maps_in_bpf_object(job);
	status = status ?: attach(job);
	status = status ?: publish_pins(job);
	if (status)
		undo_load(job);
	else
		report(job);
	release_signals(&before);
	return status;
}

static int detach(struct job *job)
{
	struct xdp_attached now;
	int err;

	if (!job->old.prog_id)
		return 0;
	err = xdp_detach(job->ifindex, &job->old);
	/* the kernel takes a detach in the wrong mode for done */
	if (!err && !xdp_attach_query(job->ifindex, &now) && now.prog_id == job->old.prog_id)
		err = -EALREADY;
	if (err)
		return say_detach_failed(job, err);
	explain_word("XDPMODE", xdp_mode_of_ip(job->old.mode));
	explain("bpf_xdp_detach(), a netlink request with XDP_FLAGS_REPLACE; RTM_GETLINK",
		"ip link set dev IFNAME XDPMODE off",
		"program %u, and no other, is detached from %s, and the kernel says that it is "
		"gone",
		job->old.prog_id, job->ifname);
	return 0;
}

static int remove_pins(const struct job *job)
{
	int err = job->has_old_pins ? pin_dir_remove(job->dir, &job->old_pins) : 0;

	if (err)
		return say_pin_failed("remove the pins in", job->dir, err,
				      "nothing is attached any more; for the pins: --unload again");
	explain("unlink(2), rmdir(2)", "rm -r " BPFFS_ROOT "/DIR",
		"the pins in %s/%s are gone; when the last descriptor of a map is closed, too, "
		"the kernel frees it",
		BPFFS_ROOT, job->dir);
	return 0;
}

static int unload(struct job *job)
{
	sigset_t before;
	int status;

	if (opts->unload.prog_id && opts->unload.prog_id != job->old.prog_id)
		return say_other_program(job, opts->unload.prog_id);
	status = opts->force ? 0 : job_check_pins(job);
	if (status)
		return status;
	hold_signals(&before);
	status = detach(job) ?: remove_pins(job);
	if (!status && opts->json)
		report_unload_json(job);
	else if (!status && !opts->quiet)
		report_unload(job);
	release_signals(&before);
	return status;
}

/* An interface that has gone is no error for --unload if it has left pins. */
static bool must_exist(void)
{
	char path[PIN_PATH_SIZE];

	pin_path(path, opts->ifname, ".");
	return !opts->unload.wanted || access(path, F_OK);
}

static int load_or_unload(void)
{
	struct job job;
	int flags = (must_exist() ? JOB_MUST_EXIST : 0) | (opts->dry_run ? JOB_LOOK_ONLY : 0);
	int status = job_open(&job, opts->ifname, flags);

	if (!status)
		status = opts->unload.wanted ? unload(&job) : load(&job);
	job_close(&job);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	opts = loader_options_read(argc, argv);
	signal(SIGPIPE, SIG_IGN); /* nobody listening is no reason to stop half way */
	libbpf_log_init();

	status = opts->status ? report_status(opts->ifname, opts->json) : load_or_unload();
	if (!status && (fflush(stdout) || ferror(stdout))) {
		log_failure(strerror(errno), opts->status ? "the status cannot be written"
							  : "it is done, but the report cannot be "
							    "written");
		status = EXIT_FAILURE;
	}
	log_finish(status);
	return status;
}
