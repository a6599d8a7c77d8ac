// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libbpf_log.h"
#include "loads.h"
#include "log.h"
#include "messages.h"
#include "messages_attach.h"
#include "messages_confirm.h"
#include "messages_losses.h"
#include "messages_object.h"
#include "messages_place.h"
#include "messages_share.h"
#include "messages_taken.h"
#include "netdev.h"
#include "object.h"
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

static void (*const on_step[STEPS])(struct failure *f, const struct load *load, int err) = {
	[STEP_INTERFACE] = message_interface,
	[STEP_BPFFS] = message_bpffs,
	[STEP_LOCK] = message_lock,
	[STEP_READ_PINS] = message_pin_dir,
	[STEP_RECOVER] = message_pin_dir,
	[STEP_MAY_ATTACH] = message_may_attach,
	[STEP_MAY_TAKE_PINS] = message_may_take_pins,
	[STEP_OPEN] = message_object_open,
	[STEP_CHOOSE] = message_choose,
	[STEP_SET] = message_set,
	[STEP_SHARE] = message_share,
	[STEP_REUSE] = message_reuse,
	[STEP_LOAD] = message_object_load,
	[STEP_DRY_RUN] = message_dry_run,
	[STEP_STAGE] = message_pinning,
	[STEP_KEEP] = message_pinning,
	[STEP_ATTACH] = on_attach,
	[STEP_CHECK_NAME] = message_check_name,
	[STEP_PUBLISH] = message_pinning,
	[STEP_CLEAN_UP] = message_leftover,
	[STEP_MAY_DETACH] = message_may_detach,
	[STEP_DETACH] = on_attach,
	[STEP_UNPIN] = message_leftover,
	[STEP_CONFIRM] = message_confirm,
	[STEP_ROLL_BACK] = message_confirm,
	[STEP_LOSSES_LOAD] = message_losses_load,
	[STEP_LOSSES_PIN] = message_losses_pin,
	[STEP_LOSSES_UNPIN] = message_losses_pin,
};

int message_failed(struct load *load, int err)
{
	struct failure *f = load->failure;

	step_failed(load);
	if (on_step[load->step])
		on_step[load->step](f, load, err);
	else
		failure_cause(f, "%s", libbpf_log_strerror(err));
	message_stale_object(f, load);
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
