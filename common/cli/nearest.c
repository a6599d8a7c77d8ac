// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "nearest.h"
#include "text.h"

void nearest_add(struct nearest *list, const char *name, const void *item)
{
	const size_t apart = text_distance(name, list->like);
	size_t at;

	if (list->count == NEAREST_MAX)
		return;
	for (at = list->count++; at && list->apart[at - 1] > apart; at--) {
		list->items[at] = list->items[at - 1];
		list->apart[at] = list->apart[at - 1];
	}
	list->items[at] = item;
	list->apart[at] = apart;
}
