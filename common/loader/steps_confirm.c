// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "explanation.h"
#include "load.h"
#include "shell.h"
#include "visible.h"

void explain_keep(struct explanation *e, const struct load *load)
{
	char dir[PIN_PATH_SIZE], pin[PIN_PATH_SIZE];

	pending_path(dir, load->state.name);
	pending_program_path(pin, load->state.name);
	if (load->old.id)
		text_add(&e->what, "program %u is pinned at %s", load->old.id, visible(pin).text);
	else
		text_add(&e->what, "that no program was attached is noted in %s",
			 visible(dir).text);
	text_add(&e->what, "; a process of its own waits for the confirmation");
	text_add(&e->by_hand, "umask 077; ");
	shell_add_command(&e->by_hand, "mkdir", dir);
	if (!load->old.id)
		return;
	text_add(&e->by_hand, "; bpftool prog pin id %u", load->old.id);
	shell_add_command(&e->by_hand, "", pin);
}

/* In three steps: only mv of coreutils 9.5 has --exchange. */
void explain_exchange(struct explanation *e, const struct load *load)
{
	char aside[PIN_PATH_SIZE];

	state_dir_path(&load->state, aside);
	strncat(aside, "/previous", sizeof(aside) - strlen(aside) - 1);
	shell_add_command(&e->by_hand, "mv -T", load->live.path, aside);
	shell_add_command(&e->by_hand, "; mv -T", load->staged.path, load->live.path);
	shell_add_command(&e->by_hand, "; mv -T", aside, load->staged.path);
}

void explain_pend(struct explanation *e, const struct load *load)
{
	text_add(&e->what, "the time for the confirmation begins: %.0f s; the previous pins stay",
		 load->opts->confirm.ms / 1e3);
}

void explain_confirm(struct explanation *e, const struct load *load)
{
	char dir[PIN_PATH_SIZE];

	pending_path(dir, load->state.name);
	text_add(&e->what,
		 "program %u stays; what was kept for a rollback is removed, and the "
		 "process that waits for it ends",
		 load->new.id);
	shell_add_command(&e->by_hand, "rm -r", dir);
}

void explain_roll_back(struct explanation *e, const struct load *load)
{
	text_add(&e->what,
		 "the pins have changed places again, and program %u is %s: on %s all is as before "
		 "the load",
		 load->old.id ? load->old.id : load->new.id,
		 load->old.id ? "attached again" : "detached", visible(load->ifname).text);
}
