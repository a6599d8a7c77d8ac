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
#include <unistd.h>

#include "pin.h"
#include "pin_dir.h"

#define MODE_BITS 07777 /* the bits of chmod(2); not every libc has ALLPERMS */

int pin_dir_open(const struct pin_place *place)
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
	int map, err;

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
		return map == -EPERM ? -EOPNOTSUPP : map;
	err = map_progs_add(&dir->progs, map, &info);
	close(map);
	if (err)
		return err;
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
	int fd = pin_dir_open(place), err;

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
	case EOPNOTSUPP:
		return "bpf(2) is not permitted";
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
	map_progs_free(&dir->progs);
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
	int fd = pin_dir_open(staged), err;

	if (fd < 0)
		return fd;
	err = inherit_pins(fd, previous);
	if (!err && (fchown(fd, -1, previous->gid) || fchmod(fd, previous->mode | S_ISVTX)))
		err = -errno;
	close(fd);
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
	int fd = pin_dir_open(place), err;

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
