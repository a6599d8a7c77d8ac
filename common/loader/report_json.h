/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader has done, as one JSON object on stdout.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "job.h"
#include "test_run.h"

/*
 * {"action":"load",...}; test is NULL, or of a dry run: {"action":"dry-run",...}, with
 * would_reuse saying whether maps that are pinned would be reused.
 */
void report_load_json(const struct job *job, const char *filename, const struct test_run *test,
		      bool would_reuse);
/* {"action":"unload",...} */
void report_unload_json(const struct job *job);

#endif
