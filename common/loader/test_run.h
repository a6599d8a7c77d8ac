/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Running a loaded XDP program on a packet of our own, attached to nothing.
 */
#ifndef TEST_RUN_H
#define TEST_RUN_H

#include <linux/types.h>

#define TEST_RUNS        100000
#define TEST_PACKET_SIZE 64 /* bytes: the smallest Ethernet frame, all zeroes */

struct test_run {
	__u32 action; /* what it returned for the packet */
	__u32 ns;     /* on average over runs, the loop's own cost included */
	__u32 runs;
};

/* Returns 0 or -errno: -EOPNOTSUPP where the kernel cannot (before 4.12). */
int test_run(int prog_fd, struct test_run *result);

#endif
