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

/* Has this process CAP_SYS_ADMIN? False where that cannot be told. */
bool has_sys_admin(void);

#define LOCKDOWN "/sys/kernel/security/lockdown"

/* Is the kernel in lockdown, by a file like LOCKDOWN? False where there is none. */
bool is_locked_down(const char *lockdown);

/* Is a release such as "5.10.0-8-amd64" older than major.minor? */
bool release_is_before(const char *release, int major, int minor);

#define KERNEL_RELEASE_SIZE 65

/* Is this kernel older? release becomes its version, empty if unknown. */
bool kernel_is_before(int major, int minor, char release[KERNEL_RELEASE_SIZE]);

#endif
