// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Read a pinned statistics map ROUNDS times, either all actions in one batch, as
 * xdp_stats does, or each action in a look-up of its own. Print the nanoseconds
 * that one reading takes, the mean.
 *
 *	sample PIN batch|each ROUNDS
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "xdp_stats_kern_user.h"

static int read_map(int fd, bool batch, struct datarec *records, int cpus)
{
	__u32 keys[XDP_ACTION_MAX], next, count = XDP_ACTION_MAX;
	int err = 0;

	if (batch) {
		err = bpf_map_lookup_batch(fd, NULL, &next, keys, records, &count, NULL);
		return err == -ENOENT ? 0 : err; /* the end of the map, after all entries */
	}
	for (__u32 action = 0; !err && action < XDP_ACTION_MAX; action++)
		err = bpf_map_lookup_elem(fd, &action, &records[action * cpus]);
	return err;
}

int main(int argc, char **argv)
{
	int fd = -1, cpus = libbpf_num_possible_cpus(), err = argc != 4 || cpus < 1;
	struct timespec start, end;
	struct datarec *records = err ? NULL : calloc(XDP_ACTION_MAX * cpus, sizeof(*records));

	if (records)
		fd = bpf_obj_get(argv[1]);
	err = fd < 0;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; !err && i < strtol(argv[3], NULL, 10); i++)
		err = read_map(fd, !strcmp(argv[2], "batch"), records, cpus);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!err)
		printf("%.1f\n", ((end.tv_sec - start.tv_sec) * 1e9 + end.tv_nsec - start.tv_nsec) /
					 strtol(argv[3], NULL, 10));
	free(records);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
