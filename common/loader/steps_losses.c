// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "explanation.h"
#include "load.h"
#include "shell.h"

void explain_losses_load(struct explanation *e, const struct load *load)
{
	(void)load;
	text_add(&e->what,
		 "the programs that count losses are in the kernel, with their map; the BTF of the "
		 "kernel tells where the fields are that they read");
	text_add(&e->by_hand, "bpftool btf dump file /sys/kernel/btf/vmlinux | grep btf_trace_xdp");
}

void explain_losses_pin(struct explanation *e, const struct load *load)
{
	text_add(&e->what,
		 "each is attached to a tracepoint of the kernel, and its link is pinned in %s, "
		 "next to the map: it counts while the pin exists",
		 load->live.path);
	shell_add_command(&e->by_hand, "ls -l", load->live.path);
}

void explain_losses_unpin(struct explanation *e, const struct load *load)
{
	text_add(&e->what, "the pins in %s are removed: the kernel detaches and frees the programs",
		 load->live.path);
	shell_add_command(&e->by_hand, "rm -rf", load->live.path);
}
