// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "libbpf_log.h"
#include "loads.h"
#include "messages_load.h"
#include "messages_place.h"
#include "shell.h"
#include "visible.h"

void message_no_interface(struct failure *f, const char *ifname)
{
	char nearest[IF_NAMESIZE];

	failure_cause(f, "there is no interface '%s' in this network namespace",
		      visible(ifname).text);
	if (interface_nearest(ifname, nearest))
		failure_hint(f, "did you mean %s? see: ip link", visible(nearest).text);
	else
		failure_hint(f, "see: ip link");
}

void message_interface(struct failure *f, const struct load *load, int err)
{
	if (err == -ENODEV) {
		message_no_interface(f, load->wanted);
	} else {
		failure_cause(f, "%s", strerror(-err));
		f->exit_code = EXIT_FAILURE;
	}
}

void message_bpffs(struct failure *f, const struct load *load, int err)
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

void message_pinning(struct failure *f, const struct load *load, int err)
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

void message_lock(struct failure *f, const struct load *load, int err)
{
	if (err == -ETIMEDOUT) {
		f->exit_code = EXIT_FAILURE;
		failure_cause(f, "another process has held the lock for %d ms",
			      load->opts->wait_ms);
		failure_hint(f, "use a longer --wait, or wait without limit by leaving it out");
	} else if (geteuid() || (err != -EPERM && err != -EACCES && err != -ENOTDIR)) {
		message_pinning(f, load, err);
	} else {
		failure_cause(f, "%s: it is not a directory that only root can open",
			      strerror(-err));
		failure_hint(f, "see who owns it, and move or remove it: ls -ld " BPFFS_ROOT
				"/" STATE_DIR);
	}
}

void message_pin_dir(struct failure *f, const struct load *load, int err)
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

/* All else is done: the next run, or the same command again, removes the rest. */
void message_leftover(struct failure *f, const struct load *load, int err)
{
	failure_cause(f, "%s", strerror(-err));
	if (load->step == STEP_CLEAN_UP)
		failure_hint(f, "all else is done; the next run of xdp_loader removes them");
	else
		failure_hint(f, "the program is detached; to remove the pins, use --unload again");
}

void message_check_name(struct failure *f, const struct load *load, int err)
{
	(void)load;
	failure_cause(f, "%s", err == -ESTALE ? "the interface has been renamed" : strerror(-err));
	failure_hint(f, "nothing is changed; try again with its new name; see: ip link");
}
