// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "state_dir.h"

#define LOCK_POLL_MS 10
#define LOCK_TELL_MS 1000
#define TRIES_MAX    100 /* others can plant or remove what we have just made */
#define OPEN_DIR     (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/*
 * On a bpffs that everybody may write to, somebody can be first with our name. Root can
 * remove what is not its own, as long as it is empty.
 */
static int remove_planted(int parent, const char *name)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (st.st_uid == geteuid())
		return S_ISDIR(st.st_mode) ? -EACCES : -ENOTDIR;
	return unlinkat(parent, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) ? -EPERM : 0;
}

static bool is_ours_alone(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & (S_IRWXG | S_IRWXO));
}

/* STATE_DIR, made if it is missing: a descriptor or -errno. */
static int open_state(int parent)
{
	int fd, err;

	for (int i = 0; i < TRIES_MAX; i++) {
		if (mkdirat(parent, STATE_DIR, S_IRWXU) && errno != EEXIST)
			return -errno;
		fd = openat(parent, STATE_DIR, OPEN_DIR);
		if (fd < 0 && errno == ENOENT) /* its last user has just removed it */
			continue;
		if (fd >= 0 && is_ours_alone(fd))
			return fd;
		if (fd >= 0)
			close(fd);
		else if (errno != ENOTDIR && errno != ELOOP && errno != EACCES)
			return -errno;
		err = remove_planted(parent, STATE_DIR);
		if (err)
			return err;
	}
	return -EBUSY;
}

/* The directory of an interface: in STATE_DIR nobody else can make one. */
static int open_interface(struct state_dir *dir)
{
	int fd;

	dir->is_new = !mkdirat(dir->state, dir->name, S_IRWXU);
	if (!dir->is_new && errno != EEXIST)
		return -errno;
	fd = openat(dir->state, dir->name, OPEN_DIR);
	return fd < 0 ? -errno : fd;
}

/* The process that holds the lock, by /proc/locks; 0 where that cannot be told. */
static pid_t find_holder(int fd)
{
	unsigned long inode;
	unsigned int dev_major, dev_minor;
	struct stat st;
	char line[256];
	pid_t pid = 0;
	FILE *locks;
	int holder;

	if (fstat(fd, &st))
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

static int lock(const struct state_dir *dir, int wait_ms, state_dir_waiting *waiting)
{
	const struct timespec pause = { .tv_nsec = LOCK_POLL_MS * 1000000 };

	for (int waited = 0;; waited += LOCK_POLL_MS) {
		if (!flock(dir->fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (wait_ms >= 0 && waited >= wait_ms)
			return -ETIMEDOUT;
		if (waited == LOCK_TELL_MS)
			waiting(dir->name, find_holder(dir->fd));
		nanosleep(&pause, NULL);
	}
}

/* Its last user may have removed the directory while we waited for the lock. */
static bool is_removed(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && !st.st_nlink;
}

static void close_all(struct state_dir *dir)
{
	if (dir->fd >= 0)
		close(dir->fd);
	if (dir->state >= 0)
		close(dir->state);
	dir->fd = dir->state = -1;
}

static int try_enter(struct state_dir *dir, int wait_ms, state_dir_waiting *waiting)
{
	int err;

	dir->state = open_state(dir->root);
	if (dir->state < 0)
		return dir->state;
	dir->fd = open_interface(dir);
	if (dir->fd < 0)
		return dir->fd == -ENOENT ? -EAGAIN : dir->fd;
	err = lock(dir, wait_ms, waiting);
	if (err)
		return err;
	return is_removed(dir->fd) ? -EAGAIN : 0;
}

int state_dir_enter(struct state_dir *dir, int root, const char *name, int wait_ms,
		    state_dir_waiting *waiting)
{
	int err;

	*dir = (struct state_dir){ .root = root, .state = -1, .fd = -1 };
	snprintf(dir->name, sizeof(dir->name), "%s", name);
	while ((err = try_enter(dir, wait_ms, waiting)) == -EAGAIN)
		close_all(dir);
	if (!err)
		return 0;
	unlinkat(root, STATE_DIR, AT_REMOVEDIR); /* if nothing is in it */
	close_all(dir);
	return err;
}

void state_dir_path(const struct state_dir *dir, char path[PIN_PATH_SIZE])
{
	snprintf(path, PIN_PATH_SIZE, "%s/" STATE_DIR "/%s", BPFFS_ROOT, dir->name);
}

void state_dir_leave(struct state_dir *dir)
{
	if (dir->fd < 0)
		return;
	unlinkat(dir->state, dir->name, AT_REMOVEDIR);
	unlinkat(dir->root, STATE_DIR, AT_REMOVEDIR);
	close_all(dir);
}
