/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The buffer into which the kernel writes a map: for each action one record, or one
 * for each possible CPU. The kernel does not say how many it writes. The buffer has room
 * for the largest number, and marks in it show where the kernel stopped.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"
#include "xdp_stats_kern_user.h"

struct records {
	struct datarec *record; /* of action a: record[a * cpus], and cpus - 1 more */
	size_t cpus;            /* possible CPUs, 0 while not known */
	size_t limit;           /* there is room for so many */
};

/*
 * Make room for the largest number of CPUs that this kernel can have; one buffer serves
 * all maps of a process. cpus becomes the number in /sys. The caller frees it with
 * records_free(). Returns 0 or -errno.
 */
int records_alloc(struct records *records);
void records_free(struct records *records);

/* Mark the last record of a map with that many CPUs, and the place behind it. */
void records_mark(struct records *records, size_t cpus);
/* Has the kernel since then overwritten the first of these marks, and not the second? */
bool records_fit(const struct records *records, size_t cpus);

/* Mark every record. */
void records_mark_all(struct records *records);
/* How many records, from the first on, has the kernel written since then? */
size_t records_written(const struct records *records);

/* The record of one action and CPU, of a map with records->cpus CPUs. */
const struct datarec *records_of(const struct records *records, int action, size_t cpu);

/* Add up the cpus records of each action. */
void records_sum(const struct records *records, size_t cpus, struct datarec sum[XDP_ACTION_MAX]);

#endif
