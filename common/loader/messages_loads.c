// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loads.h"
#include "messages.h"
#include "visible.h"

void message_failed_too(struct load *load, int err)
{
	struct failure *first = load->failure, next = { 0 };

	load->failure = &next;
	message_failed(load, err);
	load->failure = first;
	failure_also(first, "%s: %s", next.what, next.cause);
}

void message_not_undone(struct load *load, int err)
{
	if (err != -ENODATA) {
		failure_also(load->failure, "cannot undo the attach to %s: %s",
			     visible(load->ifname).text, strerror(-err));
		return;
	}
	failure_also(load->failure,
		     "%s: program %u stays attached: without CAP_SYS_ADMIN the previous one cannot "
		     "be attached again",
		     visible(load->ifname).text, load->new.id);
	failure_hint(load->failure, "run xdp_loader again to pin its maps");
}

void message_none_changed(struct loads *loads)
{
	failure_also(&loads->failure, "nothing is changed on any of the %zu interfaces",
		     loads->count);
}

int message_no_memory(struct failure *failure)
{
	failure_set(failure, EXIT_FAILURE, "cannot work on the interfaces");
	failure_cause(failure, "%s", strerror(ENOMEM));
	return failure->exit_code;
}
