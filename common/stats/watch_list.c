// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "panel.h"
#include "watch_list.h"

static int compare(const void *a, const void *b)
{
	return strcmp(watch_subject(a), watch_subject(b));
}

static int compare_name(const void *ifname, const void *watch)
{
	return strcmp(ifname, watch_subject(watch));
}

/* Make room for one more at the end. Returns NULL without memory. */
static struct watch *add(struct watch_list *list)
{
	size_t room = list->room ? list->room * 2 : 1;
	struct watch *grown;

	if (list->count == list->room) {
		grown = realloc(list->watches, room * sizeof(*grown));
		if (!grown)
			return NULL;
		list->watches = grown;
		list->room = room;
	}
	return &list->watches[list->count++];
}

int watch_list_add(struct watch_list *list, const char *ifname)
{
	struct watch *watch = add(list);

	if (!watch)
		return -ENOMEM;
	watch_init(watch, ifname, list->map);
	return 0;
}

int watch_list_add_pin(struct watch_list *list, const char *path)
{
	struct watch *watch = add(list);

	if (!watch)
		return -ENOMEM;
	watch_init_pin(watch, path);
	return 0;
}

void watch_list_sort(struct watch_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->watches, list->count, sizeof(*list->watches), compare);
	/* two of one name were both just added: nothing is open there */
	for (size_t i = 0; i < list->count; i++)
		if (!kept || compare(&list->watches[i], &list->watches[kept - 1]))
			list->watches[kept++] = list->watches[i];
	list->count = kept;
}

/* Look in the first count ones, which are sorted. */
static struct watch *find(const struct watch_list *list, size_t count, const char *ifname)
{
	if (!count)
		return NULL;
	return bsearch(ifname, list->watches, count, sizeof(*list->watches), compare_name);
}

struct watch *watch_list_find(const struct watch_list *list, const char *ifname)
{
	return find(list, list->count, ifname);
}

/* Those whose pins are gone, as events have told; the order stays. */
static void forget_gone(struct watch_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->watches[i].fd >= 0 || list->watches[i].err != -ENOENT)
			list->watches[kept++] = list->watches[i];
		else
			panel_free(&list->watches[i]);
	list->count = kept;
}

/* Add the interface whose directory this is, if it has a pin and is not in the list. */
static int add_pinned(struct watch_list *list, size_t sorted, const char *dir)
{
	char ifname[IF_NAMESIZE], path[PIN_PATH_SIZE];
	struct stat st;

	if (pin_dir_ifname(ifname, dir) || find(list, sorted, ifname))
		return 0;
	pin_path(path, ifname, list->map);
	if (!stat(path, &st))
		return watch_list_add(list, ifname);
	list->closed += errno == EACCES;
	return 0;
}

int watch_list_scan(struct watch_list *list)
{
	DIR *root = opendir(BPFFS_ROOT);
	struct dirent *entry;
	size_t sorted;

	list->err = root ? 0 : -errno;
	list->closed = 0;
	if (!root)
		return list->err;
	forget_gone(list);
	sorted = list->count;
	while (!list->err && (entry = readdir(root)))
		list->err = add_pinned(list, sorted, entry->d_name);
	closedir(root);
	if (list->count > sorted)
		watch_list_sort(list);
	return list->err;
}

void watch_list_free(struct watch_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		watch_close(&list->watches[i]);
		panel_free(&list->watches[i]);
	}
	free(list->watches);
	*list = (struct watch_list){ 0 };
}
