// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>

#include "load.h"
#include "messages.h"
#include "pin_publish.h"
#include "undo.h"

static int undo_attach(struct load *load)
{
	enum xdp_replace_result result;

	if (!load->old.id)
		return xdp_prog_detach(load->ifindex, &load->new);
	return xdp_prog_replace(load->ifindex, load->old.mode, &load->old, &load->new, &result);
}

/* The pins first: until the program is replaced, they are staged pins of the attached one. */
static int undo_publish(struct load *load)
{
	return pin_unpublish(&load->staged, &load->live, load->previous);
}

/* The new program stays attached: so its pins are in place again, too. */
static void redo_publish(struct load *load)
{
	if (pin_publish(&load->staged, &load->live, load->previous) >= 0 && !load->pending.prog_id)
		pin_dir_remove(&load->staged, NULL);
}

int undo_steps(struct load *load, enum step done)
{
	const bool is_published = done >= STEP_PUBLISH;
	int err = is_published ? undo_publish(load) : 0;

	if (!err && done >= STEP_ATTACH) {
		err = load->old.id && load->old.fd < 0 ? -ENODATA : undo_attach(load);
		/* else, without a descriptor, the pins stay staged for the next loader */
		if (err && is_published)
			redo_publish(load);
	}
	if (!err)
		pin_dir_remove(&load->staged, NULL); /* or the next loader does */
	return err;
}

bool undo_load(struct load *load)
{
	int err;

	if (load->step < STEP_STAGE)
		return true;
	err = undo_steps(load, load->done);
	if (err) {
		message_not_undone(load, err);
		return false;
	}
	if (load->pending.prog_id)
		pending_remove(load->state.fd);
	return true;
}
