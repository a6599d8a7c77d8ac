/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Things of other users that have a name which is ours to use. On a BPF file system that
 * everybody may write to, anybody can be first with BPFFS_ROOT/eth0. Functions return 0
 * or -errno and never print.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include <stdbool.h>
#include <sys/types.h>

#define ASIDE_NAME_SIZE 64

struct aside {
	uid_t uid;       /* whose it is */
	bool is_nothing; /* an empty directory or a symlink: nothing is lost with it */
};

/*
 * Look at an entry of a directory. Returns 0 if it belongs to another user and we are
 * root, and so may do with it what these functions do; -EEXIST if not; -ENOENT.
 */
int aside_look(int parent, const char *name, struct aside *aside);

/*
 * Give the entry's name free: what holds nothing is removed, all else gets the name
 * "xdp_loader:moved:NUMBER" in root, the root of bpffs.
 */
int aside_move(int parent, const char *name, int root);

/*
 * Put new_name, of the directory new_parent, in the place of the entry, in one step:
 * nobody can be faster with another one. Then aside_move() what was there. -EEXIST if that is
 * not another user's; -ENOENT if it has gone meanwhile.
 */
int aside_replace(int parent, const char *name, int new_parent, const char *new_name, int root);

/* The name that the last entry was moved to, "" where there was none. */
const char *aside_moved(void);

#endif
