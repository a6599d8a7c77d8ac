/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What has become of a pin: it can vanish, come back or be another map from one moment
 * to the next. One stat() tells; whoever calls opens what is there. Nothing here
 * prints; what there is to tell comes back as an event.
 */
#ifndef WATCH_H
#define WATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <sys/types.h>

#include "link.h"
#include "pin_path.h"
#include "prog_name.h"
#include "rates.h"

/* One interface that is watched, by the path of its pin. */
struct watch {
	char ifname[IF_NAMESIZE]; /* "": the user has named the path */
	char path[PIN_PATH_SIZE];
	int fd;                         /* of the map, -1 while there is none that can be read */
	int err;                        /* why there is none: -errno, as the events told; or 0 */
	ino_t inode;                    /* of the pin that fd was opened by */
	ino_t inode_now;                /* of the pin that the last look has seen */
	__u32 map_id;                   /* the kernel's number of the map, 0 without one */
	__u32 previous_map_id;          /* of the map before it */
	unsigned int ifindex;           /* 0: not known yet, or there is no such interface */
	bool is_per_cpu;                /* a record for each possible CPU, or one for all */
	bool no_batch;                  /* the kernel has no batch look-up for this map */
	bool has_interface;             /* the last list of the kernel had it */
	bool is_prog_known;             /* the kernel has said which program the interface has */
	__u32 prog_id;                  /* of that program, 0: none */
	__u32 previous_prog_id;         /* of the program before it */
	const char *prog_mode;          /* "native", "skb" or "offload" */
	char prog_name[PROG_NAME_SIZE]; /* "": cannot be read */
	struct link_xdp xdp;            /* what the kernel has answered last */
	int read_err;                   /* -errno of the last read, so that it is told once */
	struct stats_sample last;       /* where the next rates begin; time_ns 0: nowhere */
	struct panel *panel;            /* of --live, owned by this watch; else NULL */
};

enum watch_event {
	WATCH_SAME,             /* nothing to tell: the same map, or none, as before */
	WATCH_CHANGED,          /* another pin is there: open it, then watch_take() or _refuse() */
	WATCH_PINNED,           /* there was no map, now there is one */
	WATCH_REPLACED,         /* another map has taken the place of previous_map_id */
	WATCH_UNPINNED,         /* previous_map_id is no longer pinned */
	WATCH_REFUSED,          /* the pin cannot be read: err */
	WATCH_ATTACHED,         /* the interface had no program, now it has prog_id */
	WATCH_DETACHED,         /* previous_prog_id is no longer attached */
	WATCH_PROGRAM_REPLACED, /* prog_id has taken the place of previous_prog_id */
};

/* Begin to watch the pin of this map for ifname; nothing is looked at yet. */
void watch_init(struct watch *watch, const char *ifname, const char *map);
/* The same for any pin, which need not be of an interface: ifname is "". */
void watch_init_pin(struct watch *watch, const char *path);
/* What a report is about: the name of the interface, or the path. */
const char *watch_subject(const struct watch *watch);
/* Close the map. */
void watch_close(struct watch *watch);

/* Look at the pin, with one stat(). */
enum watch_event watch_look(struct watch *watch);

/*
 * After WATCH_CHANGED: fd is the map that was found there. The watch owns it from
 * here on. A map pinned anew under the same id goes on as it was, which is WATCH_SAME;
 * another one starts without a last sample.
 */
enum watch_event watch_take(struct watch *watch, int fd, __u32 map_id, bool is_per_cpu);

/*
 * After WATCH_CHANGED: the pin cannot be read, with err, a -errno. WATCH_SAME where
 * that has been told.
 */
enum watch_event watch_refuse(struct watch *watch, int err);

#endif
