/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The network namespace of this process. Functions never print.
 */
#ifndef NETNS_H
#define NETNS_H

#include <linux/types.h>

/*
 * The number that the kernel gave to the namespace, and gives to no other one. Returns 0
 * or -errno: -ENOPROTOOPT on kernels before 5.14.
 */
int netns_cookie(__u64 *cookie);

/* The same, or the number of its inode on those kernels; 0 if there is none. */
__u64 netns_id(void);

#endif
