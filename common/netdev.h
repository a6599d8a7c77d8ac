/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Facts of a network interface that explain why it takes no XDP program, by
 * ioctl(2). Functions return 0 or -errno and never print.
 */
#ifndef NETDEV_H
#define NETDEV_H

#include <linux/types.h>

struct netdev_facts {
	char driver[32];     /* "veth"; empty where it has no name */
	__u32 mtu;           /* bytes, 0 where it cannot be told */
	__u32 rx_queues;     /* in use, and */
	__u32 rx_queues_max; /* how many there can be; 0 where it cannot be told */
};

/* What cannot be found out stays 0 or empty. */
void netdev_read(const char *ifname, struct netdev_facts *facts);

#endif
