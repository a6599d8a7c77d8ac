// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "link.h"
#include "map_shape.h"
#include "pin.h"
#include "prog_name.h"
#include "shell.h"
#include "stats_instead.h"
#include "text.h"
#include "visible.h"

#define HINTED_MAX 3

/* The directory of the interface. Returns NULL with errno set if it cannot be listed. */
static DIR *open_pins(const char *ifname)
{
	char path[PIN_PATH_SIZE];

	pin_path(path, ifname, "");
	return opendir(path);
}

/* What is pinned for the interface. Returns how many pins, or -errno. */
static int list_pins(const char *ifname, struct text *pins)
{
	DIR *dir = open_pins(ifname);
	struct dirent *entry;
	int count = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.') /* no pin has a dot in its name */
			continue;
		text_add_item(pins, visible(entry->d_name).text);
		count++;
	}
	closedir(dir);
	return count;
}

static bool holds_counters(const char *path)
{
	char ignored[256];
	struct text differs = text_in(ignored, sizeof(ignored));
	struct bpf_map_info info;
	int fd = pin_open_map(path, &info);

	if (fd < 0)
		return false;
	close(fd);
	return map_shape_is_counters(map_shape_of(&info), &differs);
}

void stats_instead_hint_maps(struct failure *failure, const struct watch *watch)
{
	DIR *dir = *watch->ifname ? open_pins(watch->ifname) : NULL;
	char path[PIN_PATH_SIZE];
	struct dirent *entry;
	int hinted = 0;

	while (dir && hinted < HINTED_MAX && (entry = readdir(dir))) {
		pin_path(path, watch->ifname, entry->d_name);
		if (entry->d_name[0] == '.' || !strcmp(path, watch->path) || !holds_counters(path))
			continue;
		failure_hint(failure, "%s can be read: xdp_stats --dev %s --map %s",
			     visible(entry->d_name).text, shell_word(watch->ifname).text,
			     shell_word(entry->d_name).text);
		hinted++;
	}
	if (dir)
		closedir(dir);
}

/*
 * Say which program is attached. Returns its id, 0 if there is none. *map_count stays as
 * it is where it cannot be found out.
 */
static __u32 add_attached(struct failure *failure, const char *ifname, int ifindex,
			  __u32 *map_count)
{
	struct link_xdp xdp = { 0 };
	char name[PROG_NAME_SIZE];
	const char *mode;
	__u32 id;

	if (link_read_xdp(ifindex, &xdp))
		return 0;
	id = link_xdp_id(&xdp, &mode);
	if (!id)
		failure_also(failure, "attached to %s: nothing", visible(ifname).text);
	else if (prog_name_by_id(id, name, map_count))
		failure_also(failure, "attached to %s: id %u, %s", visible(ifname).text, id, mode);
	else
		failure_also(failure, "attached to %s: id %u, %s, %s", visible(ifname).text, id,
			     visible(name).text, mode);
	return id;
}

static void add_pins(struct failure *failure, const char *ifname, int count, const char *names)
{
	if (count == -EACCES)
		failure_also(failure, "pinned for %s: you may not list it; run as root",
			     visible(ifname).text);
	else
		failure_also(failure, "pinned for %s: %s", visible(ifname).text,
			     count > 0 ? names : "nothing");
}

void stats_instead_add(struct failure *failure, const struct watch *watch)
{
	char names[256], real[IF_NAMESIZE];
	struct text pins = text_in(names, sizeof(names));
	int ifindex = interface_find(watch->ifname, real);
	int count = list_pins(watch->ifname, &pins);
	__u32 id, map_count = 1;

	add_pins(failure, watch->ifname, count, names);
	stats_instead_hint_maps(failure, watch);
	if (ifindex == -ENODEV)
		failure_hint(failure,
			     "there is no interface '%s' in this network namespace; see: ip link",
			     visible(watch->ifname).text);
	if (ifindex == -ENODEV && interface_nearest(watch->ifname, real))
		failure_hint(failure, "did you mean %s?", visible(real).text);
	if (ifindex < 0)
		return;
	id = add_attached(failure, watch->ifname, ifindex, &map_count);
	if (*failure->hint)
		return;
	if (id && !map_count)
		failure_hint(failure, "the attached program uses no map, so it counts nothing; a "
				      "program counts with headers/xdp_stats_kern.h");
	else if (id)
		failure_hint(failure,
			     "no such map of the attached program is pinned; see the maps that "
			     "it uses: bpftool prog show id %u",
			     id);
	else if (count <= 0 && count != -EACCES)
		failure_hint(failure, "load a program that counts: xdp_loader --dev %s",
			     shell_word(watch->ifname).text);
}
