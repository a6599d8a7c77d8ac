/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The last samples of all interfaces in the text format of Prometheus, version 0.0.4.
 */
#ifndef STATS_PROMETHEUS_H
#define STATS_PROMETHEUS_H

#include "failure.h"
#include "watch_list.h"

/*
 * Replace the file at path as a whole, so that a reader sees the old or the new one, never
 * a part. It becomes readable for all. If path is "-", write to stdout instead. Returns 0 or
 * the exit code of failure.
 */
int stats_prometheus_write(struct watch_list *list, const char *path, struct failure *failure);

#endif
