/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The steps of a load and of an unload, in a table: what each one says under --explain,
 * which calls are behind it, which command does the same by hand, what it is called when
 * it fails and with which code the loader then exits.
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
	STEP_REUSE,
	STEP_LOAD,
	STEP_FREEZE,
	STEP_DRY_RUN,
	STEP_STAGE,
	STEP_ATTACH,
	STEP_CHECK_NAME,
	STEP_PUBLISH,
	STEP_CLEAN_UP,

	STEP_MAY_DETACH,
	STEP_DETACH,
	STEP_UNPIN,

	STEP_UNLOCK,
	STEPS
};

struct load;

/*
 * Do one step: load->step is then this one. When it is done it is explained, if that was
 * asked for. Returns what run() returns, 0 or -errno.
 */
int step_run(struct load *load, enum step step, int (*run)(struct load *load));

/* Explain a step that is done. Silent without --explain. */
void step_explain(const struct load *load, enum step step);

/* Begin load->failure with the step that has failed. Returns its exit code. */
int step_failed(struct load *load);

#endif
