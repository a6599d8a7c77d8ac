/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A directory of pinned maps: the interface's, which readers look in, and the one in
 * which its pins are staged. Only maps are ever removed. Directories are reached by a
 * descriptor of the one above, so nothing follows a name that another user could have
 * changed; only bpf(2) takes a path. The caller holds the lock (state_dir.h). Functions
 * return 0 or -errno and never print.
 */
#ifndef PIN_DIR_H
#define PIN_DIR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/types.h>

#include "pin_path.h"

/* Where a directory of pins is, or is to be. */
struct pin_place {
	int parent; /* descriptor of the directory above; the caller's */
	char name[NAME_MAX + 1];
	char path[PIN_PATH_SIZE]; /* for bpf(2), and for messages */
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
	mode_t mode;
	gid_t gid;
	char stranger[256]; /* the first entry that is no pinned map, or "" */
};

/*
 * Look at a directory and all that it holds. On success the caller releases *dir
 * with pin_dir_free(). Returns 0 or -errno: -ENOENT when it is not there; -ENOTDIR
 * when it is no real directory; -EPERM when it belongs to another user; -EACCES
 * when others may write to it; -EXDEV when another file system is mounted there. What is
 * no map is left out, and its name is in stranger: pin_dir_check() makes an error of it.
 */
int pin_dir_read(const struct pin_place *place, struct pin_dir *dir);

/* The same for who only looks: whose directory it is does not matter. */
int pin_dir_look(const struct pin_place *place, struct pin_dir *dir);

/* -EMEDIUMTYPE when the directory holds something else than maps. */
int pin_dir_check(const struct pin_dir *dir);

/* What an error of these three means, in words: "it belongs to another user". */
const char *pin_dir_strerror(int err);
void pin_dir_free(struct pin_dir *dir);

/* The pin of that name, or NULL. */
const struct pin *pin_dir_find(const struct pin_dir *dir, const char *name);

/*
 * Make a staged directory. Its sticky bit says that it has yet to take its place:
 * after an exchange the name is on the directory that was replaced, without it.
 */
int pin_dir_stage(const struct pin_place *staged);
bool pin_dir_is_staged(const struct pin_dir *dir);

/* Copy owner and mode of the previous pins to the staged ones. */
int pin_dir_inherit(const struct pin_place *staged, const struct pin_dir *previous);

/*
 * Put staged in the place of live, in one step: who opens a pin by its path finds the
 * one or the other. previous is what is at live now, NULL for nothing; staged is then
 * what is to be removed. On failure both are as they were. Returns 0, or 1 from a bpffs
 * that cannot exchange directories (kernels before 5.17), which gets the pins one by
 * one: each name leads to the old map or to the new one, and after a failure a second
 * call goes on.
 */
int pin_dir_publish(const struct pin_place *staged, const struct pin_place *live,
		    const struct pin_dir *previous);

/*
 * Remove a directory and the maps in it; it is all right if it is not there. known is
 * what pin_dir_read() has found in it, NULL where nobody has looked; what has come
 * since is looked at when these are gone. What is no map stays, and so does then the
 * directory: -EMEDIUMTYPE.
 */
int pin_dir_remove(const struct pin_place *place, const struct pin_dir *known);

#endif
