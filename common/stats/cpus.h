/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How many CPUs the kernel keeps per-CPU data for.
 */
#ifndef CPUS_H
#define CPUS_H

/*
 * The number of CPUs in a list of the kernel's form, "0-3,8-11\n" being 8.
 * Returns it, at least 1, or -EINVAL.
 */
int cpus_count_list(const char *list);

/*
 * The number of possible CPUs, which is how many values a look-up in a per-CPU
 * map returns: more than are online where CPUs can be plugged in. Source:
 * /sys/devices/system/cpu/possible, which a container may have replaced by a list of
 * its own. Returns it, at least 1, or -errno.
 */
int cpus_possible(void);

/*
 * A number that the possible CPUs cannot exceed, from the kernel itself: it copies the
 * mask of a process's CPUs only to a buffer that holds a bit for each. Returns it, or
 * -errno.
 */
int cpus_limit(void);

#endif
