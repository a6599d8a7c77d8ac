// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attach an XDP program to an interface and pin its maps where others find them.
 *
 * The order of a load is what makes it safe: whatever can fail comes before the
 * attach, the pins get ready in a directory of their own, and one rename puts
 * them in place. So a failure leaves things as they were, and who opens a pin by
 * its path always finds a map.
 */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpffs.h"
#include "diagnosis.h"
#include "libbpf_log.h"
#include "log.h"
#include "map_reuse.h"
#include "map_users.h"
#include "object.h"
#include "options.h"
#include "pin_dir.h"
#include "pin_path.h"
#include "xdp_attach.h"

#define EXIT_ATTACH 30 /* attach or detach failed */
#define EXIT_OBJECT 40 /* BPF object, map or pin failed */

#define LOCK_TIMEOUT_MS 5000
#define DEFAULT_OBJECT	"xdp_prog_kern.o"

struct unload_option {
	bool wanted;
	__u32 prog_id; /* 0: whichever is attached */
};

static struct {
	const char *ifname, *filename, *progname;
	int mode; /* enum xdp_mode */
	bool force, reuse_maps, quiet, verbose;
	struct unload_option unload;
} opts;

/* All that one run works on. Released by job_close(), in reverse order. */
struct job {
	const char *ifname;
	int ifindex;	       /* 0: there is no such interface */
	char dir[IF_NAMESIZE]; /* of its pins, in BPFFS_ROOT */
	int lock;	       /* on the root of bpffs, as long as it is open */
	struct xdp_attached old;
	struct pin_dir old_pins;
	bool has_old_pins;
	struct bpf_object *obj;
	struct bpf_program *prog;
	struct xdp_attached new;
	char staged[NAME_MAX + 1];
	bool is_staged, is_attached;
	enum xdp_replace_result replaced;
};

static void say(const struct diagnosis *diagnosis, const char *what, const char *whom)
{
	log_error("cannot %s %s: %s", what, whom, diagnosis->cause);
	if (diagnosis->hint[0])
		log_hint("%s", diagnosis->hint);
}

static int job_open_bpffs(struct job *job)
{
	int err;

	job->lock = bpffs_open();
	if (job->lock == -EMEDIUMTYPE || job->lock == -ENOENT) {
		err = bpffs_mount();
		job->lock = err ?: bpffs_open();
		if (!err)
			log_info("mounted the BPF file system on " BPFFS_ROOT);
	}
	if (job->lock >= 0)
		return 0;
	log_error("cannot open the BPF file system on " BPFFS_ROOT ": %s", strerror(-job->lock));
	log_hint("as root: mount -t bpf bpf " BPFFS_ROOT);
	return EXIT_OBJECT;
}

static int job_take_lock(struct job *job)
{
	int err = bpffs_lock(job->lock, LOCK_TIMEOUT_MS);
	pid_t holder;

	if (!err)
		return 0;
	holder = err == -ETIMEDOUT ? bpffs_lock_holder(job->lock) : 0;
	log_error("cannot lock " BPFFS_ROOT ": %s", strerror(-err));
	if (holder)
		log_hint("process %d holds the lock; try again when it has ended", holder);
	return EXIT_FAILURE;
}

static int job_look_at_interface(struct job *job)
{
	int err;

	job->ifindex = if_nametoindex(job->ifname);
	if (!job->ifindex)
		return 0;
	err = xdp_attach_query(job->ifindex, &job->old);
	if (err) {
		log_error("cannot ask what is attached to %s: %s", job->ifname, strerror(-err));
		return EXIT_ATTACH;
	}
	xdp_attached_open(&job->old);
	return 0;
}

static int say_bad_pins(const struct job *job, int err)
{
	log_error("cannot use the pin directory " BPFFS_ROOT "/%s: %s", job->dir,
		  err == -ENOTDIR	? "it is no real directory"
		  : err == -EPERM	? "it belongs to another user"
		  : err == -EACCES	? "others may write to it"
		  : err == -EMEDIUMTYPE ? "it holds something that is not a pinned map"
					: strerror(-err));
	if (err == -EMEDIUMTYPE)
		log_hint("'%s' in it is not ours to remove: look at it and remove or move it",
			 job->old_pins.stranger);
	else if (err == -EACCES)
		log_hint("chmod go-w " BPFFS_ROOT "/%s", job->dir);
	else
		log_hint("see whose it is, then remove it: ls -ld " BPFFS_ROOT "/%s", job->dir);
	return EXIT_OBJECT;
}

