/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where an interface's maps are pinned: the agreement between the loader and
 * every reader. Pure string work, no system calls.
 */
#ifndef PIN_PATH_H
#define PIN_PATH_H

#include <net/if.h>

/* Where the BPF file system is mounted on every system that mounts it. */
#define BPFFS_ROOT "/sys/fs/bpf"

/* Room for BPFFS_ROOT "/" directory "/" pin: names there have 255 bytes at most. */
#define PIN_PATH_SIZE (sizeof(BPFFS_ROOT) + 1 + 255 + 1 + 255)

/*
 * The directory for ifname. bpffs refuses names with a dot, and no interface
 * name can hold a colon, so each dot becomes a colon: eth0.100 -> eth0:100.
 * Different interfaces never share a directory.
 */
void pin_dir_name(char name[IF_NAMESIZE], const char *ifname);

/*
 * The interface whose directory name is. Returns 0, or -EINVAL when no
 * interface has that directory; ifname is then untouched.
 */
int pin_dir_ifname(char ifname[IF_NAMESIZE], const char *name);

/* The path of a map's pin: BPFFS_ROOT/<directory of ifname>/<map>. */
void pin_path(char path[PIN_PATH_SIZE], const char *ifname, const char *map);

#endif
