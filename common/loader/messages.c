// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prog_choice.h"
#include "dispatcher.h"
#include "interface.h"
#include "libbpf_log.h"
#include "loads.h"
#include "log.h"
#include "constants.h"
#include "messages.h"
#include "messages_attach.h"
#include "messages_confirm.h"
#include "messages_load.h"
#include "messages_losses.h"
#include "messages_share.h"
#include "messages_tail_calls.h"
#include "messages_map.h"
#include "netdev.h"
#include "object.h"
#include "privileges.h"
#include "shell.h"
#include "visible.h"

/* 'ip netns exec' creates a mount namespace that ends with its command. */
static bool has_own_mount_namespace(void)
{
	struct stat ours, parents;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", getppid());
	return !stat("/proc/self/ns/mnt", &ours) && !stat(path, &parents) &&
	       ours.st_ino != parents.st_ino;
}

void message_mounted(void)
{
	log_info("mounted the BPF file system on " BPFFS_ROOT);
	if (has_own_mount_namespace())
		log_hint(
			"the pins end with this mount namespace, which is not that of the shell "
			"('ip netns exec' creates one); enter with: nsenter --net=/run/netns/NAME");
}

void message_alternative_name(const struct load *load)
{
	log_info("%s is another name of %s", visible(load->wanted).text,
		 visible(load->ifname).text);
}

void message_moved(const char *name)
{
	log_info("moved an entry of another user out of the way, to " BPFFS_ROOT "/%s", name);
}

void message_recovered(const struct load *load)
{
	log_info("%s: pinned the maps of program %u, whose loader had been killed",
		 visible(load->ifname).text, load->old.id);
}

void message_waiting(const char *name, pid_t holder)
{
	if (holder)
		log_info("waiting for process %d, which works on %s", holder, visible(name).text);
	else
		log_info("waiting for another process, which works on %s", visible(name).text);
}

static void on_interface(struct failure *f, const struct load *load, int err)
{
	char nearest[IF_NAMESIZE];

	if (err != -ENODEV) {
		failure_cause(f, "%s", strerror(-err));
		f->exit_code = EXIT_FAILURE;
		return;
	}
	failure_cause(f, "there is no interface '%s' in this network namespace",
		      visible(load->wanted).text);
	if (interface_nearest(load->wanted, nearest))
		failure_hint(f, "did you mean %s? see: ip link", visible(nearest).text);
	else
		failure_hint(f, "see: ip link");
}

static void on_bpffs(struct failure *f, const struct load *load, int err)
{
	(void)load;
	if (err == -EUSERS) {
		failure_cause(f, "users other than root can rename its entries");
		failure_hint(f, "as root: chown root " BPFFS_ROOT "; chmod go-w " BPFFS_ROOT);
		return;
	}
	failure_cause(f, "%s", strerror(-err));
	if (err == -EACCES)
		failure_hint(f, "run as root");
	else
		failure_hint(f, "as root: mount -t bpf -o mode=0700 bpf " BPFFS_ROOT);
}

static void on_pinning(struct failure *f, const struct load *load, int err)
{
	(void)load;
	failure_cause(f, "%s", libbpf_log_strerror(err));
	if (err == -EROFS)
		failure_hint(f, "the BPF file system is mounted read-only: mount -o "
				"remount,rw " BPFFS_ROOT);
	else if (err == -EPERM || err == -EACCES)
		message_privileges(f, err);
	else
		failure_hint(f, "see what is there: ls -la " BPFFS_ROOT);
}

static void on_lock(struct failure *f, const struct load *load, int err)
{
	if (err == -ETIMEDOUT) {
		f->exit_code = EXIT_FAILURE;
		failure_cause(f, "another process has held the lock for %d ms",
			      load->opts->wait_ms);
		failure_hint(f, "use a longer --wait, or wait without limit by leaving it out");
	} else if (geteuid() || (err != -EPERM && err != -EACCES && err != -ENOTDIR)) {
		on_pinning(f, load, err);
	} else {
		failure_cause(f, "%s: it is not a directory that only root can open",
			      strerror(-err));
		failure_hint(f, "see who owns it, and move or remove it: ls -ld " BPFFS_ROOT
				"/" STATE_DIR);
	}
}

