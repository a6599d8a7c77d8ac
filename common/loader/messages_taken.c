// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>

#include "dispatcher.h"
#include "loads.h"
#include "messages_confirm.h"
#include "messages_load.h"
#include "messages_taken.h"
#include "privileges.h"
#include "shell.h"
#include "visible.h"

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
	failure_hint(f, "or take them away with %s--take-dispatcher",
		     load->opts->force || load->opts->unload.wanted ? "" : "--force ");
}

/* A program is attached, or it is in another mode and could not be attached again. */
void message_may_attach(struct failure *f, const struct load *load, int err)
{
	if (err == -ENOTEMPTY) {
		on_dispatcher(f, load);
		return;
	}
	if (err == -EBUSY && dispatcher_is(&load->old)) {
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

void message_may_take_pins(struct failure *f, const struct load *load, int err)
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

void message_may_detach(struct failure *f, const struct load *load, int err)
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
