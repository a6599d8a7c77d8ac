/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Network interfaces: which XDP programs they have, and facts that explain why one
 * takes none. Functions never print.
 */
#ifndef NETDEV_H
#define NETDEV_H

#include <net/if.h>
#include <stddef.h>

#include <linux/netlink.h>
#include <linux/types.h>

/* The ids of what is attached, 0 for nothing. */
struct netdev_xdp {
	__u32 native_id, skb_id, hw_id;
};

/*
 * Ask the kernel about this one interface, by rtnetlink(7): libbpf's bpf_xdp_query()
 * has it list all that there are. Returns 0 or -errno, -ENODEV when it has gone.
 */
int netdev_read_xdp(int ifindex, struct netdev_xdp *xdp);

struct netdev_link {
	int ifindex;
	char name[IF_NAMESIZE];
	struct netdev_xdp xdp;
};

/* Returns 0 to go on, else -errno. */
typedef int netdev_show(const struct netdev_link *link, void *context);

/*
 * Hand every interface of this network namespace to show. Returns 0 or -errno: what show
 * returned, or what went wrong.
 */
int netdev_for_each(netdev_show *show, void *context);

/*
 * One message of the kernel's answer, of at most length bytes: a link, or an error. Returns
 * 0 or -errno, -EPROTO when it is neither.
 */
int netdev_parse(const struct nlmsghdr *message, size_t length, struct netdev_link *link);

struct netdev_facts {
	char driver[32];     /* "veth"; empty where it has no name */
	__u32 mtu;           /* bytes, 0 where it cannot be told */
	__u32 rx_queues;     /* in use, and */
	__u32 rx_queues_max; /* how many there can be; 0 where it cannot be told */
};

/* What cannot be found out stays 0 or empty. */
void netdev_read(const char *ifname, struct netdev_facts *facts);

#endif
