// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "libbpf_log.h"
#include "load.h"
#include "messages_load.h"
#include "messages_losses.h"
#include "visible.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

void message_losses_load(struct failure *f, const struct load *load, int err)
{
	const char *warning = libbpf_log_warning();

	(void)load;
	if (err == -EPERM) {
		message_privileges(f, err);
		return;
	}
	failure_cause(f, "%s%s%s", libbpf_log_strerror(err), *warning ? ": " : "",
		      visible(warning).text);
	if (access(KERNEL_BTF, F_OK))
		failure_hint(f, "this needs a kernel that describes its types: there is no "
				"" KERNEL_BTF " (CONFIG_DEBUG_INFO_BTF)");
	else
		failure_hint(f, "see the log of libbpf with --verbose");
}

void message_losses_pin(struct failure *f, const struct load *load, int err)
{
	if (err == -EPERM && load->step == STEP_LOSSES_UNPIN) {
		failure_cause(f, "it belongs to another user");
		if (geteuid())
			failure_hint(f, "run as root");
		else
			failure_hint(f, "see who owns it: ls -ld %s", load->live.path);
		return;
	}
	if (err == -EPERM || err == -EACCES) {
		message_privileges(f, err);
		return;
	}
	failure_cause(f, "%s", libbpf_log_strerror(err));
	failure_hint(f, "see what is there: ls -la " BPFFS_ROOT);
}