static int job_read_pins(struct job *job)
{
	int err = pin_dir_read(job->dir, &job->old_pins);

	job->has_old_pins = !err;
	return err && err != -ENOENT ? say_bad_pins(job, err) : 0;
}

/* What a loader that was killed has left behind is put right first. */
static int job_recover(struct job *job)
{
	bool recovered;
	int err = pin_dir_recover(job->dir, job->has_old_pins ? &job->old_pins : NULL,
				  job->old.prog_id, &recovered);

	if (err) {
		log_error("cannot put right what an earlier loader left in " BPFFS_ROOT ": %s",
			  strerror(-err));
		return EXIT_OBJECT;
	}
	if (!recovered)
		return 0;
	log_info("%s: pinned the maps of program %u, whose loader had been killed", job->ifname,
		 job->old.prog_id);
	pin_dir_free(&job->old_pins);
	return job_read_pins(job);
}

static int job_open(struct job *job)
{
	int status = job_open_bpffs(job);

	status = status ?: job_take_lock(job);
	status = status ?: job_look_at_interface(job);
	status = status ?: job_read_pins(job);
	return status ?: job_recover(job);
}

static int check_may_attach(const struct job *job)
{
	struct diagnosis diagnosis = { 0 };

	if (!job->ifindex) {
		log_error("there is no interface '%s' in this network namespace", job->ifname);
		log_hint("see: ip link");
		return EXIT_USAGE;
	}
	if (!job->old.prog_id || opts.force)
		return 0;
	diagnose_occupied(&diagnosis, job->ifname, &job->old);
	say(&diagnosis, "attach to", job->ifname);
	return EXIT_ATTACH;
}

/*
 * The same name in another network namespace has the same directory. Pins which
 * are not of the program attached here, but in use, are somebody else's.
 */
static int check_pins_are_ours(const struct job *job)
{
	struct map_user user;

	if (opts.force)
		return 0;
	for (size_t i = 0; i < job->old_pins.count; i++) {
		const struct pin *pin = &job->old_pins.pins[i];

		if (prog_uses_map(job->old.fd, pin->map_id) ||
		    map_find_user(pin->map_id, &user) != 1)
			continue;
		log_error("cannot take " BPFFS_ROOT "/%s/%s: map %u is in use by program %u (%s), "
			  "which is not attached to %s here",
			  job->dir, pin->name, pin->map_id, user.prog_id, user.name, job->ifname);
		log_hint("it may be an interface of the same name in another network namespace; "
			 "--force takes the pins all the same");
		return EXIT_OBJECT;
	}
	return 0;
}

/* Beside this program, where it was built, or where `make install` puts it. */
static const char *default_object(void)
{
	static const char *const places[] = { DEFAULT_OBJECT, "../lib/xdp_loader/" DEFAULT_OBJECT };
	static char path[PATH_MAX + 64];
	char dir[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	char *slash;

	dir[length < 0 ? 0 : length] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return DEFAULT_OBJECT;
	slash[1] = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, places[i]);
		if (!access(path, F_OK))
			return path;
	}
	snprintf(path, sizeof(path), "%s%s", dir, DEFAULT_OBJECT);
	return path; /* the one to name in the message */
}

static int say_no_program(const struct job *job, int err)
{
	char programs[512];

	object_list_programs(job->obj, programs, sizeof(programs));
	if (!*programs)
		log_error("cannot load %s: there is no XDP program in it", opts.filename);
	else if (err == -ENOENT)
		log_error("cannot load %s: there is no program '%s' in it", opts.filename,
			  opts.progname);
	else
		log_error("cannot load %s: '%s' is no XDP program for an interface", opts.filename,
			  opts.progname);
	if (*programs)
		log_hint("its XDP programs are: %s", programs);
	else
		log_hint("an XDP program is a function marked SEC(\"xdp\")");
	return EXIT_OBJECT;
}

static int open_object(struct job *job)
{
	char wrong[256];
	int err;

	libbpf_log_reset();
	err = object_open(opts.filename, &job->obj);
	if (err) {
		object_describe_file(opts.filename, wrong, sizeof(wrong));
		if (*wrong)
			log_error("cannot load %s: it %s", opts.filename, wrong);
		else
			log_error("cannot load %s: %s (%s)", opts.filename, strerror(-err),
				  libbpf_log_warning());
		log_hint("an object file comes from: clang -O2 -g -target bpf -c prog.c -o prog.o");
		return EXIT_OBJECT;
	}
	err = object_choose_program(job->obj, opts.progname, &job->prog);
	return err ? say_no_program(job, err) : 0;
}

