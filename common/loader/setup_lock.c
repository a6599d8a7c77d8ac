// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setup_lock.h"

/* Each mount namespace has one such file and one BPF file system. */
#define LOCK_FILE "/run/xdp_loader.lock"

int setup_lock(void)
{
	int fd = open(LOCK_FILE, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	struct stat st;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || st.st_uid || (st.st_mode & (S_IRWXG | S_IRWXO)))
		err = -EPERM;
	while (!err && flock(fd, LOCK_EX))
		err = errno == EINTR ? 0 : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

void setup_unlock(int lock)
{
	if (lock < 0)
		return;
	flock(lock, LOCK_UN);
	close(lock);
}
