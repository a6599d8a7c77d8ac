/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the maps of an interface are pinned: the contract between the loader and every
 * reader. Functions make no system calls and never print.
 */
#ifndef PIN_PATH_H
#define PIN_PATH_H

#include <net/if.h>

/* Where systems mount the BPF file system. */
#define BPFFS_ROOT "/sys/fs/bpf"

/* Bytes for BPFFS_ROOT "/" directory "/" pin: names there have at most 255 bytes. */
#define PIN_PATH_SIZE (sizeof(BPFFS_ROOT) + 1 + 255 + 1 + 255)

/*
 * The directory for ifname. bpffs rejects names with a dot, and the name of an
 * interface cannot contain a colon, so each dot becomes a colon: eth0.100 -> eth0:100.
 * Different names never share a directory.
 */
void pin_dir_name(char name[IF_NAMESIZE], const char *ifname);

/*
 * The reverse: the interface that a directory belongs to. Returns 0, or -EINVAL if it
 * is not the directory of an interface; ifname is then unchanged.
 */
int pin_dir_ifname(char ifname[IF_NAMESIZE], const char *name);

/* The path of a map's pin: BPFFS_ROOT/<directory of ifname>/<map>. */
void pin_path(char path[PIN_PATH_SIZE], const char *ifname, const char *map);

#endif