static int say_cannot_reuse(const struct job *job, const char *map, int err, const char *differs)
{
	log_error("cannot reuse map %s pinned in " BPFFS_ROOT "/%s: %s%s%s", map, job->dir,
		  err == -EPROTO ? "it is not the map that the object has" : strerror(-err),
		  *differs ? "\n" : "", differs);
	log_hint("load without --reuse-maps, and the counters begin anew");
	return EXIT_OBJECT;
}

/* --reuse-maps: what is pinned under a map's name takes the place of a new map. */
static int reuse_pinned_maps(struct job *job)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE], differs[1024];
	struct bpf_map *map;
	int err;

	if (!opts.reuse_maps)
		return 0;
	bpf_object__for_each_map (map, job->obj) {
		map_pin_name(name, map);
		if (!map_is_reusable(map) || !pin_dir_find(&job->old_pins, name))
			continue;
		pin_path(path, job->ifname, name);
		err = map_reuse(map, job->obj, path, differs, sizeof(differs));
		if (err)
			return say_cannot_reuse(job, name, err, differs);
	}
	return 0;
}

static int load_object(struct job *job)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	struct diagnosis diagnosis;
	int err;

	libbpf_log_reset();
	err = bpf_object__load(job->obj);
	if (!err) {
		job->new.fd = bpf_program__fd(job->prog);
		err = bpf_obj_get_info_by_fd(job->new.fd, &info, &length);
	}
	if (err) {
		diagnose_load(&diagnosis, err, libbpf_log_verifier(), libbpf_log_warning());
		say(&diagnosis, "load program", bpf_program__name(job->prog));
		return EXIT_OBJECT;
	}
	job->new.prog_id = info.id;
	snprintf(job->new.name, sizeof(job->new.name), "%s", bpf_program__name(job->prog));
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
	if (!err)
		return 0;
	log_error("cannot pin the maps in %s: %s", path, strerror(-err));
	return EXIT_OBJECT;
}

static int say_attach_failed(const struct job *job, int err)
{
	const struct attach_failure failure = {
		.ifname = job->ifname,
		.err = err,
		.extack = libbpf_log_extack(),
		.mode = opts.mode,
		.attached = &job->old,
	};
	struct diagnosis diagnosis;

	diagnose_attach(&diagnosis, &failure);
	say(&diagnosis, "attach to", job->ifname);
	if (job->replaced == XDP_REPLACE_RESTORED)
		log_info("%s: program %u is attached again, after a gap", job->ifname,
			 job->old.prog_id);
	if (job->replaced == XDP_REPLACE_LOST)
		log_error("%s: program %u could not be put back: no XDP program is attached now",
			  job->ifname, job->old.prog_id);
	return EXIT_ATTACH;
}

static int attach(struct job *job)
{
	struct xdp_attached now;
	int err;

	if (job->old.prog_id)
		err = xdp_attach_replace(job->ifindex, opts.mode, &job->new, &job->old,
					 &job->replaced);
	else
		err = xdp_attach_new(job->ifindex, opts.mode, &job->new);
	if (err)
		return say_attach_failed(job, err);
	job->is_attached = true;
	job->new.mode = opts.mode;
	if (opts.mode != XDP_MODE_AUTO)
		return 0;
	err = xdp_attach_query(job->ifindex, &now); /* which of the two has it become? */
	job->new.mode = err ? XDP_MODE_AUTO : now.mode;
	return 0;
}

static int publish_pins(struct job *job)
{
	int err = pin_dir_publish(job->staged, job->dir, job->has_old_pins ? &job->old_pins : NULL);

	if (err) {
		log_error("cannot put the pins in place at " BPFFS_ROOT "/%s: %s", job->dir,
			  strerror(-err));
		return EXIT_OBJECT;
	}
	job->is_staged = job->is_attached = false; /* nothing to undo from here on */
	if (!job->has_old_pins)
		return 0;
	err = pin_dir_remove(job->staged);
	if (!err)
		return 0;
	log_error("cannot remove the pins of before in " BPFFS_ROOT "/%s: %s", job->staged,
		  strerror(-err));
	log_hint("all else is done; the next xdp_loader for %s removes them", job->ifname);
	return EXIT_OBJECT;
}

/* After a failure: what was before is again. */
static void undo_load(struct job *job)
{
	enum xdp_replace_result result;
	int err = 0;

	if (job->is_attached && job->old.prog_id && job->old.fd >= 0)
		err = xdp_attach_replace(job->ifindex, job->old.mode, &job->old, &job->new,
					 &result);
	else if (job->is_attached)
		err = xdp_detach(job->ifindex, &job->new);
	if (err)
		log_error("cannot undo the attach to %s: %s", job->ifname, strerror(-err));
	if (job->is_staged)
		pin_dir_remove(job->staged);
}

