// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>

#include "netdev.h"

#define REPLY_SIZE 32768 /* bytes: a link, without its VFs, takes a tenth of it */

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

/* The answer to RTM_GETLINK: a link with its attributes, or an error. */
static int read_reply(const struct nlmsghdr *reply, ssize_t length, struct netdev_xdp *xdp)
{
	const struct rtattr *attribute;
	int left;

	if (length > REPLY_SIZE || !NLMSG_OK(reply, length))
		return -EMSGSIZE;
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

int netdev_read_xdp(int ifindex, struct netdev_xdp *xdp)
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
	union {
		struct nlmsghdr header;
		char room[REPLY_SIZE];
	} reply;
	ssize_t length;
	int fd, err;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	err = send(fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
	if (!err) {
		length = recv(fd, &reply, sizeof(reply), MSG_TRUNC);
		err = length < 0 ? -errno : read_reply(&reply.header, length, xdp);
	}
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
