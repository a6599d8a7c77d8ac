// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "clock.h"
#include "libbpf_log.h"
#include "loads.h"
#include "losses.h"
#include "map_freeze.h"
#include "messages.h"
#include "netns.h"
#include "object.h"
#include "pin.h"
#include "pin_publish.h"
#include "report_losses.h"
#include "xdp_losses.h"

#define PINS   BPFFS_ROOT "/" XDP_LOSSES_DIR
#define STAGED "new" /* in the directory of the lock */
#define OLD    "old"

#define INTERFACES     1024
#define SPARES_PER_CPU 128 /* free entries that a CPU keeps for itself (LOCAL_FREE_TARGET) */

/* losses_object.S */
extern const char losses_object[];
extern const __u32 losses_object_size;

static struct losses losses; /* of this run */

static struct bpf_map *losses_map(const struct load *load)
{
	return bpf_object__find_map_by_name(load->obj, XDP_LOSSES_MAP);
}

/* So that INTERFACES have an entry, however the entries are spread over the CPUs. */
static int size_map(struct bpf_map *map)
{
	const int cpus = libbpf_num_possible_cpus();

	return bpf_map__set_max_entries(map, INTERFACES + SPARES_PER_CPU * (cpus > 0 ? cpus : 1));
}

static int load_programs(struct load *load)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "xdp_losses");
	struct bpf_map *constants;
	__u64 cookie;
	__u32 has_cookie = !netns_cookie(&cookie);
	int err;

	libbpf_log_reset();
	load->obj = bpf_object__open_mem(losses_object, losses_object_size, &opts);
	if (!load->obj)
		return -errno;
	constants = bpf_object__find_map_by_name(load->obj, ".rodata");
	err = bpf_map__set_initial_value(constants, &has_cookie, sizeof(has_cookie));
	if (!err)
		err = size_map(losses_map(load));
	if (!err)
		err = bpf_object__load(load->obj);
	return err ?: map_freeze(losses_map(load));
}

/* The name of the tracepoint is the name of the pin. */
static const char *tracepoint(const struct bpf_program *prog)
{
	return strchr(bpf_program__section_name(prog), '/') + 1;
}

static void pin_of(char path[PIN_PATH_SIZE], const char *dir, const char *name)
{
	snprintf(path, PIN_PATH_SIZE, "%.255s/%.255s", dir, name);
}

static int read_tag(int fd, __u8 tag[BPF_TAG_SIZE])
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	int err = bpf_obj_get_info_by_fd(fd, &info, &length);

	memcpy(tag, info.tag, BPF_TAG_SIZE);
	return err;
}

/* Does a pinned link have this program? Without CAP_SYS_ADMIN a link is all that is seen. */
static bool is_linked(const struct bpf_program *prog)
{
	__u8 tag[BPF_TAG_SIZE] = { 0 }, pinned_tag[BPF_TAG_SIZE] = { 0 };
	struct bpf_link_info info = { 0 };
	__u32 length = sizeof(info);
	char path[PIN_PATH_SIZE];
	int link, pinned, err;

	pin_of(path, PINS, tracepoint(prog));
	link = bpf_obj_get(path);
	if (link < 0)
		return false;
	err = bpf_obj_get_info_by_fd(link, &info, &length);
	close(link);
	if (err)
		return false;
	pinned = bpf_prog_get_fd_by_id(info.prog_id);
	if (pinned < 0)
		return pinned == -EPERM;
	err = read_tag(pinned, pinned_tag) ?: read_tag(bpf_program__fd(prog), tag);
	close(pinned);
	return !err && !memcmp(tag, pinned_tag, BPF_TAG_SIZE);
}

static bool are_linked(const struct load *load)
{
	struct bpf_program *prog;

	bpf_object__for_each_program (prog, load->obj)
		if (!is_linked(prog))
			return false;
	return true;
}

/* Open a directory of pins: a descriptor or -errno, -EPERM if it belongs to another user. */
static int open_dir(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP || errno == EACCES ? -EPERM : -errno;
	if (!fstat(fd, &st) && st.st_uid == geteuid())
		return fd;
	close(fd);
	return -EPERM;
}

/* Remove a directory with all that is in it: the kernel ends links without a pin. */
static int remove_dir(int parent, const char *name)
{
	int fd = open_dir(parent, name);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(dir)))
		unlinkat(fd, entry->d_name, 0); /* fails for "." and ".." */
	closedir(dir);
	return unlinkat(parent, name, AT_REMOVEDIR) ? -errno : 0;
}

