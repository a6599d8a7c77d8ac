// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "netdev.h"

static struct ifreq request_for(const char *ifname, void *data)
{
	struct ifreq request = { .ifr_data = data };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	return request;
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
