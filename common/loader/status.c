// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include "bpffs.h"
#include "interface.h"
#include "link.h"
#include "pin_path.h"
#include "state_dir.h"
#include "status.h"

const char *status_word(enum status_state state)
{
	static const char *const words[] = {
		[STATUS_NOTHING] = "nothing attached, nothing pinned",
		[STATUS_OK] = "ok",
		[STATUS_NO_MAPS] = "no maps",
		[STATUS_NOT_PINNED] = "not pinned",
		[STATUS_OTHER_PROGRAM] = "pins of another program",
		[STATUS_LEFT_OVER] = "left-over pins, nothing attached",
		[STATUS_ELSEWHERE] = "attached elsewhere",
		[STATUS_UNKNOWN] = "unknown",
	};

	return words[state];
}

enum status_code status_code(enum status_state state)
{
	switch (state) {
	case STATUS_OK:
	case STATUS_NO_MAPS:
		return STATUS_CODE_OK;
	case STATUS_NOTHING:
	case STATUS_ELSEWHERE:
		return STATUS_CODE_NOTHING;
	case STATUS_NOT_PINNED:
	case STATUS_OTHER_PROGRAM:
	case STATUS_LEFT_OVER:
		return STATUS_CODE_INCONSISTENT;
	case STATUS_UNKNOWN:
		break;
	}
	return STATUS_CODE_UNKNOWN;
}

enum status_code status_code_worse(enum status_code a, enum status_code b)
{
	static const int badness[] = {
		[STATUS_CODE_OK] = 0,
		[STATUS_CODE_NOTHING] = 1,
		[STATUS_CODE_INCONSISTENT] = 2,
		[STATUS_CODE_UNKNOWN] = 3,
	};

	return badness[b] > badness[a] ? b : a;
}

static bool has_pin_of_program(const struct status *status)
{
	for (size_t i = 0; i < status->pins.count; i++)
		if (prog_info_has_map(&status->prog, status->pins.pins[i].map_id))
			return true;
	return false;
}

static enum status_state find_user(struct status *status)
{
	for (size_t i = 0; i < status->pins.count; i++) {
		int found = prog_info_find_user(status->pins.pins[i].map_id, &status->pins.progs,
						&status->elsewhere);

		if (found)
			return found == 1 ? STATUS_ELSEWHERE : STATUS_UNKNOWN;
	}
	return STATUS_LEFT_OVER;
}

static enum status_state judge(struct status *status)
{
	if (status->pins_err)
		return STATUS_UNKNOWN;
	if (!status->attached.id)
		return status->pins.count ? find_user(status) : STATUS_NOTHING;
	if (!status->pins.count)
		return status->attached.fd >= 0 && !status->prog.map_count ? STATUS_NO_MAPS
									   : STATUS_NOT_PINNED;
	if (status->attached.fd < 0)
		return STATUS_UNKNOWN;
	return has_pin_of_program(status) ? STATUS_OK : STATUS_OTHER_PROGRAM;
}

/* Only the owner of the state directory can look into it. */
static void look_at_pending(struct status *status, int root, const char *name)
{
	int fd = root < 0 ? -ENOENT : state_dir_peek(root, name);

	if (fd < 0)
		return;
	if (pending_read(fd, &status->pending) || status->pending.prog_id != status->attached.id)
		status->pending = (struct pending){ 0 };
	close(fd);
}

static void look_at_pins(struct status *status)
{
	struct pin_place place = { .parent = bpffs_open() };

	pin_dir_name(place.name, status->ifname);
	snprintf(place.path, sizeof(place.path), "%s/%s", BPFFS_ROOT, place.name);
	status->pins_err = place.parent < 0 ? place.parent : pin_dir_look(&place, &status->pins);
	if (!status->pins_err)
		status->pins_err = pin_dir_check(&status->pins);
	look_at_pending(status, place.parent, place.name);
	if (place.parent >= 0)
		close(place.parent);
	/* without the BPF file system there are no pins */
	if (status->pins_err == -ENOENT || status->pins_err == -EMEDIUMTYPE)
		status->pins_err = *status->pins.stranger ? status->pins_err : 0;
}

int status_read(const char *ifname, struct status *status)
{
	int err = 0;

	*status = (struct status){ .attached.fd = -1 };
	/* the pins are under the real name, not under an alternative one */
	status->ifindex = interface_find(ifname, status->ifname);
	if (status->ifindex < 0 && status->ifindex != -ENODEV)
		return status->ifindex;
	if (status->ifindex < 0)
		status->ifindex = 0;
	if (status->ifindex)
		err = xdp_prog_query(status->ifindex, &status->attached);
	if (err)
		return err;
	xdp_prog_open(&status->attached);
	prog_info_read(status->attached.fd, &status->prog);
	if (status->ifindex)
		netdev_features_read(status->ifindex, &status->features);
	look_at_pins(status);
	status->state = judge(status);
	return 0;
}

void status_free(struct status *status)
{
	xdp_prog_close(&status->attached);
	pin_dir_free(&status->pins);
}

static int show_one(const char *ifname, status_show *show)
{
	struct status status;
	int err = status_read(ifname, &status);

	if (err)
		return err == -ENODEV ? 0 : err; /* it was deleted after the list was read */
	/* skip a directory that belongs to no interface and cannot be read */
	if (status.state != STATUS_NOTHING && (status.ifindex || !status.pins_err))
		show(&status);
	status_free(&status);
	return 0;
}

/* Skip interfaces without program and pins early: a machine can have a thousand. */
static int show_if_used(const struct link *link, void *show)
{
	const struct link_xdp *xdp = &link->xdp;
	char path[PIN_PATH_SIZE];

	pin_path(path, link->name, ".");
	if (!xdp->native_id && !xdp->skb_id && !xdp->hw_id && access(path, F_OK))
		return 0;
	return show_one(link->name, *(status_show **)show);
}

/* Show the pins that deleted interfaces have left. */
static int show_gone(status_show *show)
{
	char ifname[IF_NAMESIZE];
	struct dirent *entry;
	int err = 0;
	DIR *root;

	root = opendir(BPFFS_ROOT);
	if (!root)
		return errno == ENOENT || errno == EACCES ? 0 : -errno;
	while (!err && (entry = readdir(root)))
		if (entry->d_type == DT_DIR && !pin_dir_ifname(ifname, entry->d_name) &&
		    !if_nametoindex(ifname))
			err = show_one(ifname, show);
	closedir(root);
	return err;
}

int status_read_all(status_show *show)
{
	int err = link_for_each(show_if_used, &show);

	return err ?: show_gone(show);
}
