/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Facts about a network interface that explain why an attach fails. Functions never
 * print.
 */
#ifndef NETDEV_H
#define NETDEV_H

#include <stdbool.h>

#include <linux/types.h>

/* A feature as ethtool -k shows it. */
struct netdev_feature {
	bool is_known, is_on;
	bool is_fixed; /* it cannot be changed */
};

struct netdev_facts {
	char driver[32];     /* "veth"; "" if unknown */
	__u32 mtu;           /* bytes, 0 if unknown */
	__u32 rx_queues;     /* in use, 0 if unknown */
	__u32 rx_queues_max; /* the maximum, 0 if unknown */
	struct netdev_feature lro, gro_hw;
	bool has_frags; /* the driver takes programs of SEC("xdp.frags"); false if unknown */
};

/*
 * Fill in *facts. What cannot be found out is 0 or "". ifindex may be 0: then has_frags
 * is false.
 */
void netdev_read(const char *ifname, int ifindex, struct netdev_facts *facts);

#endif
