// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How else could five records be read? Prints the nanoseconds of each way that was
 * thought of, in a loop with warm caches, on maps of its own. For bench/README.org.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cpus.h"
#include "xdp_stats_kern_user.h"

#define ROUNDS 300000

static struct {
	int percpu;         /* of the contract's shape */
	int percpu_one;     /* one value with all five records */
	int shared;         /* one record for all CPUs */
	const void *mapped; /* the same, in our address space */
} maps;

static struct datarec *records; /* room for XDP_ACTION_MAX on every CPU */

static int look_up(int fd, __u32 count)
{
	int err = 0;

	for (__u32 key = 0; !err && key < count; key++)
		err = bpf_map_lookup_elem(fd, &key, records);
	return err;
}

static int look_up_batch(int fd, __u32 count)
{
	__u32 keys[XDP_ACTION_MAX], next;

	return bpf_map_lookup_batch(fd, NULL, &next, keys, records, &count, NULL);
}

static int copy_mapped(int fd, __u32 count)
{
	(void)fd;
	memcpy(records, maps.mapped, count * sizeof(*records));
	asm volatile("" ::"r"(records) : "memory");
	return 0;
}

static const struct {
	const char *name;
	int (*read)(int fd, __u32 count); /* 0 or -errno */
	const int *fd;
	__u32 count;
} ways[] = {
	{ "five look-ups", look_up, &maps.percpu, 5 },
	{ "one batch of 5", look_up_batch, &maps.percpu, 5 },
	{ "a batch of 4", look_up_batch, &maps.percpu, 4 },
	{ "a batch of 3", look_up_batch, &maps.percpu, 3 },
	{ "a batch of 2", look_up_batch, &maps.percpu, 2 },
	{ "a batch of 1", look_up_batch, &maps.percpu, 1 },
	{ "one look-up, all five in one value", look_up, &maps.percpu_one, 1 },
	{ "one batch of 5, shared by all CPUs", look_up_batch, &maps.shared, 5 },
	{ "no call: the shared map mapped", copy_mapped, &maps.shared, 5 },
};

static double monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static int make_maps(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, mappable, .map_flags = BPF_F_MMAPABLE);
	const size_t size = sizeof(*records);
	int cpus = cpus_possible();

	if (cpus < 0)
		return cpus;
	records = calloc(cpus * XDP_ACTION_MAX, size);
	maps.percpu =
		bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "percpu", 4, size, XDP_ACTION_MAX, NULL);
	maps.percpu_one = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "percpu_one", 4,
					 XDP_ACTION_MAX * size, 1, NULL);
	maps.shared =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "shared", 4, size, XDP_ACTION_MAX, &mappable);
	if (!records || maps.percpu < 0 || maps.percpu_one < 0 || maps.shared < 0)
		return -errno;
	maps.mapped = mmap(NULL, getpagesize(), PROT_READ, MAP_SHARED, maps.shared, 0);
	return maps.mapped == MAP_FAILED ? -errno : 0;
}

int main(void)
{
	double first = 0;
	int err = make_maps();

	for (size_t i = 0; !err && i < sizeof(ways) / sizeof(ways[0]); i++) {
		double before = monotonic_ns(), ns;

		for (int n = 0; !err && n < ROUNDS; n++)
			err = ways[i].read(*ways[i].fd, ways[i].count);
		ns = (monotonic_ns() - before) / ROUNDS;
		first = first ?: ns;
		if (!err)
			printf("%-36s %6.0f ns  %.2f\n", ways[i].name, ns, ns / first);
	}
	if (err)
		fprintf(stderr, "read_ways: cannot make or read a map: %s\n", strerror(-err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
