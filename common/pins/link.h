/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The XDP programs of network interfaces, by rtnetlink(7), which needs no privileges.
 * Functions never print.
 */
#ifndef LINK_H
#define LINK_H

#include <net/if.h>
#include <stddef.h>

#include <linux/netlink.h>
#include <linux/types.h>

/* The ids of the attached programs, 0 for none. */
struct link_xdp {
	__u32 native_id, skb_id, hw_id;
};

/*
 * The id of the attached program, 0 for none, and its mode: "native", "skb" or "offload". An
 * offloaded program can be attached beside another one; then that one is returned.
 */
__u32 link_xdp_id(const struct link_xdp *xdp, const char **mode);

/*
 * Ask the kernel about one interface, by rtnetlink(7): bpf_xdp_query() of libbpf lists
 * all interfaces to find one. Returns 0 or -errno: -ENODEV if it does not exist.
 */
int link_read_xdp(int ifindex, struct link_xdp *xdp);

struct link {
	int ifindex;
	char name[IF_NAMESIZE];
	struct link_xdp xdp;
};

/* Returns 0 to continue, or -errno. */
typedef int link_show(const struct link *link, void *context);

/*
 * Call show for every interface of this network namespace. Returns 0 or -errno, also
 * that of show.
 */
int link_for_each(link_show *show, void *context);

/*
 * Parse one message of the kernel, at most length bytes: a link or an error. Returns 0
 * or -errno, either the error in the message, or -EPROTO if it is neither.
 */
int link_parse(const struct nlmsghdr *message, size_t length, struct link *link);

#endif
