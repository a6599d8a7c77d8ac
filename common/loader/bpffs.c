// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <linux/magic.h>

#include "bpffs.h"
#include "pin_path.h"

#define LOCK_POLL_MS 10

int bpffs_open(void)
{
	struct statfs fs;
	int fd, err = 0;

	fd = open(BPFFS_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs))
		err = -errno;
	else if ((unsigned int)fs.f_type != BPF_FS_MAGIC)
		err = -EMEDIUMTYPE;
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int bpffs_mount(void)
{
	return mount("bpf", BPFFS_ROOT, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700")
		       ? -errno
		       : 0;
}

int bpffs_lock(int root, unsigned int timeout_ms)
{
	const struct timespec pause = { .tv_nsec = LOCK_POLL_MS * 1000000 };

	for (unsigned int waited = 0;; waited += LOCK_POLL_MS) {
		if (!flock(root, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (waited >= timeout_ms)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
}

pid_t bpffs_lock_holder(int root)
{
	unsigned long inode;
	unsigned int dev_major, dev_minor;
	struct stat st;
	char line[256];
	pid_t pid = 0;
	FILE *locks;
	int holder;

	if (fstat(root, &st))
		return 0;
	locks = fopen("/proc/locks", "re");
	if (!locks)
		return 0;
	while (!pid && fgets(line, sizeof(line), locks))
		if (sscanf(line, "%*s FLOCK %*s %*s %d %x:%x:%lu", &holder, &dev_major, &dev_minor,
			   &inode) == 4 &&
		    dev_major == major(st.st_dev) && dev_minor == minor(st.st_dev) &&
		    inode == st.st_ino && holder > 0)
			pid = holder;
	fclose(locks);
	return pid;
}
