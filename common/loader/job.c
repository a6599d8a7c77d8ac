// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bpffs.h"
#include "diagnosis.h"
#include "explain.h"
#include "job.h"
#include "libbpf_log.h"
#include "log.h"
#include "map_users.h"
#include "interface.h"
#include "options.h"
#include "pin_path.h"

#define LOCK_TIMEOUT_MS 5000
#define CLEANUP_WAIT_MS 2000 /* a namespace that was deleted is dissolved later */
#define CLEANUP_POLL_MS 50

static int find_interface(struct job *job, const char *ifname, bool must_exist)
{
	int ifindex = interface_find(ifname, job->ifname);

	if (ifindex < 0 && ifindex != -ENODEV) {
		log_failure(strerror(-ifindex), "cannot look for the interface '%s'", ifname);
		return EXIT_FAILURE;
	}
	if (ifindex < 0 && must_exist) {
		log_error("there is no interface '%s' in this network namespace", ifname);
		log_hint("see: ip link");
		return EXIT_USAGE;
	}
	job->ifindex = ifindex < 0 ? 0 : ifindex;
	/* an alternative name works for the kernel; the pins go by the real one */
	if (strcmp(job->ifname, ifname))
		log_info("%s is another name of %s", ifname, job->ifname);
	pin_dir_name(job->dir, job->ifname);
	explain_word("IFNAME", job->ifname);
	explain_word("DIR", job->dir);
	if (!job->ifindex)
		return 0;
	explain("ioctl(SIOCGIFINDEX)", "ip link show",
		"the interface %s has index %d; its pins go to %s/%s", job->ifname, job->ifindex,
		BPFFS_ROOT, job->dir);
	return 0;
}

/* 'ip netns exec' makes one for the command that it runs, which ends with it. */
static bool has_own_mount_namespace(void)
{
	struct stat ours, parents;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", getppid());
	return !stat("/proc/self/ns/mnt", &ours) && !stat(path, &parents) &&
	       ours.st_ino != parents.st_ino;
}

static int open_bpffs(struct job *job)
{
	int err;

	job->lock = bpffs_open();
	if (job->lock == -EMEDIUMTYPE || job->lock == -ENOENT) {
		err = bpffs_mount();
		job->lock = err ?: bpffs_open();
		if (!err)
			log_info("mounted the BPF file system on " BPFFS_ROOT);
		if (!err && has_own_mount_namespace())
			log_hint("this is a mount namespace of its own, as of 'ip netns exec': the "
				 "pins end with it; enter with: nsenter --net=/run/netns/NAME");
	}
	if (job->lock >= 0) {
		explain("statfs(2), and mount(2) where it is missing",
			"mount -t bpf -o mode=0700 bpf " BPFFS_ROOT,
			"a BPF file system is mounted on " BPFFS_ROOT
			": a pin in it keeps a map alive when the process that made it has ended");
		return 0;
	}
	log_failure(strerror(-job->lock), "cannot open the BPF file system on " BPFFS_ROOT);
	if (job->lock == -EACCES)
		log_hint("run it as root, as with sudo");
	else
		log_hint("as root: mount -t bpf -o mode=0700 bpf " BPFFS_ROOT);
	return EXIT_OBJECT;
}

static int take_lock(struct job *job)
{
	int err = bpffs_lock(job->lock, LOCK_TIMEOUT_MS);
	pid_t holder;

	if (!err) {
		explain("flock(2)", "flock " BPFFS_ROOT " sleep 60",
			"the lock on " BPFFS_ROOT " is ours: no other loader works meanwhile");
		return 0;
	}
	if (err != -ETIMEDOUT) {
		log_failure(strerror(-err), "cannot lock " BPFFS_ROOT);
		return EXIT_FAILURE;
	}
	holder = bpffs_lock_holder(job->lock);
	log_failure("another process has held it for 5 s", "cannot lock " BPFFS_ROOT);
	if (holder)
		log_hint("process %d holds the lock; try again when it has ended", holder);
	else
		log_hint("try again when the other loader has ended; see: lsof " BPFFS_ROOT);
	return EXIT_FAILURE;
}

static int query_attached(struct job *job)
{
	char what[128];
	int err;

	if (!job->ifindex)
		return 0;
	err = xdp_attach_query(job->ifindex, &job->old);
	if (err) {
		log_failure(strerror(-err), "cannot ask what is attached to %s", job->ifname);
		return EXIT_ATTACH;
	}
	xdp_attached_open(&job->old);
	describe_attached(what, sizeof(what), &job->old);
	explain("netlink: RTM_GETLINK", "ip -d link show dev IFNAME", "attached to %s: %s",
		job->ifname, job->old.prog_id ? what : "nothing");
	return 0;
}