/* Of a loader that was killed. The programs of staged links count, too, where nobody reads. */
static int remove_leftovers(const struct load *load)
{
	return remove_dir(load->state.fd, STAGED) ?: remove_dir(load->state.fd, OLD);
}

static int attach_and_pin(const struct load *load)
{
	char path[PIN_PATH_SIZE];
	struct bpf_program *prog;
	int err;

	pin_of(path, load->staged.path, XDP_LOSSES_MAP);
	err = bpf_obj_pin(bpf_map__fd(losses_map(load)), path);
	bpf_object__for_each_program (prog, load->obj) {
		struct bpf_link *link = err ? NULL : bpf_program__attach(prog);

		if (!err && !link)
			return -errno;
		pin_of(path, load->staged.path, tracepoint(prog));
		err = err ?: bpf_link__pin(link, path);
		bpf_link__destroy(link); /* the pin keeps it */
	}
	return err;
}

/* The map is frozen, so readers can do no harm: let them in. */
static int open_to_readers(const struct load *load)
{
	int fd = pin_dir_open(&load->staged), err;

	if (fd < 0)
		return fd;
	err = fchmodat(fd, XDP_LOSSES_MAP, 0444, 0) || fchmod(fd, 0755) ? -errno : 0;
	close(fd);
	return err;
}

/* Returns 0, also if there is nothing; -EPERM if it belongs to another user. */
static int put_away(const struct load *load)
{
	int fd = open_dir(load->root, load->live.name);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	close(fd);
	return renameat(load->root, load->live.name, load->state.fd, OLD) ? -errno : 0;
}

static int publish(const struct load *load)
{
	int err = put_away(load);

	/* what another user has put there is moved aside */
	if (!err || err == -EPERM)
		err = pin_publish_first(&load->staged, &load->live);
	if (err) /* fails if nothing was put away */
		renameat(load->state.fd, OLD, load->root, load->live.name);
	return err;
}

static int pin_links(struct load *load)
{
	int err = remove_leftovers(load);

	load->staged.parent = load->state.fd;
	snprintf(load->staged.name, sizeof(load->staged.name), STAGED);
	snprintf(load->staged.path, PIN_PATH_SIZE, BPFFS_ROOT "/" STATE_DIR "/%.31s/" STAGED,
		 load->state.name);
	if (!err && mkdirat(load->state.fd, STAGED, S_IRWXU))
		err = -errno;
	if (!err)
		err = attach_and_pin(load) ?: open_to_readers(load);
	if (!err)
		err = publish(load);
	remove_leftovers(load);
	return err;
}

static int start(struct load *load)
{
	int err = step_run(load, STEP_LOSSES_LOAD, load_programs);

	if (err)
		return err;
	losses.is_on = true;
	if (losses.was_on && are_linked(load))
		return remove_leftovers(load);
	losses.is_updated = losses.was_on;
	losses.map_id = object_map_id(losses_map(load));
	return step_run(load, STEP_LOSSES_PIN, pin_links);
}

static int unpin_links(struct load *load)
{
	return remove_leftovers(load) ?: put_away(load) ?: remove_leftovers(load);
}

static int switch_losses(struct load *load)
{
	int err = load_open(load);

	if (err)
		return err;
	losses.map_id = losses_map_id();
	losses.was_on = losses.map_id;
	return load->opts->losses.off ? step_run(load, STEP_LOSSES_UNPIN, unpin_links)
				      : start(load);
}

int losses_run(const struct loader_options *opts, struct failure *failure)
{
	struct loads loads = { .opts = opts, .since_ns = clock_monotonic_ns() };
	struct load *load = loads.each = calloc(1, sizeof(*load));
	int err, status = 0;

	if (!load)
		return message_no_memory(failure);
	load_init(load, &loads, "");
	loads.count = 1;
	snprintf(load->ifname, sizeof(load->ifname), "--losses");
	snprintf(load->live.name, sizeof(load->live.name), XDP_LOSSES_DIR);
	snprintf(load->live.path, sizeof(load->live.path), PINS);
	loads_hold_signals(&loads);
	err = switch_losses(load);
	if (err)
		status = message_failed(load, err);
	loads_unlock(&loads);
	if (!status)
		report_losses(opts, &losses);
	*failure = loads.failure;
	loads_end(&loads);
	return status;
}

__u32 losses_map_id(void)
{
	struct bpf_map_info info;
	int fd = pin_open_map(PINS "/" XDP_LOSSES_MAP, &info);

	if (fd < 0)
		return 0;
	close(fd);
	return info.id;
}
