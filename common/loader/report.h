/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What xdp_loader tells its user: on stdout what it has done, by log why it could
 * not. The say_ functions return the exit code that goes with what they say.
 */
#ifndef REPORT_H
#define REPORT_H

#include "job.h"
#include "test_run.h"

/* A dry run: what was found out, what would be. */
void report_dry_run(const struct job *job, const char *filename, const struct test_run *test,
		    bool reuse_maps);
void report_load(const struct job *job, const char *filename);
void report_unload(const struct job *job);

int say_occupied(const struct job *job, bool dry_run);
int say_bad_file(const char *filename, int err);
int say_no_program(const struct job *job, const char *filename, const char *progname, int err);
int say_cannot_reuse(const struct job *job, const char *map, int err, const char *differs);
int say_test_failed(const struct job *job, int err);
int say_load_failed(const struct job *job, int err);
int say_attach_failed(const struct job *job, int err);
int say_detach_failed(const struct job *job, int err);
int say_other_program(const struct job *job, __u32 wanted_id);
/* Pinning: what was tried, in which directory. */
int say_pin_failed(const char *what, const char *dir, int err, const char *hint);

#endif
