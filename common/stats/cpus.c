// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "cpus.h"

#define POSSIBLE_CPUS "/sys/devices/system/cpu/possible"

/* Far above the 8192 of CONFIG_MAXSMP, far below an overflow. */
#define CPU_LIMIT (1 << 20)

static const char *read_number(const char *p, int *number)
{
	if (!isdigit((unsigned char)*p))
		return NULL;
	for (*number = 0; isdigit((unsigned char)*p); p++) {
		*number = *number * 10 + (*p - '0');
		if (*number >= CPU_LIMIT)
			return NULL;
	}
	return p;
}

int cpus_count_list(const char *list)
{
	int count = 0, previous = -1;

	for (const char *p = list;; p++) {
		int first, last;

		p = read_number(p, &first);
		last = first;
		if (p && *p == '-')
			p = read_number(p + 1, &last);
		if (!p || first <= previous || last < first)
			return -EINVAL;
		count += last - first + 1;
		previous = last;
		if (*p != ',')
			return !*p || (*p == '\n' && !p[1]) ? count : -EINVAL;
	}
}

int cpus_possible(void)
{
	char list[4096];
	ssize_t length;
	int fd, err;

	fd = open(POSSIBLE_CPUS, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, list, sizeof(list) - 1);
	err = -errno;
	close(fd);
	if (length < 0)
		return err;
	if (length == sizeof(list) - 1)
		return -E2BIG;
	list[length] = '\0';
	return cpus_count_list(list);
}

int cpus_limit(void)
{
	for (int cpus = CPU_SETSIZE; cpus <= CPU_LIMIT; cpus *= 2) {
		cpu_set_t *mask = calloc(1, cpus / 8);
		int err = !mask ? -ENOMEM : sched_getaffinity(0, cpus / 8, mask) ? -errno : 0;

		free(mask);
		if (err != -EINVAL)
			return err ?: cpus;
	}
	return -E2BIG;
}
