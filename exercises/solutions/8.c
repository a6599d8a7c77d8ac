// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Print the five totals of an interface's map every 0.1 s, and follow the pin: each time
 * the map is opened again by its path, so the totals are those of the map pinned now.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "xdp_stats_kern_user.h"

static const char *const action_names[XDP_ACTION_MAX] = {
	"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT",
};

/*
 * A list such as "0-3,8-11". The kernel writes a record for each possible CPU, online
 * or not, whatever the size of the buffer. Returns 0 on failure.
 */
static size_t possible_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned int first, last;
	size_t count = 0;

	if (!file)
		return 0;
	while (fscanf(file, "%u", &first) == 1) {
		last = first;
		if (fscanf(file, "-%u", &last) == 1 && last < first)
			break;
		count += last - first + 1;
		if (fgetc(file) != ',')
			break;
	}
	fclose(file);
	return count;
}

/*
 * With another shape the result would be wrong, and with larger values the kernel would
 * write past the end of our buffer, because it uses the sizes of the map.
 */
static int check_shape(const char *path, const struct bpf_map_info *info)
{
	if (info->type == BPF_MAP_TYPE_PERCPU_ARRAY && info->key_size == sizeof(__u32) &&
	    info->value_size == sizeof(struct datarec) && info->max_entries == XDP_ACTION_MAX)
		return 0;
	fprintf(stderr, "%s: not a map of XDP statistics: type %u, key %u, value %u, %u entries\n",
		path, info->type, info->key_size, info->value_size, info->max_entries);
	return -EINVAL;
}

/*
 * Returns a descriptor that the caller closes, and the map's id; -ENOENT if nothing is
 * pinned, without a message; another error after a message.
 */
static int open_map(const char *path, __u32 *id)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = BPF_F_RDONLY);
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd, err;

	fd = bpf_obj_get_opts(path, &opts);
	if (fd == -ENOENT)
		return fd;
	if (fd < 0) {
		fprintf(stderr, "cannot open %s: %s\n", path, strerror(-fd));
		return fd;
	}
	err = bpf_obj_get_info_by_fd(fd, &info, &size);
	if (err)
		fprintf(stderr, "cannot ask what %s is: %s\n", path, strerror(-err));
	else
		err = check_shape(path, &info);
	if (err) {
		close(fd);
		return err;
	}
	*id = info.id;
	return fd;
}

static int print_totals(int fd, struct datarec *records, size_t cpus)
{
	for (__u32 action = 0; action < XDP_ACTION_MAX; action++) {
		unsigned long long packets = 0, bytes = 0;

		if (bpf_map_lookup_elem(fd, &action, records)) {
			fprintf(stderr, "cannot read %s: %s\n", action_names[action],
				strerror(errno));
			return -EIO;
		}
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			packets += records[cpu].rx_packets;
			bytes += records[cpu].rx_bytes;
		}
		printf("%s %llu %llu\n", action_names[action], packets, bytes);
	}
	return 0;
}

/*
 * One block. All five look-ups use one descriptor, which refers to the same map even if
 * the pin is replaced meanwhile: no block mixes two maps.
 *
 * Maps are distinguished by their ids. The inode of the pin is not enough: a reload that
 * keeps the maps (--reuse-maps) makes new pins of the same map.
 */
static int report(const char *path, __u32 *last_id, struct datarec *records, size_t cpus)
{
	__u32 id = 0;
	int err, fd = open_map(path, &id);

	if (fd < 0)
		return fd;
	if (*last_id && id != *last_id)
		printf("replaced: map %u by map %u\n", *last_id, id);
	*last_id = id;
	err = print_totals(fd, records, cpus);
	close(fd);
	/* without this, a pipe or a file gets the block much later */
	return fflush(stdout) ? -EIO : err;
}

static int follow(const char *path, struct datarec *records, size_t cpus)
{
	__u32 last_id = 0;
	int err;

	for (;;) {
		err = report(path, &last_id, records, cpus);
		if (err == -ENOENT && !last_id)
			fprintf(stderr, "nothing is pinned at %s\n", path);
		/* end if it was never there, not if it is gone for a moment */
		if (err && !(err == -ENOENT && last_id))
			return err;
		usleep(100000);
	}
}

int main(int argc, char **argv)
{
	size_t cpus = possible_cpus();
	struct datarec *records = calloc(cpus, sizeof(*records));
	char path[256];

	if (argc != 2 || !cpus || !records) {
		fprintf(stderr, argc == 2 ? "cannot tell the number of CPUs\n"
					  : "usage: my_stats IFNAME\n");
		return EXIT_FAILURE;
	}
	snprintf(path, sizeof(path), "/sys/fs/bpf/%s/" XDP_STATS_MAP_NAME, argv[1]);
	follow(path, records, cpus); /* returns only after a failure */
	free(records);
	return EXIT_FAILURE;
}
