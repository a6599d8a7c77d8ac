// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "aside.h"
#include "clock.h"
#include "setup_lock.h"
#include "state_dir.h"

#define NS_PER_MS    1000000
#define LOCK_POLL_MS 10
#define LOCK_TELL_MS 1000
#define TRIES_MAX    1000  /* other processes can remove the directory that was just created */
#define SPARES_MAX   65536 /* names to try; some may exist */
#define OPEN_DIR     (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Open STATE_DIR: a descriptor or -errno, -EPERM if it belongs to another user. */
static int open_ours(int root)
{
	int fd = openat(root, STATE_DIR, OPEN_DIR);
	struct stat st;

	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP || errno == EACCES ? -EPERM : -errno;
	if (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & (S_IRWXG | S_IRWXO)))
		return fd;
	close(fd);
	return st.st_uid == geteuid() ? -EACCES : -EPERM;
}

/* Create a directory under a free name, or reuse one that a killed loader has left. */
static int make_spare(int root, char name[ASIDE_NAME_SIZE])
{
	struct stat st;

	for (int i = 0; i < SPARES_MAX; i++) {
		snprintf(name, ASIDE_NAME_SIZE, STATE_DIR ":%d", i);
		if (!mkdirat(root, name, S_IRWXU))
			return 0;
		if (errno != EEXIST)
			return -errno;
		if (!fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) && st.st_uid == geteuid())
			return 0;
	}
	return -EBUSY;
}

static int replace_planted(int root)
{
	char spare[ASIDE_NAME_SIZE];
	int err = make_spare(root, spare);

	if (err)
		return err;
	err = aside_replace(root, STATE_DIR, root, spare, root);
	unlinkat(root, spare, AT_REMOVEDIR);
	return err == -ENOENT ? 0 : err; /* it no longer exists */
}

/*
 * If every user may write to bpffs, another user can create STATE_DIR first. Only the
 * holder of the private lock creates the directory then. So an entry of another user
 * cannot turn into the directory of a loader before it is replaced.
 */
static int make_shared(int root)
{
	int lock = setup_lock(), fd, err = 0;

	if (mkdirat(root, STATE_DIR, S_IRWXU)) {
		err = -errno;
		fd = err == -EEXIST ? open_ours(root) : err;
		if (fd >= 0)
			close(fd);
		if (err == -EEXIST)
			err = fd == -EPERM ? replace_planted(root) : 0;
	}
	setup_unlock(lock);
	return err == -EEXIST ? -EPERM : err;
}

static bool is_shared(int root)
{
	struct stat st;

	return fstat(root, &st) || (st.st_mode & (S_IWGRP | S_IWOTH));
}

/* Open STATE_DIR, and create it if it is missing. Returns a descriptor or -errno. */
static int open_state(int root)
{
	const bool shared = is_shared(root);
	int fd, err;

	for (int i = 0; i < TRIES_MAX; i++) {
		if (!shared && mkdirat(root, STATE_DIR, S_IRWXU) && errno != EEXIST)
			return -errno;
		fd = open_ours(root);
		if (fd >= 0 || (fd != -ENOENT && fd != -EPERM))
			return fd;
		err = shared || fd == -EPERM ? make_shared(root) : 0;
		if (err)
			return err;
	}
	return -EBUSY;
}

/* Open or create the directory of the interface; others cannot write to STATE_DIR. */
static int open_interface(struct state_dir *dir)
{
	int fd;

	dir->is_new = !mkdirat(dir->state, dir->name, S_IRWXU);
	if (!dir->is_new && errno != EEXIST)
		return -errno;
	fd = openat(dir->state, dir->name, OPEN_DIR);
	return fd < 0 ? -errno : fd;
}

/* The process that holds the lock, from /proc/locks; 0 if unknown. */
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

/* Called again if the directory was removed: the time counts from the first call. */
static int lock(struct state_dir *dir, int wait_ms, state_dir_waiting *waiting)
{
	uint64_t waited_ms, now;

	while (flock(dir->fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		now = clock_monotonic_ns();
		dir->since_ns = dir->since_ns ?: now;
		waited_ms = (now - dir->since_ns) / NS_PER_MS;
		if (wait_ms >= 0 && waited_ms >= (uint64_t)wait_ms)
			return -ETIMEDOUT;
		if (!dir->has_told && waited_ms >= LOCK_TELL_MS) {
			waiting(dir->name, find_holder(dir->fd));
			dir->has_told = true;
		}
		clock_sleep_until(now + LOCK_POLL_MS * NS_PER_MS);
	}
	return 0;
}

/* The loader that held the lock may have removed the directory. */
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

int state_dir_lock(struct state_dir *dir, int root, const char *name, int wait_ms,
		   state_dir_waiting *waiting)
{
	int err;

	*dir = (struct state_dir){ .root = root, .state = -1, .fd = -1 };
	snprintf(dir->name, sizeof(dir->name), "%s", name);
	while ((err = try_enter(dir, wait_ms, waiting)) == -EAGAIN)
		close_all(dir);
	if (!err)
		return 0;
	if (err != -EACCES)                              /* the user is told to look at it */
		unlinkat(root, STATE_DIR, AT_REMOVEDIR); /* fails if it is not empty */
	close_all(dir);
	return err;
}

int state_dir_peek(int root, const char *name)
{
	int state = open_ours(root), fd;

	if (state < 0)
		return state;
	fd = openat(state, name, OPEN_DIR);
	if (fd < 0)
		fd = -errno;
	close(state);
	return fd;
}

void state_dir_path(const struct state_dir *dir, char path[PIN_PATH_SIZE])
{
	snprintf(path, PIN_PATH_SIZE, "%s/" STATE_DIR "/%s", BPFFS_ROOT, dir->name);
}

void state_dir_unlock(struct state_dir *dir)
{
	if (dir->fd < 0)
		return;
	unlinkat(dir->state, dir->name, AT_REMOVEDIR);
	unlinkat(dir->root, STATE_DIR, AT_REMOVEDIR);
	close_all(dir);
}
