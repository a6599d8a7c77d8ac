/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All interfaces of one run of xdp_loader, sorted by name: so two loaders take their
 * locks in the same order, and never wait for each other. Each interface has an object
 * and maps of its own.
 */
#ifndef LOADS_H
#define LOADS_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "load.h"

struct loads {
	const struct loader_options *opts;
	struct failure failure; /* of the first step that failed */
	struct load *each;      /* memory of this module */
	size_t count;
	uint64_t since_ns; /* start of the wait for the locks (CLOCK_MONOTONIC) */
	sigset_t signals;  /* the signal mask at the start */
	bool holds_signals;
};

/* Functions return an exit code; loads->failure is filled in if it is not 0. */

/*
 * Find all interfaces, then call load_begin() for each. An interface that is named
 * twice, perhaps by an alternative name, is one. The caller calls loads_end(), also
 * after a failure.
 */
int loads_begin(struct loads *loads, const struct loader_options *opts);

typedef int load_function(struct load *load); /* returns 0 or -errno */

/* Call run for each interface, up to the first one that fails. */
int loads_run(struct loads *loads, load_function *run);

/* The same with one step (steps.h). */
int loads_step(struct loads *loads, enum step step, load_function *run);

/*
 * One step for each interface on which none has failed. The failure is the first one,
 * the others are added to it.
 */
int loads_finish(struct loads *loads, enum step step, load_function *run);

/* After a failure: undo what was done for each interface, the last one first (undo.h). */
void loads_undo(struct loads *loads);

/*
 * Block the signals that would end the loader, until loads_unlock(): between attach and
 * publish a program is attached without its pins.
 */
void loads_hold_signals(struct loads *loads);

/* Release locks and signals, before the report: other loaders need not wait for it. */
void loads_unlock(struct loads *loads);

/* Report all interfaces; after a failure those that are done. */
void loads_report(const struct loads *loads);
void loads_end(struct loads *loads);

#endif
