/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Run an XDP program that is loaded, but not attached, on a test packet. Functions
 * never print.
 */
#ifndef DRY_RUN_H
#define DRY_RUN_H

#include <bpf/libbpf.h>
#include <linux/types.h>

#define DRY_RUN_MAX         100000    /* runs */
#define DRY_RUN_NS          200000000 /* about the longest time for all runs together */
#define DRY_RUN_PACKET_SIZE 64        /* bytes: the smallest Ethernet frame; all are zero */

struct dry_run {
	__u32 action; /* the return value for the packet */
	__u32 ns;     /* average of all runs, including the cost of the loop */
	__u32 runs;
};

/*
 * Run prog once, and then as often as fits into DRY_RUN_NS. A program that prints
 * (bpf_printk()) runs only once: its output replaces older lines in the trace buffer.
 * Returns 0 or -errno: -EOPNOTSUPP if the kernel cannot do it (before 4.12).
 */
int dry_run(const struct bpf_program *prog, struct dry_run *result);

#endif
