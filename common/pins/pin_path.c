// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "interface.h"
#include "pin_path.h"

static void translate(char *to, const char *from, char old, char new)
{
	size_t i;

	for (i = 0; i < IF_NAMESIZE - 1 && from[i]; i++)
		to[i] = from[i] == old ? new : from[i];
	to[i] = '\0';
}

void pin_dir_name(char name[IF_NAMESIZE], const char *ifname)
{
	translate(name, ifname, '.', ':');
}

int pin_dir_ifname(char ifname[IF_NAMESIZE], const char *name)
{
	char translated[IF_NAMESIZE];

	if (strlen(name) >= IF_NAMESIZE || strchr(name, '.'))
		return -EINVAL;
	translate(translated, name, ':', '.');
	if (interface_check_name(translated))
		return -EINVAL;
	memcpy(ifname, translated, IF_NAMESIZE);
	return 0;
}

void pin_path(char path[PIN_PATH_SIZE], const char *ifname, const char *map)
{
	char dir[IF_NAMESIZE];

	pin_dir_name(dir, ifname);
	snprintf(path, PIN_PATH_SIZE, "%s/%s/%s", BPFFS_ROOT, dir, map);
}
