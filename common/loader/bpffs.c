// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <linux/magic.h>

#include "bpffs.h"
#include "pin_path.h"
#include "setup_lock.h"

#define MOUNT_POLL_MS 10
#define MOUNT_WAIT_MS 2000 /* much longer than a mount takes */

static int open_root(void)
{
	int fd = open(BPFFS_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int bpffs_open(void)
{
	struct statfs fs;
	int fd = open_root(), err = 0;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &fs))
		err = -errno;
	else if ((unsigned int)fs.f_type != BPF_FS_MAGIC)
		err = -EMEDIUMTYPE;
	if (!err)
		return fd;
	close(fd);
	return err;
}

int bpffs_check(int root)
{
	struct stat st;

	if (fstat(root, &st))
		return -errno;
	if (st.st_uid && st.st_uid != geteuid())
		return -EUSERS;
	return !(st.st_mode & S_ISVTX) && (st.st_mode & (S_IWGRP | S_IWOTH)) ? -EUSERS : 0;
}

/*
 * Without a private lock, lock the directory under the mount point. Any user can open
 * and lock it, so the wait has a limit. After it, a second file system may be mounted
 * on top.
 */
static int take_lock(void)
{
	const struct timespec pause = { .tv_nsec = MOUNT_POLL_MS * 1000000 };
	int fd = setup_lock();

	if (fd >= 0)
		return fd;
	fd = open_root();
	for (int waited = 0; fd >= 0 && waited < MOUNT_WAIT_MS; waited += MOUNT_POLL_MS) {
		if (!flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
			break;
		nanosleep(&pause, NULL);
	}
	return fd;
}

int bpffs_mount(void)
{
	int lock = take_lock(), root;

	root = bpffs_open(); /* another loader may have mounted it */
	if (root == -EMEDIUMTYPE)
		root = mount("bpf", BPFFS_ROOT, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			     "mode=0700")
			       ? -errno
			       : bpffs_open();
	setup_unlock(lock);
	return root;
}
