// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Print the five totals of an interface's map, once. */
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

/* Returns a descriptor that the caller closes, or -1 after a message. */
static int open_map(const char *path)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = BPF_F_RDONLY);
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = bpf_obj_get_opts(path, &opts);

	if (fd < 0) {
		fprintf(stderr, "cannot open %s: %s\n", path, strerror(errno));
		return -1;
	}
	if (bpf_obj_get_info_by_fd(fd, &info, &size)) {
		fprintf(stderr, "cannot ask what %s is: %s\n", path, strerror(errno));
	} else if (!check_shape(path, &info)) {
		return fd;
	}
	close(fd);
	return -1;
}

static int print_totals(int fd, struct datarec *records, size_t cpus)
{
	for (__u32 action = 0; action < XDP_ACTION_MAX; action++) {
		unsigned long long packets = 0, bytes = 0;

		if (bpf_map_lookup_elem(fd, &action, records)) {
			fprintf(stderr, "cannot read %s: %s\n", action_names[action],
				strerror(errno));
			return -1;
		}
		for (size_t cpu = 0; cpu < cpus; cpu++) {
			packets += records[cpu].rx_packets;
			bytes += records[cpu].rx_bytes;
		}
		printf("%s %llu %llu\n", action_names[action], packets, bytes);
	}
	return 0;
}

int main(int argc, char **argv)
{
	size_t cpus = possible_cpus();
	struct datarec *records = calloc(cpus, sizeof(*records));
	int fd, status = EXIT_FAILURE;
	char path[256];

	if (argc != 2 || !cpus || !records) {
		fprintf(stderr, argc == 2 ? "cannot tell the number of CPUs\n"
					  : "usage: my_stats IFNAME\n");
		return EXIT_FAILURE;
	}
	snprintf(path, sizeof(path), "/sys/fs/bpf/%s/" XDP_STATS_MAP_NAME, argv[1]);
	fd = open_map(path);
	if (fd >= 0 && !print_totals(fd, records, cpus))
		status = EXIT_SUCCESS;
	if (fd >= 0)
		close(fd);
	free(records);
	return status;
}
