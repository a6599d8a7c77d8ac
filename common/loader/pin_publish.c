// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/fs.h>

#include "aside.h"
#include "pin_publish.h"

/* Not names of pins: a name in C has no colon, and that of a section has one before it. */
#define LINK_NAME "xdp_loader:link"
#define KEPT      "::" /* before the name of a previous pin */

#define KEPT_SIZE (sizeof(KEPT) + NAME_MAX)
#define TRIES_MAX 1000 /* while another user creates the same name */

static int set_mode(const struct pin_place *place, mode_t mode)
{
	int fd = pin_dir_open(place), err;

	if (fd < 0)
		return fd;
	err = fchmod(fd, mode) ? -errno : 0;
	close(fd);
	return err;
}

/* A failure does no harm: the directory works, and the next publish clears the mark. */
static void clear_staged_mark(const struct pin_place *place, mode_t mode)
{
	set_mode(place, mode & ~S_ISVTX);
}

/*
 * Replace one pin in place by an entry of the staged directory, with a second link. The
 * entry stays until its directory is removed, so the work can begin again after an
 * interruption.
 */
static int replace_pin(int staged, const char *entry, int live, const char *name)
{
	if (unlinkat(staged, LINK_NAME, 0) && errno != ENOENT)
		return -errno;
	if (linkat(staged, entry, staged, LINK_NAME, 0) || renameat(staged, LINK_NAME, live, name))
		return -errno;
	/* if both names are links to the same map, rename() does nothing */
	return unlinkat(staged, LINK_NAME, 0) && errno != ENOENT ? -errno : 0;
}

/* The name that a previous pin has in the staged directory; too long for bpffs, it is refused. */
static const char *kept_name(char kept[KEPT_SIZE], const char *name)
{
	snprintf(kept, KEPT_SIZE, KEPT "%s", name);
	return kept;
}

static int publish_pin(int staged, int live, const char *name, const struct pin_dir *previous)
{
	char kept[KEPT_SIZE];

	if (pin_dir_find(previous, name) && linkat(live, name, staged, kept_name(kept, name), 0) &&
	    errno != EEXIST)
		return -errno;
	return replace_pin(staged, name, live, name);
}

/* A previous pin that the new program does not have. */
static int drop_pin(int staged, int live, const char *name)
{
	char kept[KEPT_SIZE];

	return renameat(live, name, staged, kept_name(kept, name)) && errno != ENOENT ? -errno : 0;
}

static bool is_kept(const struct pin *pin)
{
	return !strncmp(pin->name, KEPT, strlen(KEPT));
}

static bool is_new(const struct pin *pin)
{
	return !is_kept(pin) && strcmp(pin->name, LINK_NAME);
}

struct both {
	int staged, live;    /* descriptors, or -errno */
	struct pin_dir pins; /* of staged */
};

static int open_both(struct both *both, const struct pin_place *staged,
		     const struct pin_place *live)
{
	*both = (struct both){ .staged = pin_dir_open(staged), .live = pin_dir_open(live) };
	if (both->staged < 0 || both->live < 0)
		return both->staged < 0 ? both->staged : both->live;
	return pin_dir_read(staged, &both->pins);
}

static void close_both(struct both *both)
{
	pin_dir_free(&both->pins);
	if (both->staged >= 0)
		close(both->staged);
	if (both->live >= 0)
		close(both->live);
}

/* For kernels before 5.17, whose bpffs cannot exchange directories: pin by pin. */
static int publish_each(const struct pin_place *staged, const struct pin_place *live,
			const struct pin_dir *previous)
{
	struct both both;
	int err = open_both(&both, staged, live);

	for (size_t i = 0; !err && i < both.pins.count; i++)
		if (is_new(&both.pins.pins[i]))
			err = publish_pin(both.staged, both.live, both.pins.pins[i].name, previous);
	for (size_t i = 0; !err && i < previous->count; i++)
		if (!pin_dir_find(&both.pins, previous->pins[i].name))
			err = drop_pin(both.staged, both.live, previous->pins[i].name);
	/* a half-empty directory must not look like a complete staged one */
	if (!err)
		clear_staged_mark(staged, both.pins.mode);
	close_both(&both);
	return err;
}

/* A new pin goes if there was none of its name: publish_each() would have kept that. */
static int unpublish_pin(const struct both *both, const struct pin *pin)
{
	char kept[KEPT_SIZE];

	if (is_kept(pin))
		return replace_pin(both->staged, pin->name, both->live, pin->name + strlen(KEPT));
	if (!is_new(pin) || pin_dir_find(&both->pins, kept_name(kept, pin->name)))
		return 0;
	return unlinkat(both->live, pin->name, 0) && errno != ENOENT ? -errno : 0;
}

static int unpublish_each(const struct pin_place *staged, const struct pin_place *live)
{
	struct both both;
	int err = open_both(&both, staged, live);

	if (!err)
		err = set_mode(staged, both.pins.mode | S_ISVTX);
	for (size_t i = 0; !err && i < both.pins.count; i++)
		err = unpublish_pin(&both, &both.pins.pins[i]);
	close_both(&both);
	return err;
}

/* musl 1.2.3 has no renameat2() */
static int rename_place(const struct pin_place *from, const struct pin_place *to, unsigned int how)
{
	return syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, how) ? -errno
											   : 0;
}

/* Publish where no previous pins are. Other users may create and remove entries there. */
int pin_publish_first(const struct pin_place *staged, const struct pin_place *live)
{
	int err = -ENOENT;

	for (int i = 0; err == -ENOENT && i < TRIES_MAX; i++) {
		err = rename_place(staged, live, RENAME_NOREPLACE);
		if (err == -EEXIST)
			err = aside_replace(live->parent, live->name, staged->parent, staged->name,
					    live->parent);
	}
	return err;
}

int pin_publish(const struct pin_place *staged, const struct pin_place *live,
		const struct pin_dir *previous)
{
	int err;

	/*
	 * a mark left by a killed loader: after the exchange it would look like a
	 * staged directory
	 */
	if (previous && pin_dir_is_staged(previous))
		clear_staged_mark(live, previous->mode);
	err = previous ? rename_place(staged, live, RENAME_EXCHANGE)
		       : pin_publish_first(staged, live);
	if (err == -EINVAL && previous) {
		/* half of it is neither the old state nor the new one: a second call goes on */
		err = publish_each(staged, live, previous);
		if (err)
			err = publish_each(staged, live, previous);
		return err ?: 1;
	}
	if (!err)
		clear_staged_mark(live, previous ? previous->mode : S_IRWXU);
	return err;
}

int pin_unpublish(const struct pin_place *staged, const struct pin_place *live,
		  const struct pin_dir *previous)
{
	const mode_t mode = previous ? previous->mode & ~S_ISVTX : S_IRWXU;
	int err = set_mode(live, mode | S_ISVTX);

	if (err == -ENOENT) /* somebody has removed the new pins */
		return previous ? rename_place(staged, live, RENAME_NOREPLACE) : 0;
	if (err)
		return err;
	err = previous ? rename_place(live, staged, RENAME_EXCHANGE)
		       : rename_place(live, staged, RENAME_NOREPLACE);
	if (err)
		clear_staged_mark(live, mode);
	return err == -EINVAL && previous ? unpublish_each(staged, live) : err;
}
