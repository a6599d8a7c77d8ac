/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every failure of xdp_stats: from what was tried, and a -errno, to what the user is
 * told. Each function fills in *failure, looks up what the hint depends on, and returns
 * the exit code. Nothing is printed here.
 */
#ifndef STATS_MESSAGES_H
#define STATS_MESSAGES_H

#include "failure.h"
#include "watch_list.h"

/*
 * The pin of a watch cannot be read, with watch->err: the errno of an open, -EMEDIUMTYPE
 * where it is no map, or -EPROTO where the map has another shape; differs, a line for
 * each field, then says in what.
 */
int stats_cannot_open_pin(struct failure *failure, const struct watch *watch, const char *differs);

/* The map at path is open, but cannot be read. */
int stats_cannot_read_map(struct failure *failure, const char *path, int err);

/* --all cannot list the BPF file system, with list->err. */
int stats_cannot_list_pins(struct failure *failure, const struct watch_list *list);

/* --all has found nothing that can be read, or could not list the file system. */
int stats_nothing_pinned(struct failure *failure, const struct watch_list *list);

int stats_cannot_write(struct failure *failure, int err);
/* The file of --prometheus; -EEXIST if it is no regular file. */
int stats_cannot_write_file(struct failure *failure, const char *path, int err);
int stats_cannot_prepare(struct failure *failure, int err);

#endif
