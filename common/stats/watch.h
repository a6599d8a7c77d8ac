/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Watching interfaces by the paths of their pins: a pin can vanish, come back or
 * be another map from one moment to the next. Functions return 0 or -errno and
 * never print; what there is to tell comes back as an event.
 */
#ifndef WATCH_H
#define WATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "pin_path.h"
#include "rates.h"
#include "stats_map.h"

/* One interface that is watched. */
struct watch {
	char ifname[IF_NAMESIZE];
	char path[PIN_PATH_SIZE];
	struct stats_map map;     /* closed while nothing is pinned */
	int refused;              /* -errno that was told, so that it is told once */
	struct stats_sample last; /* where the next rates begin; time_ns 0: nowhere */
};

enum watch_event {
	WATCH_SAME,     /* nothing to tell, and map is the one that is pinned */
	WATCH_PINNED,   /* there was no map, now there is one */
	WATCH_REPLACED, /* another map has taken the place of previous_map_id */
	WATCH_UNPINNED, /* previous_map_id is no longer pinned */
	WATCH_ABSENT,   /* still nothing that can be read, as was told before */
	WATCH_REFUSED,  /* the pin cannot be opened: err and why, as stats_map_open() */
};

struct watch_change {
	enum watch_event event;
	__u32 previous_map_id;
	int err;
	char why[128];
};

/*
 * Bring watch up to date with what is pinned at its path now: one stat() as long
 * as that is the same. A map pinned anew under the same id goes on as it was;
 * another one starts without a last sample. *change is always filled in.
 */
void watch_follow(struct watch *watch, struct watch_change *change);

/* Read the map of watch, with the time at which that was done. Returns 0 or -errno. */
int watch_sample(struct watch *watch, const struct stats_buffer *buffer,
		 struct stats_sample *sample);

/* All that one process watches. Starts as zeroes. */
struct watch_list {
	struct watch *watches; /* sorted by ifname */
	size_t count;
};

/* Add an interface, unless it is there. Pointers into the list end to be valid. */
int watch_list_add(struct watch_list *list, const char *ifname);
/* Add every interface that has a pin of XDP_STATS_MAP_NAME. */
int watch_list_scan(struct watch_list *list);
void watch_list_free(struct watch_list *list);

#endif