static void on_pin_dir(struct failure *f, const struct load *load, int err)
{
	const struct pin_place *place = load->step == STEP_RECOVER ? &load->staged : &load->live;
	const char *stranger = load->old_pins.stranger;
	const uid_t owner = place == &load->live ? load->stranger : 0;
	const char *path = place->path;

	if (err == -EOPNOTSUPP) {
		message_privileges(f, -EPERM);
		return;
	}
	if (owner)
		failure_cause(f, "it belongs to user %u", owner);
	else
		failure_cause(f, "%s", pin_dir_strerror(err));
	if (geteuid())
		failure_hint(f, "run as root");
	else if (owner)
		failure_hint(f, "see what it is: ls -la %s; a load with --force moves it aside",
			     shell_word(path).text);
	else if (err == -EMEDIUMTYPE && *stranger)
		failure_hint(f,
			     "'%s' in it was not pinned by xdp_loader: look at it, and move or "
			     "remove it",
			     visible(stranger).text);
	else if (err == -EMEDIUMTYPE)
		failure_hint(f, "see what it is, and move or remove it: ls -l %s",
			     shell_word(path).text);
	else if (err == -EACCES)
		failure_hint(f, "chmod go-w %s", shell_word(path).text);
	else
		failure_hint(f, "see who owns it, and move or remove it: ls -ld %s",
			     shell_word(path).text);
	if (err == -EMEDIUMTYPE && load->opts->unload.wanted)
		failure_hint(f, "--unload --force removes only the maps");
}

static void on_occupied(struct failure *f, const struct load *load)
{
	const __u32 link_id = prog_info_find_link(load->ifindex, load->old.id);
	char what[128];

	xdp_prog_describe(what, sizeof(what), &load->old);
	failure_cause(f, "XDP program already attached (%s)", what);
	if (link_id) {
		failure_cause(f, "XDP program already attached (%s, by bpf_link %u)", what,
			      link_id);
		failure_hint(
			f,
			"a bpf_link cannot be replaced: end the process that made it or remove "
			"its pin; or: bpftool link detach id %u",
			link_id);
		return;
	}
	failure_hint(f,
		     "replace it with --force, or remove it with: xdp_loader --dev %s --unload=%u",
		     shell_word(load->ifname).text, load->old.id);
	if (load->opts->dry_run)
		failure_hint(f, "--dry-run --force tests the replacement, and replaces nothing");
}

/* A program is attached, or it is in another mode and could not be attached again. */
static void on_dispatcher(struct failure *f, const struct load *load)
{
	const struct shell_word ifname = shell_word(load->ifname);
	char programs[512];
	struct text text = text_in(programs, sizeof(programs));

	dispatcher_list(load->ifindex, &load->old, &text);
	failure_cause(f, "program %u is the dispatcher of libxdp, and runs programs of other tools",
		      load->old.id);
	failure_also(f, "they are: %s",
		     *programs ? programs : "not known here; see: xdp-loader status");
	failure_hint(f, "remove them with their own tool: xdp-loader unload %s --all", ifname.text);
	failure_hint(f, "or take them away with --take-dispatcher");
}

static void on_may_attach(struct failure *f, const struct load *load, int err)
{
	if (err == -ENOTEMPTY) {
		on_dispatcher(f, load);
		return;
	}
	if (err == -EBUSY || err == -EINPROGRESS) {
		(err == -EBUSY ? on_occupied : message_pending)(f, load);
		return;
	}
	if (load->opts->confirm.ms)
		failure_cause(f,
			      "program %u is attached, and it cannot be kept for --confirm without "
			      "CAP_SYS_ADMIN",
			      load->old.id);
	else if (load->loads->count > 1)
		failure_cause(f,
			      "program %u is attached: if another interface fails, it cannot be "
			      "attached again without CAP_SYS_ADMIN",
			      load->old.id);
	else
		failure_cause(f,
			      "program %u is attached in %s mode: if the other mode fails, it "
			      "cannot be attached again without CAP_SYS_ADMIN",
			      load->old.id, xdp_mode_name(load->old.mode));
	failure_hint(
		f,
		"run as root, or remove the program first: xdp_loader --dev %s --unload=%u --force",
		shell_word(load->ifname).text, load->old.id);
}

static void on_may_take_pins(struct failure *f, const struct load *load, int err)
{
	if (err == -EBUSY) {
		failure_cause(f,
			      "map %u is in use by program %u (%s), which is not attached to %s "
			      "here",
			      load->used->map_id, load->user.prog_id, visible(load->user.name).text,
			      visible(load->ifname).text);
		failure_hint(f, "it may be an interface of the same name in another network "
				"namespace; --force skips this check");
		return;
	}
	if (err == -EPERM && has_sys_admin()) {
		message_privileges(f, err);
		return;
	}
	failure_cause(f, "cannot find out whether a program uses map %u: %s", load->used->map_id,
		      strerror(-err));
	failure_hint(f, "run as root: this needs CAP_SYS_ADMIN; --force skips this check");
}

