/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The BPF file system as a whole: is it there, and whose turn is it. Functions
 * return 0, a descriptor or -errno and never print.
 */
#ifndef BPFFS_H
#define BPFFS_H

#include <sys/types.h>

/*
 * Open the root of the BPF file system at BPFFS_ROOT. Returns a descriptor that
 * the caller closes, or -errno: -ENOENT without such a directory, -EMEDIUMTYPE
 * when another file system is there.
 */
int bpffs_open(void);

/* Mount one at BPFFS_ROOT, for its owner alone, as systemd does. */
int bpffs_mount(void);

/*
 * One loader at a time: wait for an exclusive lock on root, at most timeout_ms.
 * It ends when root is closed, or with the process. -ETIMEDOUT if it was not to
 * be had.
 */
int bpffs_lock(int root, unsigned int timeout_ms);

/* The process that holds the lock, by /proc/locks; 0 where that cannot be told. */
pid_t bpffs_lock_holder(int root);

#endif
