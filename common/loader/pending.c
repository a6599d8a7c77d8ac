// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "pending.h"
#include "state_dir.h"

#define DIR_NAME   "pending"
#define FACTS      "facts"
#define NEW_FACTS  "facts:new"
#define PROGRAM    "program"
#define FACTS_SIZE 256

double pending_seconds_left(const struct pending *pending)
{
	const uint64_t now = clock_monotonic_ns();

	return pending->deadline_ns > now ? (pending->deadline_ns - now) / 1e9 : 0;
}

int pending_open(int state)
{
	int fd = openat(state, DIR_NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int pending_make(int state)
{
	int fd, err = 0;

	if (mkdirat(state, DIR_NAME, S_IRWXU))
		return -errno;
	fd = pending_open(state);
	/* pending_read() holds the lock for a moment */
	while (fd >= 0 && !err && flock(fd, LOCK_EX))
		err = errno == EINTR ? 0 : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

int pending_write(int dir, const struct pending *pending)
{
	char facts[FACTS_SIZE];

	snprintf(facts, sizeof(facts),
		 "program=%u previous=%u mode=%d ifindex=%d netns=%" PRIu64 " deadline=%" PRIu64,
		 pending->prog_id, pending->previous_id, pending->previous_mode, pending->ifindex,
		 pending->netns, pending->deadline_ns);
	if (unlinkat(dir, NEW_FACTS, 0) && errno != ENOENT)
		return -errno;
	return symlinkat(facts, dir, NEW_FACTS) || renameat(dir, NEW_FACTS, dir, FACTS) ? -errno
											: 0;
}

int pending_read_facts(int dir, struct pending *pending)
{
	char facts[FACTS_SIZE];
	ssize_t length = readlinkat(dir, FACTS, facts, sizeof(facts) - 1);

	*pending = (struct pending){ .exists = true };
	if (length < 0)
		return errno == ENOENT ? 0 : -errno;
	facts[length] = '\0';
	if (sscanf(facts,
		   "program=%u previous=%u mode=%d ifindex=%d netns=%" SCNu64 " deadline=%" SCNu64,
		   &pending->prog_id, &pending->previous_id, &pending->previous_mode,
		   &pending->ifindex, &pending->netns, &pending->deadline_ns) != 6)
		*pending = (struct pending){ .exists = true };
	return 0;
}

int pending_read(int state, struct pending *pending)
{
	int fd = pending_open(state), err;

	*pending = (struct pending){ 0 };
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	err = pending_read_facts(fd, pending);
	pending->is_watched = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return err;
}

static bool is_of(int state, const char *entry, int ifindex, __u32 prog_id)
{
	int fd = openat(state, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct pending pending = { 0 };

	if (fd < 0)
		return false;
	pending_read(fd, &pending);
	close(fd);
	return pending.prog_id == prog_id && pending.ifindex == ifindex;
}

bool pending_find(int state, int ifindex, __u32 prog_id, char name[IF_NAMESIZE])
{
	int fd = openat(state, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool found = false;

	if (!stream)
		return false;
	while (!found && (entry = readdir(stream)))
		found = is_of(state, entry->d_name, ifindex, prog_id) &&
			!pin_dir_ifname(name, entry->d_name);
	closedir(stream);
	return found;
}

int pending_remove(int state)
{
	static const char *const names[] = { FACTS, NEW_FACTS, PROGRAM };
	int fd = pending_open(state), err = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	for (size_t i = 0; !err && i < sizeof(names) / sizeof(names[0]); i++)
		if (unlinkat(fd, names[i], 0) && errno != ENOENT)
			err = -errno;
	if (!err && unlinkat(state, DIR_NAME, AT_REMOVEDIR) && errno != ENOENT)
		err = -errno;
	close(fd);
	return err;
}

void pending_path(char path[PIN_PATH_SIZE], const char *name)
{
	snprintf(path, PIN_PATH_SIZE, "%s/" STATE_DIR "/%s/" DIR_NAME, BPFFS_ROOT, name);
}

void pending_program_path(char path[PIN_PATH_SIZE], const char *name)
{
	snprintf(path, PIN_PATH_SIZE, "%s/" STATE_DIR "/%s/" DIR_NAME "/" PROGRAM, BPFFS_ROOT,
		 name);
}
