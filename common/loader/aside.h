/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Entries of other users at names that the loader needs. If every user may write to the
 * BPF file system, any user can create BPFFS_ROOT/eth0 first. Functions return 0 or
 * -errno and never print.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include <stdbool.h>
#include <sys/types.h>

#define ASIDE_NAME_SIZE 64

struct aside {
	uid_t uid;       /* its owner */
	bool is_nothing; /* an empty directory or a symlink, which can be removed */
};

/*
 * Check an entry of a directory. Returns 0 if it belongs to another user and this
 * process is root, so that the functions below may move it. Returns -EEXIST if not,
 * -ENOENT if there is no entry.
 */
int aside_look(int parent, const char *name, struct aside *aside);

/*
 * Free the name of the entry: remove a symlink or an empty directory, rename any other
 * entry to "xdp_loader:moved:NUMBER" in root, the root of bpffs.
 */
int aside_move(int parent, const char *name, int root);

/*
 * Replace the entry by new_name in the directory new_parent in one step, so that no
 * other process can create the name in between. Then aside_move() the old entry.
 * -EEXIST if it does not belong to another user; -ENOENT if it no longer exists.
 */
int aside_replace(int parent, const char *name, int new_parent, const char *new_name, int root);

/* The name that the last entry was moved to; "" if none was moved. */
const char *aside_moved(void);

#endif
