// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/fs.h>

#include "aside.h"
#include "clock.h"

#define NAMES_MAX 100 /* names to try; some may exist */

static char moved[ASIDE_NAME_SIZE];

/* musl 1.2.3 has no renameat2() */
static int rename_entry(int from, const char *name, int to, const char *new_name, unsigned int how)
{
	return syscall(SYS_renameat2, from, name, to, new_name, how) ? -errno : 0;
}

static bool is_empty(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), count = 0;
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (count <= 2 && readdir(stream)) /* "." and ".." */
		count++;
	closedir(stream);
	return count <= 2;
}

int aside_look(int parent, const char *name, struct aside *aside)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (geteuid() || !st.st_uid)
		return -EEXIST;
	aside->uid = st.st_uid;
	aside->is_nothing = S_ISLNK(st.st_mode) || (S_ISDIR(st.st_mode) && is_empty(parent, name));
	return 0;
}

int aside_move(int parent, const char *name, int root)
{
	char new_name[ASIDE_NAME_SIZE];
	struct stat st;
	int err = -EEXIST;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISLNK(st.st_mode) && !unlinkat(parent, name, 0))
		return 0;
	if (S_ISDIR(st.st_mode) && !unlinkat(parent, name, AT_REMOVEDIR))
		return 0;
	for (int i = 0; err == -EEXIST && i < NAMES_MAX; i++) {
		snprintf(new_name, sizeof(new_name), "xdp_loader:moved:%llu",
			 (unsigned long long)clock_monotonic_ns());
		err = rename_entry(parent, name, root, new_name, RENAME_NOREPLACE);
	}
	if (!err)
		memcpy(moved, new_name, sizeof(moved));
	return err;
}

int aside_replace(int parent, const char *name, int new_parent, const char *new_name, int root)
{
	struct aside aside;
	int err = aside_look(parent, name, &aside);

	if (err)
		return err;
	err = rename_entry(new_parent, new_name, parent, name, RENAME_EXCHANGE);
	if (err == -EINVAL) { /* kernels before 5.17 cannot exchange */
		err = aside_move(parent, name, root);
		return err ?: rename_entry(new_parent, new_name, parent, name, RENAME_NOREPLACE);
	}
	if (err)
		return err;
	if (!aside_look(new_parent, new_name, &aside)) {
		(void)!aside_move(new_parent, new_name, root);
		return 0;
	}
	/* the entry has been replaced by one that must stay: undo */
	rename_entry(new_parent, new_name, parent, name, RENAME_EXCHANGE);
	return -EEXIST;
}

const char *aside_moved(void)
{
	return moved;
}
