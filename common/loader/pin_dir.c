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

#include "parse.h"
#include "pin.h"
#include "pin_dir.h"

#define STAGED_PREFIX "xdp_loader:staged:"
#define LINK_NAME     "xdp_loader:link" /* no map is called so: a C name has no colon */
#define MODE_BITS     07777 /* chmod(2) takes these; ALLPERMS is not in every libc */

static void dir_path(char path[PIN_PATH_SIZE], const char *name)
{
	snprintf(path, PIN_PATH_SIZE, "%s/%s", BPFFS_ROOT, name);
}

static void entry_path(char path[PIN_PATH_SIZE], const char *name, const char *entry)
{
	snprintf(path, PIN_PATH_SIZE, "%s/%s/%s", BPFFS_ROOT, name, entry);
}

/* A directory that nobody else can have changed under our hands. */
static int check_dir(const char *name, struct stat *st)
{
	char path[PIN_PATH_SIZE];

	*st = (struct stat){ 0 };
	dir_path(path, name);
	if (lstat(path, st))
		return -errno;
	if (!S_ISDIR(st->st_mode))
		return -ENOTDIR;
	if (st->st_uid != geteuid())
		return -EPERM;
	return st->st_mode & (S_IWGRP | S_IWOTH) ? -EACCES : 0;
}

