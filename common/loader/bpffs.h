/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Open and mount the BPF file system. Functions return a descriptor, which the caller
 * closes, or -errno. They never print.
 */
#ifndef BPFFS_H
#define BPFFS_H

/*
 * Open the root of the BPF file system at BPFFS_ROOT. -ENOENT if there is no such
 * directory, -EMEDIUMTYPE if it is on another file system.
 */
int bpffs_open(void);

/*
 * Is this BPF file system safe for pins? Returns 0 or -errno: -EUSERS if a user other
 * than root and the caller can rename all entries of its root.
 */
int bpffs_check(int root);

/*
 * Mount a BPF file system at BPFFS_ROOT, with mode 0700 as systemd does, and open it.
 * If two loaders do this at the same time, only one of them mounts it. Errors as
 * bpffs_open().
 */
int bpffs_mount(void);

#endif
