// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Open a pin, ask what it is, read: the calls of a reader. README.org says what is wrong. */
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "xdp_stats_kern_user.h"

#define CPUS 8192 /* the kernel writes a record for each possible CPU */

static struct datarec records[CPUS];

int main(int argc, char **argv)
{
	int fd = argc == 2 ? bpf_obj_get(argv[1]) : -1;
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info), action = XDP_PASS;

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &length)) {
		perror("usage: small_reader PIN");
		return 1;
	}
	if (info.type != BPF_MAP_TYPE_PERCPU_ARRAY || info.value_size != sizeof(records[0])) {
		fprintf(stderr, "small_reader: not a map of packet counters\n");
		return 1;
	}
	for (;;) {
		unsigned long long packets = 0;

		if (bpf_map_lookup_elem(fd, &action, records))
			return 1;
		for (int cpu = 0; cpu < CPUS; cpu++)
			packets += records[cpu].rx_packets;
		printf("XDP_PASS %llu packets\n", packets);
		fflush(stdout);
		sleep(1);
	}
}
