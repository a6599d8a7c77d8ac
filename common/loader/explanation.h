/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A step as --explain prints it.
 */
#ifndef EXPLANATION_H
#define EXPLANATION_H

#include "text.h"

struct load;

struct explanation {
	struct text what; /* empty if nothing was done */
	struct text by_hand;
	const char *calls; /* from the row, unless they depend on what was done */
};

/* The steps of --confirm and --rollback. */
void explain_keep(struct explanation *e, const struct load *load);
void explain_exchange(struct explanation *e, const struct load *load);
void explain_pend(struct explanation *e, const struct load *load);
void explain_confirm(struct explanation *e, const struct load *load);
void explain_roll_back(struct explanation *e, const struct load *load);

/* The steps of --losses. */
void explain_losses_load(struct explanation *e, const struct load *load);
void explain_losses_pin(struct explanation *e, const struct load *load);
void explain_losses_unpin(struct explanation *e, const struct load *load);

#endif
