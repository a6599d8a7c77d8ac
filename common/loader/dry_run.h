/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Running a loaded XDP program on a packet of our own, attached to nothing.
 */
#ifndef DRY_RUN_H
#define DRY_RUN_H

#include <bpf/libbpf.h>
#include <linux/types.h>

#define DRY_RUN_MAX         100000    /* runs */
#define DRY_RUN_NS          200000000 /* that all runs together take at most, about */
#define DRY_RUN_PACKET_SIZE 64        /* bytes: the smallest Ethernet frame, all zeroes */

struct dry_run {
	__u32 action; /* what it returned for the packet */
	__u32 ns;     /* on average over runs, the loop's own cost included */
	__u32 runs;
};

/*
 * Run prog once, and then as often as fits into DRY_RUN_NS; a program that prints
 * (bpf_printk()) only once, since what it prints takes the place of what others have
 * printed. Returns 0 or -errno: -EOPNOTSUPP where the kernel cannot (before 4.12).
 */
int dry_run(const struct bpf_program *prog, struct dry_run *result);

#endif
