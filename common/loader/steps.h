/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The steps of a load and of an unload, in a table: the explanation for --explain, the
 * calls, the command that does the same by hand, the message if it fails, and the exit
 * code.
 */
#ifndef STEPS_H
#define STEPS_H

enum step {
	STEP_INTERFACE,
	STEP_BPFFS,
	STEP_LOCK,
	STEP_QUERY,
	STEP_READ_PINS,
	STEP_RECOVER,

	STEP_MAY_ATTACH,
	STEP_MAY_TAKE_PINS,
	STEP_OPEN,
	STEP_CHOOSE,
	STEP_SET,
	STEP_SHARE,
	STEP_REUSE,
	STEP_LOAD,
	STEP_FREEZE,
	STEP_DRY_RUN,
	STEP_COMPARE,
	STEP_STAGE,
	STEP_KEEP,
	STEP_ATTACH,
	STEP_CHECK_NAME,
	STEP_PUBLISH,
	STEP_CLEAN_UP,
	STEP_PEND,

	STEP_MAY_DETACH,
	STEP_DETACH,
	STEP_UNPIN,

	STEP_CONFIRM,
	STEP_ROLL_BACK,

	STEP_LOSSES_LOAD,
	STEP_LOSSES_PIN,
	STEP_LOSSES_UNPIN,

	STEP_UNLOCK,
	STEPS
};

struct load;

/*
 * Set load->step, do the step, and on success set load->done and explain it. Returns the
 * result of run(), 0 or -errno.
 */
int step_run(struct load *load, enum step step, int (*run)(struct load *load));

/* Explain a step that is done. Prints nothing without --explain. */
void step_explain(const struct load *load, enum step step);

/* Begin load->failure with the message of load->step. Returns its exit code. */
int step_failed(struct load *load);

#endif