static int add_pin(struct pin_dir *dir, const char *name, const char *entry)
{
	char path[PIN_PATH_SIZE];
	struct pin *grown, pin;
	struct bpf_map_info info;
	struct stat st;
	int fd;

	entry_path(path, name, entry);
	if (lstat(path, &st))
		return -errno;
	fd = pin_open_map(path, &info);
	if (fd == -EMEDIUMTYPE)
		snprintf(dir->stranger, sizeof(dir->stranger), "%s", entry);
	if (fd < 0)
		return fd;
	close(fd);
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

static int read_entries(const char *name, const struct stat *st, struct pin_dir *dir)
{
	char path[PIN_PATH_SIZE];
	struct dirent *entry;
	DIR *stream;
	int err = 0;

	dir->mode = st->st_mode & MODE_BITS;
	dir->gid = st->st_gid;
	dir_path(path, name);
	stream = opendir(path);
	if (!stream)
		return -errno;
	errno = 0;
	while (!err && (entry = readdir(stream))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = add_pin(dir, name, entry->d_name);
		errno = 0;
	}
	err = err ?: -errno;
	closedir(stream);
	if (err)
		pin_dir_free(dir);
	return err;
}

int pin_dir_read(const char *name, struct pin_dir *dir)
{
	struct stat st;
	int err = check_dir(name, &st);

	*dir = (struct pin_dir){ 0 };
	return err ?: read_entries(name, &st, dir);
}

int pin_dir_look(const char *name, struct pin_dir *dir)
{
	struct stat st;
	int err = check_dir(name, &st);

	*dir = (struct pin_dir){ 0 };
	if (err == -EPERM || err == -EACCES) /* whether we may read will be seen */
		err = S_ISDIR(st.st_mode) ? 0 : err;
	return err ?: read_entries(name, &st, dir);
}

const char *pin_dir_strerror(int err)
{
	switch (-err) {
	case ENOTDIR:
		return "it is no real directory";
	case EPERM:
		return "it belongs to another user";
	case EACCES:
		return geteuid() ? "Permission denied" : "others may write to it";
	case EMEDIUMTYPE:
		return "it holds something that is not a pinned map";
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

void pin_dir_staged_name(char staged[NAME_MAX + 1], const char *name, __u32 prog_id)
{
	snprintf(staged, NAME_MAX + 1, STAGED_PREFIX "%s:%u", name, prog_id);
}

int pin_dir_stage(const char *staged)
{
	char path[PIN_PATH_SIZE];

	dir_path(path, staged);
	return mkdir(path, S_ISVTX | S_IRWXU) ? -errno : 0;
}

int pin_dir_inherit(const char *staged, const struct pin_dir *old)
{
	char path[PIN_PATH_SIZE];

	for (size_t i = 0; i < old->count; i++) {
		const struct pin *pin = &old->pins[i];

		entry_path(path, staged, pin->name);
		if (chown(path, pin->uid, pin->gid) || chmod(path, pin->mode)) {
			if (errno != ENOENT) /* the new object lacks this map */
				return -errno;
		}
	}
	dir_path(path, staged);
	return chown(path, -1, old->gid) || chmod(path, old->mode | S_ISVTX) ? -errno : 0;
}

/* Where this fails the directory works all the same, and recovery does it. */
static int clear_staged_mark(const char *name, mode_t mode)
{
	char path[PIN_PATH_SIZE];

	dir_path(path, name);
	return mode & S_ISVTX && chmod(path, mode & ~S_ISVTX) ? -errno : 0;
}

/*
 * Put one staged pin in the place of the one of that name, as a second link: staged
 * keeps its own until it is removed, so whoever is stopped half way can begin again.
 */
static int publish_pin(const char *staged, const char *name, const char *entry)
{
	char from[PIN_PATH_SIZE], link_path[PIN_PATH_SIZE], to[PIN_PATH_SIZE];

	entry_path(from, staged, entry);
	entry_path(link_path, staged, LINK_NAME);
	entry_path(to, name, entry);
	if (unlink(link_path) && errno != ENOENT)
		return -errno;
	if (link(from, link_path) || rename(link_path, to))
		return -errno;
	/* where both were links to one map already, rename() leaves both */
	return unlink(link_path) && errno != ENOENT ? -errno : 0;
}

/* For kernels whose bpffs cannot exchange, before 5.17: pin by pin. */
static int publish_each(const char *staged, const char *name, const struct pin_dir *old)
{
	char path[PIN_PATH_SIZE];
	struct pin_dir new;
	int err = pin_dir_read(staged, &new);

	if (err)
		return err;
	for (size_t i = 0; !err && i < new.count; i++)
		if (strcmp(new.pins[i].name, LINK_NAME))
			err = publish_pin(staged, name, new.pins[i].name);
	for (size_t i = 0; !err && i < old->count; i++) {
		if (pin_dir_find(&new, old->pins[i].name))
			continue;
		entry_path(path, name, old->pins[i].name);
		err = unlink(path) && errno != ENOENT ? -errno : 0;
	}
	pin_dir_free(&new);
	return err;
}

/* musl 1.2.3 has no renameat2(). */
static int rename_dir(const char *from, const char *to, unsigned int how)
{
	return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, how) ? -errno : 0;
}

int pin_dir_publish(const char *staged, const char *name, const struct pin_dir *old)
{
	const unsigned int how = old ? RENAME_EXCHANGE : RENAME_NOREPLACE;
	const mode_t mode = old ? old->mode : S_IRWXU;
	char from[PIN_PATH_SIZE], to[PIN_PATH_SIZE];
	int err;

	dir_path(from, staged);
	dir_path(to, name);
	err = rename_dir(from, to, how);
	if (err)
		return old && err == -EINVAL ? publish_each(staged, name, old) : err;
	clear_staged_mark(name, mode | S_ISVTX);
	return 0;
}

/* The directory goes only if nothing else is in it. */
static int remove_pins(const char *name, const struct pin_dir *pins)
{
	char path[PIN_PATH_SIZE];

	for (size_t i = 0; i < pins->count; i++) {
		entry_path(path, name, pins->pins[i].name);
		if (unlink(path) && errno != ENOENT)
			return -errno;
	}
	dir_path(path, name);
	return rmdir(path) ? -errno : 0;
}

int pin_dir_remove(const char *name, const struct pin_dir *known)
{
	struct pin_dir now;
	int err = known ? remove_pins(name, known) : -ENOTEMPTY;

	if (err != -ENOTEMPTY)
		return err == -ENOENT ? 0 : err;
	err = pin_dir_read(name, &now);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = remove_pins(name, &now);
	pin_dir_free(&now);
	return err;
}

/* Is entry a staged directory of name? */
static bool is_staged(const char *entry, const char *name, __u32 *prog_id)
{
	const size_t prefix = strlen(STAGED_PREFIX), length = strlen(name);

	return !strncmp(entry, STAGED_PREFIX, prefix) && !strncmp(entry + prefix, name, length) &&
	       entry[prefix + length] == ':' && !parse_u32(entry + prefix + length + 1, prog_id);
}

/* The first staged directory of name that is ours, or -ENOENT. */
static int find_staged(const char *name, char staged[NAME_MAX + 1], __u32 *prog_id, mode_t *mode)
{
	struct dirent *entry;
	struct stat st;
	int err = -ENOENT;
	DIR *root;

	root = opendir(BPFFS_ROOT);
	if (!root)
		return -errno;
	while (err && (entry = readdir(root))) {
		if (!is_staged(entry->d_name, name, prog_id) || check_dir(entry->d_name, &st))
			continue;
		snprintf(staged, NAME_MAX + 1, "%s", entry->d_name);
		*mode = st.st_mode;
		err = 0;
	}
	closedir(root);
	return err;
}

int pin_dir_recover(const char *name, const struct pin_dir *live, __u32 prog_id,
		    char staged[NAME_MAX + 1], bool *recovered)
{
	__u32 staged_for = 0;
	mode_t mode = 0;
	int err;

	*recovered = false;
	*staged = '\0';
	err = live ? clear_staged_mark(name, live->mode) : 0;
	while (!err && !(err = find_staged(name, staged, &staged_for, &mode))) {
		if (staged_for == prog_id && mode & S_ISVTX) {
			err = pin_dir_publish(staged, name, live);
			*recovered = !err;
			prog_id = 0; /* what has its name now is to be removed */
		}
		if (!err)
			err = pin_dir_remove(staged, NULL);
	}
	return err == -ENOENT ? 0 : err;
}
