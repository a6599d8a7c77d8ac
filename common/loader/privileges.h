/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a process may not load XDP programs: capabilities, lockdown, an old kernel. Used
 * only after a failure. Functions never print.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The capabilities for XDP that a process lacks, such as "CAP_BPF, CAP_NET_ADMIN"; ""
 * if it has all. status is the path of a file like /proc/self/status.
 */
void missing_capabilities(const char *status, char *text, size_t size);

/* Does this process have CAP_SYS_ADMIN? False if unknown. */
bool has_sys_admin(void);

#define LOCKDOWN "/sys/kernel/security/lockdown"

/* Is the kernel locked down, by a file like LOCKDOWN? False if there is no such file. */
bool is_locked_down(const char *lockdown);

/*
 * Is this process outside of the first user namespace, so that its capabilities do not
 * count for bpf(2)? By a file like /proc/self/uid_map. False if unknown.
 */
bool is_in_user_namespace(const char *uid_map);

/* Has it a filter for system calls? By a file like /proc/self/status. */
bool has_seccomp_filter(const char *status);

/* Is a release such as "5.10.0-8-amd64" older than major.minor? */
bool release_is_before(const char *release, int major, int minor);

#define KERNEL_RELEASE_SIZE 65

/* Is this kernel older? release becomes its version, "" if unknown. */
bool kernel_is_before(int major, int minor, char release[KERNEL_RELEASE_SIZE]);

#endif
