// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "report_confirm.h"
#include "report_json.h"
#include "shell.h"
#include "visible.h"

void print_pending(const struct load *load)
{
	if (!load->pending.prog_id)
		return;
	printf("in %.0f s ", load->opts->confirm.ms / 1e3);
	if (load->old.id)
		printf("program %u comes back", load->old.id);
	else
		printf("it is detached");
	printf(", unless it is confirmed: xdp_loader --dev %s --confirm\n",
	       shell_word(load->ifname).text);
}

void print_dropped(const struct load *load)
{
	if (load->dropped.previous_id)
		printf("program id %u is no longer kept for a rollback\n",
		       load->dropped.previous_id);
}

static void print_confirm(const struct load *load)
{
	char what[128];

	xdp_prog_describe(what, sizeof(what), &load->new);
	printf("confirmed on %s: %s\n", visible(load->ifname).text, what);
	print_dropped(load);
}

static void print_roll_back(const struct load *load)
{
	const struct visible name = visible(load->ifname);
	char what[128];

	xdp_prog_describe(what, sizeof(what), &load->old);
	if (load->old.id)
		printf("attached to %s again: %s\n", name.text, what);
	xdp_prog_describe(what, sizeof(what), &load->new);
	printf("detached from %s: %s\n", name.text, what);
}

static void json_answer(const struct load *load)
{
	const bool is_rollback = load->opts->rollback;

	json_head(load, is_rollback ? "rollback" : "confirm");
	json_prog("program", is_rollback ? &load->old : &load->new);
	if (is_rollback)
		json_prog("detached", &load->new);
	puts("}");
}

void report_answer(const struct load *load)
{
	if (load->opts->json)
		json_answer(load);
	else
		(load->opts->rollback ? print_roll_back : print_confirm)(load);
}
