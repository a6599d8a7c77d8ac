// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "interface.h"
#include "text.h"

int interface_check_name(const char *name)
{
	size_t length = strlen(name);

	if (!length || length >= IF_NAMESIZE || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	for (; *name; name++) {
		unsigned char c = *name;

		/* like dev_valid_name() in the kernel, which treats 0xa0 as a space */
		if (c == '/' || c == ':' || c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0)
			return -EINVAL;
	}
	return 0;
}

int interface_find(const char *name, char real[IF_NAMESIZE])
{
	struct ifreq request = { 0 };
	int fd, ifindex;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	snprintf(real, IF_NAMESIZE, "%s", name);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	ifindex = ioctl(fd, SIOCGIFINDEX, &request) ? -errno : request.ifr_ifindex;
	if (ifindex > 0 && !ioctl(fd, SIOCGIFNAME, &request))
		snprintf(real, IF_NAMESIZE, "%s", request.ifr_name);
	close(fd);
	return ifindex;
}

bool interface_nearest(const char *name, char nearest[IF_NAMESIZE])
{
	struct if_nameindex *all = if_nameindex();
	size_t least = text_far(name);
	bool is_found = false;

	for (struct if_nameindex *each = all; each && each->if_index; each++) {
		if (!text_is_nearer(name, each->if_name, &least))
			continue;
		snprintf(nearest, IF_NAMESIZE, "%s", each->if_name);
		is_found = true;
	}
	if (all)
		if_freenameindex(all);
	return is_found;
}

int option_ifname(const struct option_row *row, const char *arg, const char **why)
{
	const char **dest = row->dest;

	*why = "only one interface can be given";
	if (*dest && strcmp(*dest, arg))
		return -EINVAL;
	*why = "not a valid interface name (1 to 15 bytes, no '/', ':' or space)";
	if (interface_check_name(arg))
		return -EINVAL;
	*dest = arg;
	return 0;
}
