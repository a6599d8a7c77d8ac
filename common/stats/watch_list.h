/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All interfaces that one process watches, sorted by name. Functions return 0 or
 * -errno and never print.
 */
#ifndef WATCH_LIST_H
#define WATCH_LIST_H

#include <stddef.h>

#include "watch.h"

/* Starts as zeroes; the caller frees it with watch_list_free(). */
struct watch_list {
	struct watch *watches;
	size_t count;
	size_t room;
	const char *map; /* the name of the map that is watched */
	int err;         /* of the last scan: -errno, or 0 */
	size_t closed;   /* directories that it could not look into */
};

/*
 * Add an interface at the end; watch_list_sort() has to follow. Pointers into the list
 * become invalid.
 */
int watch_list_add(struct watch_list *list, const char *ifname);
/* Sort by name; of those of one name keep one. */
void watch_list_sort(struct watch_list *list);

/* The watch of this interface, or NULL; the list is sorted. */
struct watch *watch_list_find(const struct watch_list *list, const char *ifname);

/* Forget those whose pins are gone, add every interface that has one. Returns err. */
int watch_list_scan(struct watch_list *list);

/* Add any pin. */
int watch_list_add_pin(struct watch_list *list, const char *path);

void watch_list_free(struct watch_list *list);

#endif
