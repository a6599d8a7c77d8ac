/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Network interfaces: their XDP programs, and facts that explain why an attach fails.
 * Functions never print.
 */
#ifndef NETDEV_H
#define NETDEV_H

#include <net/if.h>
#include <stddef.h>

#include <linux/netlink.h>
#include <linux/types.h>

/* The ids of the attached programs, 0 for none. */
struct netdev_xdp {
	__u32 native_id, skb_id, hw_id;
};

/*
 * Ask the kernel about one interface, by rtnetlink(7): bpf_xdp_query() of libbpf lists
 * all interfaces to find one. Returns 0 or -errno: -ENODEV if it does not exist.
 */
int netdev_read_xdp(int ifindex, struct netdev_xdp *xdp);

struct netdev_link {
	int ifindex;
	char name[IF_NAMESIZE];
	struct netdev_xdp xdp;
};

/* Returns 0 to continue, or -errno. */
typedef int netdev_show(const struct netdev_link *link, void *context);

/*
 * Call show for every interface of this network namespace. Returns 0 or -errno, also
 * that of show.
 */
int netdev_for_each(netdev_show *show, void *context);

/*
 * Parse one message of the kernel, at most length bytes: a link or an error. Returns 0
 * or -errno, either the error in the message, or -EPROTO if it is neither.
 */
int netdev_parse(const struct nlmsghdr *message, size_t length, struct netdev_link *link);

struct netdev_facts {
	char driver[32];     /* "veth"; "" if unknown */
	__u32 mtu;           /* bytes, 0 if unknown */
	__u32 rx_queues;     /* in use, 0 if unknown */
	__u32 rx_queues_max; /* the maximum, 0 if unknown */
};

/* Fill in *facts. What cannot be found out is 0 or "". */
void netdev_read(const char *ifname, struct netdev_facts *facts);

#endif
