// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "clock.h"
#include "explain.h"
#include "libbpf_log.h"
#include "loads.h"
#include "messages.h"
#include "report.h"
#include "undo.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct load *)a)->ifname, ((const struct load *)b)->ifname);
}

/* Of loads with the same name, keep one. */
static void merge(struct loads *loads)
{
	size_t kept = 0;

	if (loads->count < 2) /* qsort() asks for the size of the memory */
		return;
	qsort(loads->each, loads->count, sizeof(*loads->each), by_name);
	for (size_t i = 1; i < loads->count; i++)
		if (by_name(&loads->each[kept], &loads->each[i]))
			loads->each[++kept] = loads->each[i];
	loads->count = kept + 1;
}

int loads_begin(struct loads *loads, const struct loader_options *opts)
{
	const struct interface_list *devs = &opts->devs;
	int status;

	*loads = (struct loads){ .opts = opts };
	loads->each = calloc(devs->count, sizeof(*loads->each));
	if (!loads->each)
		return message_no_memory(&loads->failure);
	for (; loads->count < devs->count; loads->count++)
		load_init(&loads->each[loads->count], loads, devs->names[loads->count]);
	status = loads_step(loads, STEP_INTERFACE, load_find);
	if (status)
		return status;
	merge(loads);
	loads->since_ns = clock_monotonic_ns();
	return loads_run(loads, load_begin);
}

int loads_run(struct loads *loads, load_function *run)
{
	for (size_t i = 0; i < loads->count; i++) {
		int err = loads->each[i].is_unchanged ? 0 : run(&loads->each[i]);

		if (err)
			return message_failed(&loads->each[i], err);
	}
	return 0;
}

int loads_step(struct loads *loads, enum step step, load_function *run)
{
	for (size_t i = 0; i < loads->count; i++) {
		int err = loads->each[i].is_unchanged ? 0 : step_run(&loads->each[i], step, run);

		if (err)
			return message_failed(&loads->each[i], err);
	}
	return 0;
}

int loads_finish(struct loads *loads, enum step step, load_function *run)
{
	for (size_t i = 0; i < loads->count; i++) {
		struct load *load = &loads->each[i];
		const bool goes_on = load->done == load->step && !load->is_unchanged;
		int err = goes_on ? step_run(load, step, run) : 0;

		if (err && loads->failure.exit_code)
			message_failed_too(load, err);
		else if (err)
			message_failed(load, err);
	}
	return loads->failure.exit_code;
}

void loads_undo(struct loads *loads)
{
	bool is_undone = true;

	for (size_t i = loads->count; i; i--)
		is_undone = undo_load(&loads->each[i - 1]) && is_undone;
	if (is_undone && loads->count > 1)
		message_none_changed(loads);
}

void loads_hold_signals(struct loads *loads)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, &loads->signals);
	loads->holds_signals = true;
}

void loads_unlock(struct loads *loads)
{
	for (size_t i = loads->count; i; i--)
		load_unlock(&loads->each[i - 1]);
	if (loads->holds_signals)
		sigprocmask(SIG_SETMASK, &loads->signals, NULL);
	loads->holds_signals = false;
	explain_flush();
}

/* Those are done one by one, not all or none. */
static bool is_finished(const struct load *load)
{
	return load->done == STEP_UNPIN || load->done == STEP_ROLL_BACK ||
	       (load->opts->confirm.is_answer && load->done == STEP_CLEAN_UP);
}

void loads_report(const struct loads *loads)
{
	for (size_t i = 0; i < loads->count; i++)
		if (!loads->failure.exit_code || is_finished(&loads->each[i]))
			report(&loads->each[i]);
}

void loads_end(struct loads *loads)
{
	loads_unlock(loads);
	if (*aside_moved())
		message_moved(aside_moved());
	for (size_t i = 0; i < loads->count; i++)
		load_end(&loads->each[i]);
	libbpf_log_reset();
	free(loads->each);
}
