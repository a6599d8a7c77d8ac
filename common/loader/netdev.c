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
#include <linux/sockios.h>

#include "netdev.h"
#include "netdev_features.h"
#include "privileges.h"

#define FEATURES_MAX 1024 /* more than any kernel has: about 65 */

struct device {
	int fd;
	const char *ifname;
};

static int request(const struct device *device, unsigned long command, void *data,
		   struct ifreq *answer)
{
	*answer = (struct ifreq){ .ifr_data = data };
	snprintf(answer->ifr_name, sizeof(answer->ifr_name), "%s", device->ifname);
	return ioctl(device->fd, command, answer);
}

static int ask_ethtool(const struct device *device, void *data)
{
	struct ifreq answer;

	return request(device, SIOCETHTOOL, data, &answer);
}

static void read_driver(const struct device *device, struct netdev_facts *facts)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	if (!ask_ethtool(device, &info))
		memcpy(facts->driver, info.driver, sizeof(facts->driver) - 1);
}

static void read_queues(const struct device *device, struct netdev_facts *facts)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };

	if (ask_ethtool(device, &channels))
		return;
	facts->rx_queues = channels.rx_count + channels.combined_count;
	facts->rx_queues_max =
		channels.max_rx > channels.max_combined ? channels.max_rx : channels.max_combined;
}

static __u32 count_features(const struct device *device)
{
	struct ethtool_sset_info *info = calloc(1, sizeof(*info) + sizeof(__u32));
	__u32 count = 0;

	if (!info)
		return 0;
	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1ULL << ETH_SS_FEATURES;
	if (!ask_ethtool(device, info) && info->sset_mask)
		count = info->data[0];
	free(info);
	return count <= FEATURES_MAX ? count : 0;
}

static struct netdev_feature feature_at(const struct ethtool_gfeatures *features, __u32 i)
{
	const struct ethtool_get_features_block *block = &features->features[i / 32];
	const __u32 bit = 1U << i % 32;

	return (struct netdev_feature){
		.is_known = true,
		.is_on = block->active & bit,
		.is_fixed = !(block->available & bit) || (block->never_changed & bit),
	};
}

/* The kernel numbers features by their place in its list of names. */
static void read_features(const struct device *device, struct netdev_facts *facts)
{
	const __u32 count = count_features(device), blocks = (count + 31) / 32;
	struct ethtool_gfeatures *features =
		calloc(1, sizeof(*features) + blocks * sizeof(features->features[0]));
	struct ethtool_gstrings *names = calloc(1, sizeof(*names) + count * ETH_GSTRING_LEN);

	if (!count || !features || !names)
		goto out;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	features->cmd = ETHTOOL_GFEATURES;
	features->size = blocks;
	if (ask_ethtool(device, names) || ask_ethtool(device, features))
		goto out;
	for (__u32 i = 0; i < count; i++) {
		const char *name = (const char *)names->data + i * ETH_GSTRING_LEN;

		if (!strncmp(name, "rx-lro", ETH_GSTRING_LEN))
			facts->lro = feature_at(features, i);
		else if (!strncmp(name, "rx-gro-hw", ETH_GSTRING_LEN))
			facts->gro_hw = feature_at(features, i);
	}
out:
	free(features);
	free(names);
}

/* Before 6.3 the kernel does not tell; veth has had them since 5.18. */
static bool has_frags(int ifindex, const char *driver)
{
	char release[KERNEL_RELEASE_SIZE];
	struct netdev_features features;

	netdev_features_read(ifindex, &features);
	if (features.is_known)
		return features.xdp & DRIVER_HAS_FRAGS;
	return !strcmp(driver, "veth") && !kernel_is_before(5, 18, release);
}

void netdev_read(const char *ifname, int ifindex, struct netdev_facts *facts)
{
	struct device device = { .ifname = ifname };
	struct ifreq answer;

	memset(facts, 0, sizeof(*facts));
	device.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (device.fd < 0)
		return;
	if (!request(&device, SIOCGIFMTU, NULL, &answer))
		facts->mtu = answer.ifr_mtu;
	read_driver(&device, facts);
	read_queues(&device, facts);
	read_features(&device, facts);
	close(device.fd);
	if (ifindex)
		facts->has_frags = has_frags(ifindex, facts->driver);
}
