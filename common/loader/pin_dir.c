// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/fs.h>

#include "aside.h"
#include "pin.h"
#include "pin_dir.h"

#define LINK_NAME "xdp_loader:link" /* not the name of a map: a name in C has no colon */
#define TRIES_MAX 1000              /* while another user creates the same name */
#define MODE_BITS 07777             /* the bits of chmod(2); not every libc has ALLPERMS */

static int open_dir(const struct pin_place *place)
{
	int fd =
		openat(place->parent, place->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* The directory must be one that no other user can change, and that can be renamed. */
static int check_dir(const struct stat *st, int parent)
{
	struct stat above;

	if (!S_ISDIR(st->st_mode))
		return -ENOTDIR;
	if (!fstat(parent, &above) && above.st_dev != st->st_dev)
		return -EXDEV;
	if (st->st_uid != geteuid())
		return -EPERM;
	return st->st_mode & (S_IWGRP | S_IWOTH) ? -EACCES : 0;
}

int pin_dir_check(const struct pin_dir *dir)
{
	return *dir->stranger ? -EMEDIUMTYPE : 0;
}

static int add_pin(struct pin_dir *dir, const struct pin_place *place, int fd, const char *entry)
{
	char path[PIN_PATH_SIZE + NAME_MAX + 1];
	struct pin *grown, pin;
	struct bpf_map_info info;
	struct stat st;
	int map;

	if (fstatat(fd, entry, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", place->path, entry);
	map = S_ISREG(st.st_mode) ? pin_open_map(path, &info) : -EMEDIUMTYPE;
	if (map == -EMEDIUMTYPE) {
		if (!*dir->stranger)
			snprintf(dir->stranger, sizeof(dir->stranger), "%s", entry);
		return 0;
	}
	if (map < 0)
		return map;
	close(map);
	grown = realloc(dir->pins, (dir->count + 1) * sizeof(*grown));
	pin.name = strdup(entry);
	if (!grown || !pin.name) {
		free(pin.name);
		dir->pins = grown ?: dir->pins;
		return -ENOMEM;
	}
	pin.map_id = info.id;
	pin.mode = st.st_mode & MODE_BITS;
	pin.uid = st.st_uid;
	pin.gid = st.st_gid;
	dir->pins = grown;
	dir->pins[dir->count++] = pin;
	return 0;
}

/* Closes fd. */
static int read_entries(const struct pin_place *place, int fd, struct pin_dir *dir)
{
	struct dirent *entry;
	DIR *stream;
	int err = 0;

	stream = fdopendir(fd);
	if (!stream) {
		err = -errno;
		close(fd);
		return err;
	}
	errno = 0;
	while (!err && (entry = readdir(stream))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = add_pin(dir, place, fd, entry->d_name);
		errno = 0;
	}
	err = err ?: -errno;
	closedir(stream);
	if (err)
		pin_dir_free(dir);
	return err;
}

static int read_dir(const struct pin_place *place, struct pin_dir *dir, bool only_look)
{
	struct stat st = { 0 };
	int fd = open_dir(place), err;

	*dir = (struct pin_dir){ 0 };
	if (fd == -ELOOP)
		return -ENOTDIR;
	if (fd < 0)
		return fd;
	err = fstat(fd, &st) ? -errno : only_look ? 0 : check_dir(&st, place->parent);
	if (err) {
		close(fd);
		return err;
	}
	dir->mode = st.st_mode & MODE_BITS;
	dir->gid = st.st_gid;
	return read_entries(place, fd, dir);
}

int pin_dir_read(const struct pin_place *place, struct pin_dir *dir)
{
	return read_dir(place, dir, false);
}

int pin_dir_look(const struct pin_place *place, struct pin_dir *dir)
{
	return read_dir(place, dir, true);
}

const char *pin_dir_strerror(int err)
{
	switch (-err) {
	case ENOTDIR:
		return "it is not a real directory";
	case EPERM:
		return "it belongs to another user";
	case EACCES:
		return geteuid() ? "Permission denied" : "others may write to it";
	case EXDEV:
		return "another file system is mounted there";
	case EMEDIUMTYPE:
		return "it contains something that is not a pinned map";
	default:
		return strerror(-err);
	}
}

void pin_dir_free(struct pin_dir *dir)
{
	for (size_t i = 0; i < dir->count; i++)
		free(dir->pins[i].name);
	free(dir->pins);
	dir->pins = NULL;
	dir->count = 0;
}

const struct pin *pin_dir_find(const struct pin_dir *dir, const char *name)
{
	for (size_t i = 0; i < dir->count; i++)
		if (!strcmp(dir->pins[i].name, name))
			return &dir->pins[i];
	return NULL;
}

int pin_dir_stage(const struct pin_place *staged)
{
	return mkdirat(staged->parent, staged->name, S_ISVTX | S_IRWXU) ? -errno : 0;
}

bool pin_dir_is_staged(const struct pin_dir *dir)
{
	return dir->mode & S_ISVTX;
}

static int inherit_pins(int fd, const struct pin_dir *previous)
{
	for (size_t i = 0; i < previous->count; i++) {
		const struct pin *pin = &previous->pins[i];

		if (fchownat(fd, pin->name, pin->uid, pin->gid, AT_SYMLINK_NOFOLLOW) ||
		    fchmodat(fd, pin->name, pin->mode, 0)) {
			if (errno != ENOENT) /* the new object does not have this map */
				return -errno;
		}
	}
	return 0;
}

int pin_dir_inherit(const struct pin_place *staged, const struct pin_dir *previous)
{
	int fd = open_dir(staged), err;

	if (fd < 0)
		return fd;
	err = inherit_pins(fd, previous);
	if (!err && (fchown(fd, -1, previous->gid) || fchmod(fd, previous->mode | S_ISVTX)))
		err = -errno;
	close(fd);
	return err;
}

/* A failure does no harm: the directory works, and the next publish clears the mark. */
static void clear_staged_mark(const struct pin_place *place, mode_t mode)
{
	int fd = open_dir(place);

	if (fd < 0)
		return;
	(void)!fchmod(fd, mode & ~S_ISVTX);
	close(fd);
}

/*
 * Replace one pin by the staged one of the same name, with a second link. The staged
 * pin stays until its directory is removed, so the work can begin again after an
 * interruption.
 */
static int publish_pin(int staged, int live, const char *name)
{
	if (unlinkat(staged, LINK_NAME, 0) && errno != ENOENT)
		return -errno;
	if (linkat(staged, name, staged, LINK_NAME, 0) || renameat(staged, LINK_NAME, live, name))
		return -errno;
	/* if both names are links to the same map, rename() does nothing */
	return unlinkat(staged, LINK_NAME, 0) && errno != ENOENT ? -errno : 0;
}

/* For kernels before 5.17, whose bpffs cannot exchange directories: pin by pin. */
static int publish_each(const struct pin_place *from, const struct pin_place *to,
			const struct pin_dir *previous)
{
	int staged = open_dir(from), live = open_dir(to);
	struct pin_dir new = { 0 };
	int err = staged < 0 ? staged : live < 0 ? live : pin_dir_read(from, &new);

	for (size_t i = 0; !err && i < new.count; i++)
		if (strcmp(new.pins[i].name, LINK_NAME))
			err = publish_pin(staged, live, new.pins[i].name);
	for (size_t i = 0; !err && i < previous->count; i++)
		if (!pin_dir_find(&new, previous->pins[i].name) &&
		    unlinkat(live, previous->pins[i].name, 0) && errno != ENOENT)
			err = -errno;
	/* a half-empty directory must not look like a complete staged one */
	if (!err)
		clear_staged_mark(from, new.mode);
	pin_dir_free(&new);
	if (staged >= 0)
		close(staged);
	if (live >= 0)
		close(live);
	return err ?: 1;
}

/* musl 1.2.3 has no renameat2() */
static int rename_place(const struct pin_place *from, const struct pin_place *to, unsigned int how)
{
	return syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, how) ? -errno
											   : 0;
}

/* Publish where no previous pins are. Other users may create and remove entries there. */
static int publish_first(const struct pin_place *staged, const struct pin_place *live)
{
	int err = -ENOENT;

	for (int i = 0; err == -ENOENT && i < TRIES_MAX; i++) {
		err = rename_place(staged, live, RENAME_NOREPLACE);
		if (err == -EEXIST)
			err = aside_replace(live->parent, live->name, staged->parent, staged->name,
					    live->parent);
	}
	return err;
}

int pin_dir_publish(const struct pin_place *staged, const struct pin_place *live,
		    const struct pin_dir *previous)
{
	int err;

	/*
	 * a mark left by a killed loader: after the exchange it would look like a
	 * staged directory
	 */
	if (previous && pin_dir_is_staged(previous))
		clear_staged_mark(live, previous->mode);
	err = previous ? rename_place(staged, live, RENAME_EXCHANGE) : publish_first(staged, live);
	if (err == -EINVAL && previous) {
		err = publish_each(staged, live, previous);
		/* half of it is neither the old state nor the new one: a second call goes on */
		return err < 0 ? publish_each(staged, live, previous) : err;
	}
	if (!err)
		clear_staged_mark(live, previous ? previous->mode : S_IRWXU);
	return err;
}

/* The directory is removed only if it is then empty. */
static int remove_pins(const struct pin_place *place, int fd, const struct pin_dir *pins)
{
	for (size_t i = 0; i < pins->count; i++)
		if (unlinkat(fd, pins->pins[i].name, 0) && errno != ENOENT)
			return -errno;
	return unlinkat(place->parent, place->name, AT_REMOVEDIR) ? -errno : 0;
}

int pin_dir_remove(const struct pin_place *place, const struct pin_dir *known)
{
	struct pin_dir now = { 0 };
	int fd = open_dir(place), err;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	err = known ? remove_pins(place, fd, known) : -ENOTEMPTY;
	if (err == -ENOTEMPTY)
		err = pin_dir_read(place, &now) ?: remove_pins(place, fd, &now);
	if (err == -ENOTEMPTY && *now.stranger)
		err = -EMEDIUMTYPE;
	pin_dir_free(&now);
	close(fd);
	return err == -ENOENT ? 0 : err;
}