static void on_open(struct failure *f, const struct load *load, int err)
{
	const char *filename = load->opts->filename;
	char wrong[256];

	object_describe_file(filename, wrong, sizeof(wrong));
	message_open(f, err, *wrong ? wrong : libbpf_log_warning());
	if (!access(filename, F_OK))
		return;
	f->hint[0] = '\0';
	failure_hint(f, "name an object file with --filename; the default one is built with: make");
}

static void on_choose(struct failure *f, const struct load *load, int err)
{
	const char *progname = load->opts->progname;
	char functions[768];

	prog_choice_list(load, progname ?: "", functions, sizeof(functions));
	if (!progname)
		failure_cause(f, "there is no XDP program in it");
	else
		failure_cause(f,
			      err == -ENOENT ? "there is no program '%s' in it"
					     : "'%s' is not an XDP program for an interface",
			      visible(progname).text);
	if (!*functions)
		failure_hint(f, "an XDP program is a function marked SEC(\"xdp\")");
	else if (progname)
		failure_hint(f, "its functions, most similar name first: %s", functions);
	else
		failure_hint(f,
			     "its functions are: %s; --progname loads a function in a section "
			     "unknown to libbpf as XDP",
			     functions);
}

static void on_set(struct failure *f, const struct load *load, int err)
{
	char list[768], name[128];
	struct text text = text_in(list, sizeof(list));

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(load->setting, "="), load->setting);
	constants_list(load->obj, name, &text);
	if (err == -ENODATA) {
		failure_cause(f, "the object has no BTF, so the type is not known");
		failure_hint(f, "compile it with -g");
	} else if (err == -ENOENT) {
		failure_cause(f, "there is no such constant");
		failure_hint(
			f,
			*list ? "the constants are, most similar name first: %s"
			      : "the object has no constants: they are const volatile variables",
			list);
	} else if (err == -EPROTOTYPE) {
		failure_cause(f, "%s", load->differs);
		failure_hint(f, "a constant that can be set is declared: const volatile");
	} else {
		failure_cause(f, "it is of type %s", load->differs);
		failure_hint(f,
			     "to see all constants: xdp_loader --dev %s --filename %s --dry-run%s",
			     shell_word(load->ifname).text, shell_word(load->opts->filename).text,
			     load->opts->force ? " --force" : "");
	}
}

static void on_reuse(struct failure *f, const struct load *load, int err)
{
	if (err == -EPROTO)
		failure_cause(f, "it differs from the map of the object\n%s", load->differs);
	else
		failure_cause(f, "%s", strerror(-err));
	if (map_is_shared(load, load->map))
		failure_hint(f,
			     "load without --share-from: the interface then has maps of its own");
	else
		failure_hint(f, "load without --reuse-maps: the counters then start from zero");
}

static void on_load(struct failure *f, const struct load *load, int err)
{
	const char *log = load->verifier_log ?: "";
	char release[KERNEL_RELEASE_SIZE];

	if (libbpf_log_is_shown() && *log)
		log_info("the log of the verifier:\n%s", log);
	if (!message_tail_calls(f, load, err) &&
	    !message_map(f, load->obj, err, libbpf_log_warning()))
		message_load(f, err, log, libbpf_log_warning());
	/* for an unknown flag the kernel returns EINVAL and logs nothing */
	if (err == -EINVAL && object_has_frags(load->prog) && kernel_is_before(5, 18, release))
		failure_hint(f,
			     "SEC(\"%s\") needs kernel 5.18, and this is %s: load a program of "
			     "SEC(\"xdp\"), with --skb-mode where the MTU is too large for it",
			     bpf_program__section_name(load->prog), release);
}

static void on_dry_run(struct failure *f, const struct load *load, int err)
{
	(void)load;
	failure_cause(f, "%s", libbpf_log_strerror(err));
	failure_hint(f, "the verifier has accepted it; some kernels and some programs do not "
			"support test runs");
}

/* All else is done: the next run, or the same command again, removes the rest. */
static void on_leftover(struct failure *f, const struct load *load, int err)
{
	failure_cause(f, "%s", strerror(-err));
	if (load->step == STEP_CLEAN_UP)
		failure_hint(f, "all else is done; the next run of xdp_loader removes them");
	else
		failure_hint(f, "the program is detached; to remove the pins, use --unload again");
}

