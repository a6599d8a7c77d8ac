/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What can keep a process from loading XDP programs: capabilities, lockdown, an old
 * kernel. Looked up only after a failure.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The capabilities for XDP that this process lacks, "CAP_BPF, CAP_NET_ADMIN", by
 * status, the path of a file like /proc/self/status. Empty when it has them all.
 */
void missing_capabilities(const char *status, char *text, size_t size);

/* Is the kernel in lockdown, by /sys/kernel/security/lockdown? */
bool is_locked_down(void);

#define KERNEL_RELEASE_SIZE 65

/* Is the kernel older than major.minor? release is its version, empty if unknown. */
bool kernel_is_before(int major, int minor, char release[KERNEL_RELEASE_SIZE]);

#endif
