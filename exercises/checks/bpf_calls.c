// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Preloaded into an answer, in place of syscall(3), through which libbpf, bpftool and
 * Python call bpf(2). It makes cases that this machine does not have:
 *
 * EXERCISE_CPUS=N       a look-up in a per-CPU map of struct datarec gives N records, as
 *                       on a machine with N possible CPUs. The sum is the same.
 * EXERCISE_REAL_CPUS=N  how many there really are
 * EXERCISE_CALLS=DIR    DIR/length has the number of calls of bpf(2) from one reading of
 *                       all counters to the next. If DIR/pause has a number p, call p of
 *                       a reading waits, with the file renamed to DIR/paused, until that
 *                       is gone. Call 0 is the first look-up.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "xdp_stats_kern_user.h"

#define KEYS_MAX 256

static long real(long number, const long *args)
{
	static long (*next)(long number, ...);

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static long call_bpf(long cmd, union bpf_attr *attr, size_t size)
{
	const long args[6] = { cmd, (long)attr, (long)size };

	return real(SYS_bpf, args);
}

static size_t number_of(const char *variable)
{
	const char *text = getenv(variable);

	return text ? strtoul(text, NULL, 10) : 0;
}

/* --- more CPUs --------------------------------------------------------------- */

static bool is_map_of_records(__u32 fd)
{
	struct bpf_map_info info = { 0 };
	union bpf_attr attr = { .info.bpf_fd = fd, .info.info_len = sizeof(info) };

	attr.info.info = (__u64)(unsigned long)&info;
	return !call_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) &&
	       (info.type == BPF_MAP_TYPE_PERCPU_ARRAY || info.type == BPF_MAP_TYPE_PERCPU_HASH) &&
	       info.value_size == sizeof(struct datarec);
}

/* Each of the n records gets its share, and the last one the rest, too. */
static void spread(const struct datarec *records, size_t real_n, struct datarec *out, size_t n)
{
	struct datarec sum = { 0 };

	for (size_t i = 0; i < real_n; i++) {
		sum.rx_packets += records[i].rx_packets;
		sum.rx_bytes += records[i].rx_bytes;
	}
	for (size_t i = 0; i < n; i++) {
		out[i].rx_packets = sum.rx_packets / n;
		out[i].rx_bytes = sum.rx_bytes / n;
	}
	out[n - 1].rx_packets += sum.rx_packets % n;
	out[n - 1].rx_bytes += sum.rx_bytes % n;
}

/* One look-up, or a batch of them: the kernel writes its records to a buffer of ours. */
static long look_up(long cmd, union bpf_attr *attr, size_t size, size_t n)
{
	const bool is_batch = cmd == BPF_MAP_LOOKUP_BATCH;
	const size_t real_n = number_of("EXERCISE_REAL_CPUS");
	__u64 *target = is_batch ? &attr->batch.values : &attr->value, kept = *target;
	size_t count = is_batch ? attr->batch.count : 1;
	struct datarec *records, *out = (void *)(unsigned long)kept;
	long result;
	int err;

	count = count < KEYS_MAX ? count : KEYS_MAX;
	records = calloc(count * real_n, sizeof(*records));
	if (!records)
		return -1;
	*target = (__u64)(unsigned long)records;
	result = call_bpf(cmd, attr, size);
	err = errno;
	*target = kept;
	if (is_batch)
		count = attr->batch.count < count ? attr->batch.count : count;
	if (!result || (is_batch && err == ENOENT))
		for (size_t i = 0; i < count; i++)
			spread(records + i * real_n, real_n, out + i * n, n);
	free(records);
	errno = err;
	return result;
}

/* --- pauses ------------------------------------------------------------------- */

/* Writes or reads the number in DIR/NAME. Returns -1 if there is none. */
static long number_in(const char *dir, const char *name, const char *mode, long value)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, mode);
	if (!file)
		return -1;
	if (*mode == 'w')
		fprintf(file, "%ld\n", value);
	else if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

static void wait_here(const char *dir)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	char from[256], to[256];

	snprintf(from, sizeof(from), "%s/pause", dir);
	snprintf(to, sizeof(to), "%s/paused", dir);
	if (rename(from, to))
		return;
	while (!access(to, F_OK))
		nanosleep(&moment, NULL);
}

/* A reading begins with the key that was looked up first, or with a batch. */
static bool is_first_look_up(long cmd, const union bpf_attr *attr)
{
	static long first_key = -1;
	__u32 key;

	if (cmd == BPF_MAP_LOOKUP_BATCH)
		return true;
	if (cmd != BPF_MAP_LOOKUP_ELEM)
		return false;
	memcpy(&key, (const void *)(unsigned long)attr->key, sizeof(key));
	if (first_key < 0)
		first_key = key;
	return key == first_key;
}

static void note_call(long cmd, const union bpf_attr *attr)
{
	const char *dir = getenv("EXERCISE_CALLS");
	static long position = -1, length;
	const int err = errno;

	if (!dir)
		return;
	if (is_first_look_up(cmd, attr)) {
		if (position >= 0 && position + 1 != length) {
			length = position + 1;
			number_in(dir, "length", "w", length);
		}
		position = 0;
	} else if (position >= 0) {
		position++;
	}
	if (position >= 0 && number_in(dir, "pause", "r", -1) == position)
		wait_here(dir);
	errno = err;
}

static long bpf(long cmd, union bpf_attr *attr, size_t size)
{
	const size_t cpus = number_of("EXERCISE_CPUS");

	note_call(cmd, attr);
	if (cpus && cmd == BPF_MAP_LOOKUP_ELEM && is_map_of_records(attr->map_fd))
		return look_up(cmd, attr, size, cpus);
	if (cpus && cmd == BPF_MAP_LOOKUP_BATCH && is_map_of_records(attr->batch.map_fd))
		return look_up(cmd, attr, size, cpus);
	return call_bpf(cmd, attr, size);
}

long syscall(long number, ...)
{
	long args[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_bpf)
		return bpf(args[0], (union bpf_attr *)args[1], args[2]);
	return real(number, args);
}
