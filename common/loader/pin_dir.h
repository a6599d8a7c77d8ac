/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The directory that holds an interface's pins, and a second one that is made
 * ready beside it. Only maps are ever removed. Names are those of directories in
 * BPFFS_ROOT (see pin_dir_name()); the caller holds the lock of bpffs_lock().
 * Functions return 0 or -errno and never print.
 */
#ifndef PIN_DIR_H
#define PIN_DIR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/types.h>

#include "pin_path.h"

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
	char stranger[256]; /* an entry that is no pinned map */
};

/*
 * Look at a directory and all that it holds. On success the caller releases *dir
 * with pin_dir_free(). Returns 0 or -errno: -ENOENT when it is not there; -ENOTDIR
 * when it is no real directory; -EPERM when it belongs to another user; -EACCES
 * when others may write to it; -EMEDIUMTYPE when it holds something else than
 * maps, whose name is then in stranger.
 */
int pin_dir_read(const char *name, struct pin_dir *dir);

/* The same for who only looks: whose directory it is does not matter. */
int pin_dir_look(const char *name, struct pin_dir *dir);

/* What an error of these two means, in words: "it belongs to another user". */
const char *pin_dir_strerror(int err);
void pin_dir_free(struct pin_dir *dir);

/* The pin of that name, or NULL. */
const struct pin *pin_dir_find(const struct pin_dir *dir, const char *name);

/*
 * The directory in which the pins of program prog_id get ready for name. Longer
 * than an interface's name can be, so no interface owns it.
 */
void pin_dir_staged_name(char staged[NAME_MAX + 1], const char *name, __u32 prog_id);

/*
 * Make a staged directory. Its sticky bit says that it has yet to take its place:
 * after an exchange the name is on the directory that was replaced, without it.
 */
int pin_dir_stage(const char *staged);

/* Whom an administrator has let into old, by mode or group, is let into staged. */
int pin_dir_inherit(const char *staged, const struct pin_dir *old);

/*
 * Put staged in the place of name, in one step: who opens a pin by its path finds
 * the one or the other. old is the directory there now, NULL for none; staged is
 * then what is to be removed. On failure both are as they were. A bpffs that cannot
 * exchange directories (kernels before 5.17) gets the pins one by one: each name then
 * leads to the old map or to the new one, and after a failure a second call goes on.
 */
int pin_dir_publish(const char *staged, const char *name, const struct pin_dir *old);

/*
 * Remove a directory and the maps in it; all right if it is not there. known is what
 * pin_dir_read() has found in it, NULL where nobody has looked; what has come
 * since is looked at when these are gone.
 */
int pin_dir_remove(const char *name, const struct pin_dir *known);

/*
 * After a loader that was killed: where the staged directory of the attached
 * program still waits, put it in its place (*recovered); remove all others of
 * name. live is the directory of name, NULL for none, and has to be read anew
 * after a recovery; prog_id is 0 when nothing is attached. staged is the directory
 * that was dealt with last: on failure, the one that makes trouble.
 */
int pin_dir_recover(const char *name, const struct pin_dir *live, __u32 prog_id,
		    char staged[NAME_MAX + 1], bool *recovered);

#endif