static int say_bad_pins(const char *dir, const struct pin_dir *pins, int err)
{
	log_failure(pin_dir_strerror(err), "cannot use the pin directory " BPFFS_ROOT "/%s", dir);
	if (geteuid())
		log_hint("run it as root, as with sudo");
	else if (err == -EMEDIUMTYPE && *pins->stranger)
		log_hint("'%s' in it is not ours to remove: look at it and move or remove it",
			 pins->stranger);
	else if (err == -EMEDIUMTYPE)
		log_hint("see what it is, and move or remove it: ls -l " BPFFS_ROOT "/%s", dir);
	else if (err == -EACCES)
		log_hint("chmod go-w " BPFFS_ROOT "/%s", dir);
	else
		log_hint("see whose it is, and move or remove it: ls -ld " BPFFS_ROOT "/%s", dir);
	return EXIT_OBJECT;
}

static int read_pins(struct job *job)
{
	int err = pin_dir_read(job->dir, &job->old_pins);

	job->has_old_pins = !err;
	if (err && err != -ENOENT)
		return say_bad_pins(job->dir, &job->old_pins, err);
	explain("readdir(3); bpf(BPF_OBJ_GET), bpf(BPF_OBJ_GET_INFO_BY_FD)",
		"ls -i " BPFFS_ROOT "/DIR", "pinned maps in %s/%s so far: %zu", BPFFS_ROOT,
		job->dir, job->old_pins.count);
	return 0;
}

static int recover(struct job *job)
{
	static const struct pin_dir unknown;
	char staged[NAME_MAX + 1];
	bool recovered;
	int err = pin_dir_recover(job->dir, job->has_old_pins ? &job->old_pins : NULL,
				  job->old.prog_id, staged, &recovered);

	if (err)
		return say_bad_pins(*staged ? staged : job->dir, &unknown, err);
	if (!recovered)
		return 0;
	explain("renameat2(2)", NULL, "a loader that was killed had left %s: it is in place now",
		staged);
	log_info("%s: pinned the maps of program %u, whose loader had been killed", job->ifname,
		 job->old.prog_id);
	pin_dir_free(&job->old_pins);
	return read_pins(job);
}

int job_open(struct job *job, const char *ifname, int flags)
{
	const bool look_only = flags & JOB_LOOK_ONLY;
	int status;

	*job = (struct job){ .lock = -1, .old.fd = -1, .new.fd = -1 };
	status = find_interface(job, ifname, flags & JOB_MUST_EXIST);
	if (!look_only)
		status = status ?: open_bpffs(job) ?: take_lock(job);
	status = status ?: query_attached(job);
	status = status ?: read_pins(job);
	if (!look_only)
		status = status ?: recover(job);
	return status;
}

void job_close(struct job *job)
{
	bpf_object__close(job->obj);
	pin_dir_free(&job->old_pins);
	xdp_attached_close(&job->old);
	if (job->lock >= 0)
		close(job->lock);
	libbpf_log_reset();
}

/* Is the map in use by another program than ours? Waits for one that is going. */
static bool has_other_user(const struct job *job, __u32 map_id, struct map_user *user)
{
	const struct timespec pause = { .tv_nsec = CLEANUP_POLL_MS * 1000000 };

	for (int waited = 0;; waited += CLEANUP_POLL_MS) {
		if (map_find_user(map_id, user) != 1)
			return false;
		if (job->ifindex || waited >= CLEANUP_WAIT_MS)
			return true;
		nanosleep(&pause, NULL);
	}
}

int job_check_pins(const struct job *job)
{
	struct map_user user;
	char why[128];

	for (size_t i = 0; i < job->old_pins.count; i++) {
		const struct pin *pin = &job->old_pins.pins[i];

		if (prog_uses_map(job->old.fd, pin->map_id) ||
		    !has_other_user(job, pin->map_id, &user))
			continue;
		snprintf(why, sizeof(why),
			 "map %u is in use by program %u (%s), which is not attached to %s here",
			 pin->map_id, user.prog_id, user.name, job->ifname);
		log_failure(why, "cannot take " BPFFS_ROOT "/%s/%s", job->dir, pin->name);
		log_hint("it may be an interface of the same name in another network namespace; "
			 "--force takes the pins all the same");
		return EXIT_OBJECT;
	}
	return 0;
}
