/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets that were lost after the verdict, if xdp_loader --losses counts them. Functions
 * never print. If nothing is counted, a stat() a minute is all that this costs.
 */
#ifndef STATS_LOSSES_H
#define STATS_LOSSES_H

#include <stdbool.h>

#include "watch.h"
#include "xdp_losses.h"

/* How a reason is told. */
struct loss_text {
	char word[sizeof("redirect_no_receiver")]; /* in JSON, and as a label */
	char verdict[sizeof("an unknown action")]; /* "XDP_REDIRECT" */
	const char *why;                           /* for people */
};

extern const struct loss_text loss_texts[XDP_LOSSES];

/*
 * Read the losses of an interface; all are 0 if none was lost. Returns false if they are
 * not counted, or this process may not read them. time_ns is that of the sample.
 */
bool stats_losses_read(struct watch *watch, __u64 time_ns, struct xdp_losses *losses);

#endif