/* A signal that ends us waits while a program may be attached without its pins. */
static void hold_signals(sigset_t *before)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, before);
}

static __u32 map_id_of(const struct bpf_map *map)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	bpf_obj_get_info_by_fd(bpf_map__fd(map), &info, &length);
	return info.id;
}

/* Which counters go on, which begin anew, and which are there no longer. */
static void report_maps(const struct job *job)
{
	char name[NAME_MAX + 1], path[PIN_PATH_SIZE];
	const struct pin *pin;
	struct bpf_map *map;

	bpf_object__for_each_map (map, job->obj) {
		__u32 id = map_id_of(map);

		map_pin_name(name, map);
		pin_path(path, job->ifname, name);
		pin = pin_dir_find(&job->old_pins, name);
		printf("map id %u pinned at %s%s\n", id, path,
		       !pin		   ? ""
		       : pin->map_id == id ? ", reused: counters go on"
					   : ", new: counters begin anew");
	}
	for (size_t i = 0; i < job->old_pins.count; i++) {
		bool kept = false;

		pin = &job->old_pins.pins[i];
		bpf_object__for_each_map (map, job->obj) {
			map_pin_name(name, map);
			kept = kept || !strcmp(name, pin->name);
		}
		if (!kept)
			printf("map id %u (%s) dropped: the object has no such map\n", pin->map_id,
			       pin->name);
	}
}

static void report_load(const struct job *job)
{
	char what[128];

	if (opts.quiet)
		return;
	describe_attached(what, sizeof(what), &job->new);
	printf("attached to %s: %s\n", job->ifname, what);
	printf("object %s\n", opts.filename);
	report_maps(job);
	if (!job->old.prog_id)
		return;
	describe_attached(what, sizeof(what), &job->old);
	printf("replaced %s%s\n", what,
	       job->replaced == XDP_REPLACE_GAP
		       ? "; for a moment between the modes no program was attached"
		       : "");
}