static void on_attach(struct failure *f, const struct load *load, int err)
{
	struct netdev_facts netdev;
	const struct attach_attempt tried = {
		.ifname = load->ifname,
		.err = err,
		.extack = libbpf_log_extack(),
		.netdev = &netdev,
		.mode = load->mode,
		.has_frags = load->prog && object_has_frags(load->prog),
		.is_detach = load->step == STEP_DETACH,
	};

	netdev_read(load->ifname, load->ifindex, &netdev);
	message_attach(f, &tried);
	if (load->replaced == XDP_REPLACE_RESTORED)
		failure_also(f, "%s: program %u is attached again, after a gap",
			     visible(load->ifname).text, load->old.id);
	if (load->replaced == XDP_REPLACE_LOST)
		failure_also(f, "%s: program %u could not be attached again: it is detached",
			     visible(load->ifname).text, load->old.id);
}

static void on_may_detach(struct failure *f, const struct load *load, int err)
{
	const struct shell_word name = shell_word(load->ifname);
	char what[128];

	if (err == -EINPROGRESS || err == -ENOTEMPTY) {
		(err == -ENOTEMPTY ? on_dispatcher : message_pending)(f, load);
		return;
	}
	if (!load->old.id) {
		failure_cause(f, "no XDP program is attached, but --unload names program %u",
			      load->opts->unload.prog_id);
		failure_hint(f, "to remove left-over pins: xdp_loader --dev %s --unload",
			     name.text);
		return;
	}
	xdp_prog_describe(what, sizeof(what), &load->old);
	failure_cause(f, "another program is attached (%s), not program %u", what,
		      load->opts->unload.prog_id);
	failure_hint(f, "to remove that one: xdp_loader --dev %s --unload=%u", name.text,
		     load->old.id);
}

static void on_check_name(struct failure *f, const struct load *load, int err)
{
	(void)load;
	failure_cause(f, "%s", err == -ESTALE ? "the interface has been renamed" : strerror(-err));
	failure_hint(f, "nothing is changed; try again with its new name; see: ip link");
}

static void (*const on_step[STEPS])(struct failure *f, const struct load *load, int err) = {
	[STEP_INTERFACE] = on_interface,
	[STEP_BPFFS] = on_bpffs,
	[STEP_LOCK] = on_lock,
	[STEP_READ_PINS] = on_pin_dir,
	[STEP_RECOVER] = on_pin_dir,
	[STEP_MAY_ATTACH] = on_may_attach,
	[STEP_MAY_TAKE_PINS] = on_may_take_pins,
	[STEP_OPEN] = on_open,
	[STEP_CHOOSE] = on_choose,
	[STEP_SET] = on_set,
	[STEP_SHARE] = message_share,
	[STEP_REUSE] = on_reuse,
	[STEP_LOAD] = on_load,
	[STEP_DRY_RUN] = on_dry_run,
	[STEP_STAGE] = on_pinning,
	[STEP_KEEP] = on_pinning,
	[STEP_ATTACH] = on_attach,
	[STEP_CHECK_NAME] = on_check_name,
	[STEP_PUBLISH] = on_pinning,
	[STEP_CLEAN_UP] = on_leftover,
	[STEP_MAY_DETACH] = on_may_detach,
	[STEP_DETACH] = on_attach,
	[STEP_UNPIN] = on_leftover,
	[STEP_CONFIRM] = message_confirm,
	[STEP_ROLL_BACK] = message_confirm,
	[STEP_LOSSES_LOAD] = message_losses_load,
	[STEP_LOSSES_PIN] = message_losses_pin,
	[STEP_LOSSES_UNPIN] = message_losses_pin,
};

/* What is in the object may not be what is in the source that the user has before his eyes. */
static void add_source(struct failure *f, const struct load *load)
{
	char source[PATH_MAX];

	if (load->step >= STEP_CHOOSE && load->step <= STEP_LOAD &&
	    object_is_older_than_source(load->opts->filename, source, sizeof(source)))
		failure_also(f, "%s is older than %s: compile it again",
			     visible(load->opts->filename).text, visible(source).text);
}

int message_failed(struct load *load, int err)
{
	struct failure *f = load->failure;

	step_failed(load);
	if (on_step[load->step])
		on_step[load->step](f, load, err);
	else
		failure_cause(f, "%s", libbpf_log_strerror(err));
	add_source(f, load);
	if (err == -EMFILE) { /* in any step */
		f->hint[0] = '\0';
		failure_hint(f, "too few file descriptors: ulimit -n 1024");
	}
	return f->exit_code;
}

void message_not_written(struct failure *failure, bool is_status, int error)
{
	failure_set(failure, EXIT_FAILURE, "%s",
		    is_status ? "cannot write the status"
			      : "the work is done, but the report cannot be written");
	failure_cause(failure, "%s", strerror(error));
}
