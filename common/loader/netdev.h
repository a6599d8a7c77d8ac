/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Facts about a network interface that explain why an attach fails. Functions never
 * print.
 */
#ifndef NETDEV_H
#define NETDEV_H

#include <linux/types.h>

struct netdev_facts {
	char driver[32];     /* "veth"; "" if unknown */
	__u32 mtu;           /* bytes, 0 if unknown */
	__u32 rx_queues;     /* in use, 0 if unknown */
	__u32 rx_queues_max; /* the maximum, 0 if unknown */
};

/* Fill in *facts. What cannot be found out is 0 or "". */
void netdev_read(const char *ifname, struct netdev_facts *facts);

#endif
