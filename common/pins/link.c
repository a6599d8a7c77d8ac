// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "link.h"

static const struct rtattr *next_attribute(const struct rtattr *attribute, int *left)
{
	attribute = RTA_NEXT(attribute, *left);
	return RTA_OK(attribute, *left) ? attribute : NULL;
}

static const struct rtattr *first_attribute(const void *payload, int left)
{
	return RTA_OK((const struct rtattr *)payload, left) ? payload : NULL;
}

static __u32 id_in(const struct rtattr *attribute)
{
	__u32 id = 0;

	if (RTA_PAYLOAD(attribute) >= sizeof(id))
		memcpy(&id, RTA_DATA(attribute), sizeof(id));
	return id;
}

static void store_ids(const struct rtattr *nest, struct link_xdp *xdp)
{
	int left = RTA_PAYLOAD(nest);
	const struct rtattr *attribute = first_attribute(RTA_DATA(nest), left);

	for (; attribute; attribute = next_attribute(attribute, &left)) {
		if (attribute->rta_type == IFLA_XDP_DRV_PROG_ID)
			xdp->native_id = id_in(attribute);
		else if (attribute->rta_type == IFLA_XDP_SKB_PROG_ID)
			xdp->skb_id = id_in(attribute);
		else if (attribute->rta_type == IFLA_XDP_HW_PROG_ID)
			xdp->hw_id = id_in(attribute);
	}
}

int link_parse(const struct nlmsghdr *message, size_t length, struct link *link)
{
	const struct rtattr *attribute;
	int left;

	if (!NLMSG_OK(message, length) || message->nlmsg_len < NLMSG_LENGTH(0))
		return -EPROTO;
	if (message->nlmsg_type == NLMSG_ERROR &&
	    message->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		return ((const struct nlmsgerr *)NLMSG_DATA(message))->error ?: -EPROTO;
	if (message->nlmsg_type != RTM_NEWLINK ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return -EPROTO;
	*link = (struct link){
		.ifindex = ((const struct ifinfomsg *)NLMSG_DATA(message))->ifi_index,
	};
	left = IFLA_PAYLOAD(message);
	attribute = first_attribute(IFLA_RTA(NLMSG_DATA(message)), left);
	for (; attribute; attribute = next_attribute(attribute, &left)) {
		if ((attribute->rta_type & NLA_TYPE_MASK) == IFLA_XDP)
			store_ids(attribute, &link->xdp);
		else if (attribute->rta_type == IFLA_IFNAME)
			snprintf(link->name, sizeof(link->name), "%.*s",
				 (int)RTA_PAYLOAD(attribute), (const char *)RTA_DATA(attribute));
	}
	return 0;
}

/* Request one interface, or all if ifindex is 0. Returns a socket or -errno. */
static int ask(int ifindex)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr attribute;
		__u32 ext_mask;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | (ifindex ? 0 : NLM_F_DUMP),
		.link.ifi_index = ifindex,
		.attribute = { RTA_LENGTH(sizeof(__u32)), IFLA_EXT_MASK },
		/* with any mask, the messages of a dump are large enough for each link */
		.ext_mask = RTEXT_FILTER_SKIP_STATS,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), err;

	if (fd < 0)
		return -errno;
	if (send(fd, &request, sizeof(request), 0) >= 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/*
 * Receive one answer of any length: an interface can have hundreds of alternative
 * names. Returns its length or -errno; the caller frees *answer in both cases.
 */
static ssize_t receive(int fd, struct nlmsghdr **answer)
{
	ssize_t length = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC);

	*answer = NULL;
	if (length < 0)
		return -errno;
	*answer = malloc(length ?: 1);
	if (!*answer)
		return -ENOMEM;
	length = recv(fd, *answer, length, 0);
	return length < 0 ? -errno : length;
}

int link_read_xdp(int ifindex, struct link_xdp *xdp)
{
	struct link link = { 0 };
	struct nlmsghdr *answer;
	int fd = ask(ifindex), err;
	ssize_t length;

	if (fd < 0)
		return fd;
	length = receive(fd, &answer);
	err = length < 0 ? (int)length : link_parse(answer, length, &link);
	if (!err)
		*xdp = link.xdp;
	free(answer);
	close(fd);
	return err;
}

/* Call show for each link of an answer. Returns 0, 1 after the last link, or -errno. */
static int show_links(const struct nlmsghdr *message, ssize_t length, link_show *show,
		      void *context)
{
	struct link link;
	int err = 0;

	for (; !err && NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
		if (message->nlmsg_type == NLMSG_DONE) {
			if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(err)))
				err = *(const int *)NLMSG_DATA(message);
			return err ?: 1;
		}
		err = link_parse(message, length, &link);
		if (!err)
			err = show(&link, context);
	}
	return err;
}

int link_for_each(link_show *show, void *context)
{
	int fd = ask(0), result = fd < 0 ? fd : 0;

	while (!result) {
		struct nlmsghdr *answer;
		ssize_t length = receive(fd, &answer);

		result = length < 0 ? (int)length : show_links(answer, length, show, context);
		free(answer);
	}
	if (fd >= 0)
		close(fd);
	return result < 0 ? result : 0;
}

__u32 link_xdp_id(const struct link_xdp *xdp, const char **mode)
{
	*mode = xdp->native_id ? "native" : xdp->skb_id ? "skb" : "offload";
	return xdp->native_id ?: xdp->skb_id ?: xdp->hw_id;
}
