// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "netdev.h"

#define REPLY_SIZE 8192 /* bytes: a link without many VFs or alternative names takes a quarter */

static struct ifreq request_for(const char *ifname, void *data)
{
	struct ifreq request = { .ifr_data = data };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	return request;
}

static const struct rtattr *next_attribute(const struct rtattr *attribute, int *left)
{
	attribute = RTA_NEXT(attribute, *left);
	return RTA_OK(attribute, *left) ? attribute : NULL;
}

static const struct rtattr *first_attribute(const void *payload, int left)
{
	return RTA_OK((const struct rtattr *)payload, left) ? payload : NULL;
}

static void store_ids(const struct rtattr *nest, struct netdev_xdp *xdp)
{
	int left = RTA_PAYLOAD(nest);
	const struct rtattr *attribute = first_attribute(RTA_DATA(nest), left);

	for (; attribute; attribute = next_attribute(attribute, &left)) {
		if (attribute->rta_type == IFLA_XDP_DRV_PROG_ID)
			xdp->native_id = *(const __u32 *)RTA_DATA(attribute);
		else if (attribute->rta_type == IFLA_XDP_SKB_PROG_ID)
			xdp->skb_id = *(const __u32 *)RTA_DATA(attribute);
		else if (attribute->rta_type == IFLA_XDP_HW_PROG_ID)
			xdp->hw_id = *(const __u32 *)RTA_DATA(attribute);
	}
}

int netdev_parse_xdp(const struct nlmsghdr *reply, size_t length, struct netdev_xdp *xdp)
{
	const struct rtattr *attribute;
	int left;

	if (!NLMSG_OK(reply, length))
		return -EPROTO;
	if (reply->nlmsg_type == NLMSG_ERROR)
		return ((const struct nlmsgerr *)NLMSG_DATA(reply))->error ?: -EPROTO;
	if (reply->nlmsg_type != RTM_NEWLINK)
		return -EPROTO;
	*xdp = (struct netdev_xdp){ 0 };
	left = IFLA_PAYLOAD(reply);
	attribute = first_attribute(IFLA_RTA(NLMSG_DATA(reply)), left);
	for (; attribute; attribute = next_attribute(attribute, &left))
		if ((attribute->rta_type & NLA_TYPE_MASK) == IFLA_XDP)
			store_ids(attribute, xdp);
	return 0;
}

/*
 * Ask once, with room for size bytes of the answer. Returns 0 or -errno; -EMSGSIZE with
 * the length of the answer in *needed when it is longer.
 */
static int ask(int fd, int ifindex, size_t size, size_t *needed, struct netdev_xdp *xdp)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST,
		.link.ifi_index = ifindex,
	};
	struct nlmsghdr *reply = malloc(size);
	ssize_t length;
	int err;

	if (!reply)
		return -ENOMEM;
	if (send(fd, &request, sizeof(request), 0) < 0 ||
	    (length = recv(fd, reply, size, MSG_TRUNC)) < 0) {
		err = -errno;
	} else {
		*needed = length;
		err = *needed > size ? -EMSGSIZE : netdev_parse_xdp(reply, length, xdp);
	}
	free(reply);
	return err;
}

int netdev_read_xdp(int ifindex, struct netdev_xdp *xdp)
{
	size_t size = REPLY_SIZE, needed = 0;
	int fd, err;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	/* an interface with many alternative names, or one that gets them just now */
	while ((err = ask(fd, ifindex, size, &needed, xdp)) == -EMSGSIZE && needed > size)
		size = needed;
	close(fd);
	return err;
}

static void read_driver(int fd, const char *ifname, struct netdev_facts *facts)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = request_for(ifname, &info);

	if (!ioctl(fd, SIOCETHTOOL, &request))
		memcpy(facts->driver, info.driver, sizeof(facts->driver) - 1);
}

static void read_queues(int fd, const char *ifname, struct netdev_facts *facts)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	struct ifreq request = request_for(ifname, &channels);

	if (ioctl(fd, SIOCETHTOOL, &request))
		return;
	facts->rx_queues = channels.rx_count + channels.combined_count;
	facts->rx_queues_max =
		channels.max_rx > channels.max_combined ? channels.max_rx : channels.max_combined;
}

void netdev_read(const char *ifname, struct netdev_facts *facts)
{
	struct ifreq request = request_for(ifname, NULL);
	int fd;

	memset(facts, 0, sizeof(*facts));
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (!ioctl(fd, SIOCGIFMTU, &request))
		facts->mtu = request.ifr_mtu;
	read_driver(fd, ifname, facts);
	read_queues(fd, ifname, facts);
	close(fd);
}
