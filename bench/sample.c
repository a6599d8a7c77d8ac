// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Read the pinned maps of many interfaces in two ways and look for reloads in two
 * ways, each pair in turn, begun by the one and by the other. Prints one line a
 * round: the nanoseconds that it took for all maps to
 *
 *	read them in one look-up each	read them in five look-ups each
 *	stat() the pins			open the pins and ask for the maps' ids
 *	do nothing, which is what measuring takes
 *
 * The first and the third are what xdp_stats does at each tick.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cpus.h"
#include "log.h"
#include "options.h"
#include "interface.h"
#include "parse.h"
#include "pin_path.h"
#include "stats_map.h"

#define WAYS 5

struct target {
	char path[PIN_PATH_SIZE];
	struct stats_map map;
};

static struct {
	struct target *targets;
	size_t count;
	__u32 rounds;
} opts = { .rounds = 100 };

typedef int way(struct target *target, const struct stats_buffer *buffer);

static int read_batch(struct target *target, const struct stats_buffer *buffer)
{
	struct datarec sum[XDP_ACTION_MAX];

	target->map.no_batch = false;
	return stats_map_read(&target->map, buffer, sum);
}

static int read_each(struct target *target, const struct stats_buffer *buffer)
{
	struct datarec sum[XDP_ACTION_MAX];

	target->map.no_batch = true;
	return stats_map_read(&target->map, buffer, sum);
}

static int follow_by_inode(struct target *target, const struct stats_buffer *buffer)
{
	ino_t inode;

	(void)buffer;
	return stats_map_pin_inode(target->path, &inode);
}

static int follow_by_id(struct target *target, const struct stats_buffer *buffer)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	int err, fd = bpf_obj_get(target->path);

	(void)buffer;
	if (fd < 0)
		return -errno;
	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	close(fd);
	return err;
}

static int do_nothing(struct target *target, const struct stats_buffer *buffer)
{
	(void)target, (void)buffer;
	return 0;
}

static way *const ways[WAYS] = { read_batch, read_each, follow_by_inode, follow_by_id, do_nothing };

static __u64 monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static int time_way(way *do_it, const struct stats_buffer *buffer, __u64 *ns)
{
	__u64 before = monotonic_ns();
	int err = 0;

	for (size_t i = 0; !err && i < opts.count; i++)
		err = do_it(&opts.targets[i], buffer);
	*ns = monotonic_ns() - before;
	return err;
}

/* Ways that are compared, first and last of them, take turns in beginning. */
static int time_ways(size_t first, size_t last, const struct stats_buffer *buffer,
		     __u64 (*ns)[WAYS])
{
	const size_t count = last - first + 1;
	int err = 0;

	for (__u32 round = 0; !err && round < opts.rounds; round++) {
		for (size_t i = 0; !err && i < count; i++) {
			size_t w = first + (round + i) % count;

			err = time_way(ways[w], buffer, &ns[round][w]);
		}
	}
	return err;
}

static int measure(const struct stats_buffer *buffer)
{
	__u64(*ns)[WAYS] = calloc(opts.rounds, sizeof(*ns));
	int err = ns ? 0 : -ENOMEM;

	err = err ?: time_ways(0, 1, buffer, ns);
	err = err ?: time_ways(2, 3, buffer, ns);
	err = err ?: time_ways(4, 4, buffer, ns);
	for (__u32 round = 0; !err && round < opts.rounds; round++)
		printf("%llu %llu %llu %llu %llu\n", ns[round][0], ns[round][1], ns[round][2],
		       ns[round][3], ns[round][4]);
	free(ns);
	return err;
}

static int open_all(void)
{
	struct rlimit limit;
	char why[128] = "";
	int err = 0;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	for (size_t i = 0; !err && i < opts.count; i++)
		err = stats_map_open(opts.targets[i].path, &opts.targets[i].map, why, sizeof(why));
	return err;
}

static int add_dev(const struct option_row *row, const char *arg, const char **why)
{
	struct target *grown;

	(void)row;
	*why = "a possible name of an interface";
	if (interface_check_name(arg))
		return -EINVAL;
	*why = strerror(ENOMEM);
	grown = realloc(opts.targets, (opts.count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	opts.targets = grown;
	opts.targets[opts.count] = (struct target){ .map = STATS_MAP_CLOSED };
	pin_path(opts.targets[opts.count++].path, arg, XDP_STATS_MAP_NAME);
	return 0;
}

static const struct option_row rows[] = {
	{ "dev", 'd', "IFNAME", "read this interface's map; may be repeated", add_dev },
	{ "rounds", 'r', "N", "how often, each way; default 100", option_count, &opts.rounds },
	{ "help", 'h', NULL, "show this help and exit", option_help },
	{ "version", 'V', NULL, "show the version and exit", option_version },
};

static const struct options options = {
	.program = "sample",
	.usage = "[OPTIONS] --dev IFNAME [--dev IFNAME...]",
	.summary = "Print the nanoseconds of reading and of following pinned maps, two ways each.",
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

int main(int argc, char **argv)
{
	struct stats_buffer buffer = { 0 };
	int err, cpus = cpus_possible();

	log_init("sample", LOG_NORMAL);
	options_parse(&options, argc, argv);
	if (!opts.count)
		options_reject(&options, "name an interface with --dev");
	err = cpus < 0 ? cpus : stats_buffer_alloc(&buffer, cpus);
	err = err ?: open_all();
	err = err ?: measure(&buffer);
	if (err)
		log_error("cannot read the maps: %s", strerror(-err));
	stats_buffer_free(&buffer);
	free(opts.targets);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
