// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "libbpf_log.h"
#include "load.h"
#include "log.h"
#include "messages_confirm.h"
#include "shell.h"
#include "visible.h"

void message_pending(struct failure *failure, const struct load *load)
{
	const struct pending *pending = &load->pending;
	const struct shell_word name = shell_word(load->ifname);

	if (load->is_elsewhere) {
		failure_cause(failure,
			      "in another network namespace, program %u waits for confirmation on "
			      "an interface of the same name",
			      pending->prog_id);
		failure_hint(failure,
			     "there, keep it with: xdp_loader --dev %s --confirm; or go back with: "
			     "xdp_loader --dev %s --rollback",
			     name.text, name.text);
		return;
	}
	if (pending->is_watched)
		failure_cause(failure, "program %u waits for confirmation, for %.0f s more",
			      pending->prog_id, pending_seconds_left(pending));
	else
		failure_cause(failure,
			      "program %u is not confirmed, and the process that would take it "
			      "back was killed",
			      pending->prog_id);
	failure_hint(failure, "keep it with: xdp_loader --dev %s --confirm", name.text);
	failure_hint(failure, "go back with: xdp_loader --dev %s --rollback", name.text);
}

void message_confirm(struct failure *failure, const struct load *load, int err)
{
	if (err == -EXDEV) {
		message_pending(failure, load);
		return;
	}
	if (err == -ENOENT && !load->pending.prog_id) {
		failure_cause(failure, "no load waits for confirmation");
		failure->exit_code = EXIT_FAILURE;
		if (*load->former_name) {
			failure_cause(failure,
				      "the load waits under the name that the interface had then");
			failure_hint(failure, "use this name: xdp_loader --dev %s --%s",
				     shell_word(load->former_name).text,
				     load->opts->rollback ? "rollback" : "confirm");
			return;
		}
		failure_hint(failure,
			     "it was confirmed or rolled back before, or loaded without "
			     "--confirm=SECONDS; see: xdp_loader --dev %s --status",
			     shell_word(load->ifname).text);
		return;
	}
	failure_cause(failure, "%s",
		      *libbpf_log_extack() ? libbpf_log_extack() : libbpf_log_strerror(err));
	if (load->opts->rollback && load->pending.prog_id)
		failure_hint(failure,
			     "try again when this is mended, or keep the new program: xdp_loader "
			     "--dev %s --confirm",
			     shell_word(load->ifname).text);
}

void message_lapsed(const struct load *load)
{
	log_info("%s: program %u, which was to be confirmed, is not attached: what was kept for a "
		 "rollback is removed",
		 visible(load->ifname).text, load->lapsed.prog_id);
}

void message_rolled_back(const struct load *load, const struct failure *failure)
{
	const struct visible name = visible(load->ifname);

	openlog("xdp_loader", LOG_PID, LOG_DAEMON);
	if (failure->exit_code)
		syslog(LOG_ERR, "%s: %s", failure->what, failure->cause);
	else if (load->old.id)
		syslog(LOG_NOTICE, "%s: program %u was not confirmed: program %u is attached again",
		       name.text, load->new.id, load->old.id);
	else
		syslog(LOG_NOTICE, "%s: program %u was not confirmed: it is detached", name.text,
		       load->new.id);
	closelog();
}