static int load(struct job *job)
{
	sigset_t before;
	int status;

	status = check_may_attach(job);
	status = status ?: check_pins_are_ours(job);
	status = status ?: open_object(job);
	status = status ?: reuse_pinned_maps(job);
	status = status ?: load_object(job);
	if (status)
		return status;
	hold_signals(&before);
	status = pin_maps_in_bpf_object(job) ?: attach(job) ?: publish_pins(job);
	if (status)
		undo_load(job);
	else
		report_load(job);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static int detach(struct job *job)
{
	struct attach_failure failure = { .ifname = job->ifname };
	struct xdp_attached now;
	struct diagnosis diagnosis;
	int err;

	err = xdp_detach(job->ifindex, &job->old);
	/* the kernel takes a detach in the wrong mode for done */
	if (!err && !xdp_attach_query(job->ifindex, &now) && now.prog_id == job->old.prog_id)
		err = -EBUSY;
	if (!err)
		return 0;
	failure.err = err;
	failure.extack = libbpf_log_extack();
	diagnose_attach(&diagnosis, &failure);
	say(&diagnosis, "detach from", job->ifname);
	return EXIT_ATTACH;
}

static int check_may_detach(const struct job *job)
{
	char what[128];

	if (!job->ifindex && !job->has_old_pins)
		return check_may_attach(job); /* no such interface */
	if (!opts.unload.prog_id || opts.unload.prog_id == job->old.prog_id)
		return 0;
	if (!job->old.prog_id) {
		log_error("cannot detach program %u from %s: no XDP program is attached",
			  opts.unload.prog_id, job->ifname);
		log_hint("to remove left-over pins: xdp_loader --dev %s --unload", job->ifname);
		return EXIT_ATTACH;
	}
	describe_attached(what, sizeof(what), &job->old);
	log_error("cannot detach program %u from %s: another one is attached (%s)",
		  opts.unload.prog_id, job->ifname, what);
	log_hint("to remove that one: xdp_loader --dev %s --unload=%u", job->ifname,
		 job->old.prog_id);
	return EXIT_ATTACH;
}

static int remove_pins(const struct job *job)
{
	int err = pin_dir_remove(job->dir);

	if (!err)
		return 0;
	log_error("cannot remove the pins in " BPFFS_ROOT "/%s: %s", job->dir, strerror(-err));
	log_hint("nothing is attached any more; for the pins: xdp_loader --dev %s --unload",
		 job->ifname);
	return EXIT_OBJECT;
}

static void report_unload(const struct job *job)
{
	char what[128];

	if (opts.quiet)
		return;
	if (job->old.prog_id) {
		describe_attached(what, sizeof(what), &job->old);
		printf("detached from %s: %s\n", job->ifname, what);
	} else {
		printf("%s: %s\n", job->ifname,
		       job->ifindex ? "no XDP program is attached" : "there is no such interface");
	}
	for (size_t i = 0; i < job->old_pins.count; i++)
		printf("map id %u unpinned from " BPFFS_ROOT "/%s/%s\n",
		       job->old_pins.pins[i].map_id, job->dir, job->old_pins.pins[i].name);
}

static int unload(struct job *job)
{
	sigset_t before;
	int status = check_may_detach(job) ?: check_pins_are_ours(job);

	if (status)
		return status;
	hold_signals(&before);
	if (job->old.prog_id)
		status = detach(job);
	status = status ?: remove_pins(job);
	if (!status)
		report_unload(job);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static void job_close(struct job *job)
{
	bpf_object__close(job->obj);
	pin_dir_free(&job->old_pins);
	xdp_attached_close(&job->old);
	if (job->lock >= 0)
		close(job->lock);
	libbpf_log_reset();
}

static int set_unload(const struct option_row *row, const char *arg, const char **why)
{
	struct unload_option *unload = row->dest;

	*why = "a program id is a number from 1 to 4294967295";
	unload->wanted = true;
	return arg ? parse_u32(arg, &unload->prog_id) : 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "the interface to work on", option_ifname, &opts.ifname },
	{ "skb-mode", 'S', NULL, "attach in skb (generic) mode", option_value, &opts.mode,
	  XDP_MODE_SKB },
	{ "native-mode", 'N', NULL, "attach in native (driver) mode, the default", option_value,
	  &opts.mode, XDP_MODE_NATIVE },
	{ "auto-mode", 'A', NULL, "native where the driver has it, else skb", option_value,
	  &opts.mode, XDP_MODE_AUTO },
	{ "filename", 0, "FILE", "object file; default " DEFAULT_OBJECT, option_text,
	  &opts.filename },
	{ "progname", 0, "NAME", "program in it; default the first XDP program", option_text,
	  &opts.progname },
	{ "force", 'F', NULL, "replace the XDP program that is attached", option_flag,
	  &opts.force },
	{ "reuse-maps", 'M', NULL, "keep the pinned maps: counters go on", option_flag,
	  &opts.reuse_maps },
	{ "unload", 'U', "[ID]", "detach and unpin; with ID only that program", set_unload,
	  &opts.unload },
	{ "quiet", 'q', NULL, "print errors alone", option_flag, &opts.quiet },
	{ "verbose", 'v', NULL, "print libbpf's and the verifier's words, too", option_flag,
	  &opts.verbose },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "xdp_loader",
	.usage = "[OPTIONS] --dev IFNAME",
	.summary =
		"Attach an XDP program to an interface and pin its maps in " BPFFS_ROOT "/IFNAME,\n"
		"or detach it and remove the pins.",
	.footer = "Exit status: 0 done; 1 other failure; 2 wrong options; 30 attach or detach "
		  "failed;\n"
		  "40 BPF object, map or pin failed.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

static void read_options(int argc, char **argv)
{
	log_init("xdp_loader", LOG_NORMAL);
	options_parse(&options, argc, argv);
	if (!opts.ifname)
		options_reject(&options, "name the interface with --dev");
	if (opts.quiet && opts.verbose)
		options_reject(&options, "--quiet and --verbose contradict each other");
	if (opts.quiet || opts.verbose)
		log_init("xdp_loader", opts.quiet ? LOG_ERRORS : LOG_VERBOSE);
	if (!opts.mode)
		opts.mode = XDP_MODE_NATIVE;
	if (!opts.filename)
		opts.filename = default_object();
}

int main(int argc, char **argv)
{
	struct job job = { .lock = -1, .old.fd = -1, .new.fd = -1 };
	int status;

	read_options(argc, argv);
	libbpf_log_init();
	job.ifname = opts.ifname;
	pin_dir_name(job.dir, job.ifname);

	status = job_open(&job);
	if (!status)
		status = opts.unload.wanted ? unload(&job) : load(&job);
	if (fflush(stdout) && !status) {
		log_error("it is done, but the report cannot be written: %s", strerror(errno));
		status = EXIT_FAILURE;
	}
	job_close(&job);
	return status;
}
