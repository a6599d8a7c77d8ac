// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "attached.h"

static int take_link(const struct link *link, void *context)
{
	struct watch *watch = watch_list_find(context, link->name);

	if (watch)
		watch->xdp_now = link->xdp;
	return 0;
}

int attached_read(struct watch_list *list)
{
	int err;

	for (size_t i = 0; i < list->count; i++)
		list->watches[i].xdp_now = (struct link_xdp){ 0 };
	err = link_for_each(take_link, list);
	for (size_t i = 0; !err && i < list->count; i++)
		list->watches[i].xdp = list->watches[i].xdp_now;
	return err;
}

__u32 attached_id(const struct watch *watch)
{
	return watch->xdp.hw_id ?: watch->xdp.native_id ?: watch->xdp.skb_id;
}
