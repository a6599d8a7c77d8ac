// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
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
	if (pin_publish(&load->staged, &load->live, load->previous) >= 0)
		pin_dir_remove(&load->staged, NULL);
}

bool undo_load(struct load *load)
{
	const bool is_published = load->done >= STEP_PUBLISH;
	int err = is_published ? undo_publish(load) : 0;

	if (!err && load->done >= STEP_ATTACH) {
		/* without a descriptor, the pins stay staged for the next loader */
		if (load->old.id && load->old.fd < 0) {
			message_not_undone(load, 0);
			return false;
		}
		err = undo_attach(load);
		if (err && is_published)
			redo_publish(load);
	}
	if (err) {
		message_not_undone(load, err);
		return false;
	}
	if (load->step >= STEP_STAGE)
		pin_dir_remove(&load->staged, NULL);
	return true;
}
