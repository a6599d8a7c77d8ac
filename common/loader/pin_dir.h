/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A directory of pinned maps: the one of the interface, which readers use, or a staged
 * one. Only maps are removed. Directories are opened relative to a descriptor of their
 * parent, so that another user cannot redirect a path; only bpf(2) needs a path. The
 * caller holds the lock (state_dir.h). Functions return 0 or -errno and never print.
 */
#ifndef PIN_DIR_H
#define PIN_DIR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/types.h>

#include "map_progs.h"
#include "pin_path.h"

/* Where a directory of pins is, or will be. */
struct pin_place {
	int parent; /* descriptor of the parent directory; the caller closes it */
	char name[NAME_MAX + 1];
	char path[PIN_PATH_SIZE]; /* for bpf(2) and messages */
};

struct pin {
	char *name;
	__u32 map_id;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

struct pin_dir {
	struct pin *pins;
	size_t count;
	struct map_progs progs; /* in slots of the maps */
	mode_t mode;
	gid_t gid;
	char stranger[256]; /* the first entry that is not a pinned map, or "" */
};

/* Open the directory; a symlink is not followed. Returns a descriptor or -errno. */
int pin_dir_open(const struct pin_place *place);

/*
 * Read a directory and all its pins. On success the caller frees *dir with
 * pin_dir_free(). Returns 0 or -errno: -ENOENT if it does not exist; -ENOTDIR if it is
 * not a directory (a symlink is not followed); -EPERM if it belongs to another user;
 * -EACCES if others may write to it; -EXDEV if another file system is mounted on it;
 * -EOPNOTSUPP if this process may not open its pins (EPERM of bpf(2)).
 * Entries that are not maps are skipped, and stranger is the first one: pin_dir_check()
 * turns it into an error.
 */
int pin_dir_read(const struct pin_place *place, struct pin_dir *dir);

/* The same for a caller that only reads: owner and mode are not checked. */
int pin_dir_look(const struct pin_place *place, struct pin_dir *dir);

/* -EMEDIUMTYPE if the directory contains anything but maps. */
int pin_dir_check(const struct pin_dir *dir);

/* The text for an error of these three: "it belongs to another user". */
const char *pin_dir_strerror(int err);
void pin_dir_free(struct pin_dir *dir);

/* The pin of this name, or NULL; dir owns it. */
const struct pin *pin_dir_find(const struct pin_dir *dir, const char *name);

/*
 * Create a staged directory. Its sticky bit means that its pins are not in place yet:
 * after pin_publish(), the directory with the staged name has no sticky bit.
 */
int pin_dir_stage(const struct pin_place *staged);
bool pin_dir_is_staged(const struct pin_dir *dir);

/* Copy owner and mode of the previous pins to the staged ones. */
int pin_dir_inherit(const struct pin_place *staged, const struct pin_dir *previous);

/*
 * Remove a directory and the maps in it; success if it does not exist. known is the
 * result of pin_dir_read(), or NULL if it was not read. If the directory is not empty
 * after that, it is read again. Entries that are not maps stay, and so does the
 * directory: -EMEDIUMTYPE.
 */
int pin_dir_remove(const struct pin_place *place, const struct pin_dir *known);

#endif
