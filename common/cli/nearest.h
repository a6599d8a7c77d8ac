/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A list of items, the one whose name is most like a given one first.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

#define NEAREST_MAX 64

struct nearest {
	const char *like;
	const void *items[NEAREST_MAX];
	size_t apart[NEAREST_MAX]; /* distances of the names from like */
	size_t count;
};

/* Add an item; beyond NEAREST_MAX, it is left out. Items of the same distance keep their order. */
void nearest_add(struct nearest *list, const char *name, const void *item);

#endif
