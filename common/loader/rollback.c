// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "confirm.h"
#include "loads.h"
#include "messages_confirm.h"
#include "rollback.h"

#ifndef SYS_close_range /* new in kernel 5.9, with the same number everywhere */
#define SYS_close_range 436
#endif

#define NS_PER_MS 1000000
#define KEPT_FD   3    /* the directory of the pending load, with its lock */
#define POLL_MS   1000 /* where inotify(7) is not to be had */
#define TRIES_MAX 60   /* a failure may pass: one try a second */

static void close_from(int first)
{
	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
	for (int fd = first; fd < sysconf(_SC_OPEN_MAX); fd++)
		close(fd);
}

/* Maps that are mapped into memory and descriptors would keep what others remove. */
static void leave_loader(const struct load *load, int dir, int null)
{
	const struct loads *loads = load->loads;
	int kept = fcntl(dir, F_DUPFD, KEPT_FD + 1);
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	(void)!chdir("/");
	for (size_t i = 0; i < loads->count; i++)
		bpf_object__close(loads->each[i].obj);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	dup2(kept < 0 ? dir : kept, KEPT_FD);
	close_from(KEPT_FD + 1);
}

/* Wait for a change in the directory, at most until the deadline. */
static void wait_for_change(int notify, uint64_t deadline_ns)
{
	struct pollfd change = { .fd = notify, .events = POLLIN };
	const uint64_t now = clock_monotonic_ns();
	char events[4096];
	uint64_t ms;

	if (now >= deadline_ns)
		return;
	ms = (deadline_ns - now) / NS_PER_MS + 1;
	if (notify < 0 && ms > POLL_MS)
		ms = POLL_MS;
	poll(&change, 1, ms);
	while (notify >= 0 && read(notify, events, sizeof(events)) > 0)
		; /* which change it was does not matter */
}

/* Returns true if the time is over, false if the load is no longer pending. */
static bool wait_for_deadline(int notify, __u32 prog_id)
{
	struct pending pending;

	while (!pending_read_facts(KEPT_FD, &pending) && pending.prog_id == prog_id) {
		if (!pending_seconds_left(&pending))
			return true;
		wait_for_change(notify, pending.deadline_ns);
	}
	return false;
}

/* What --rollback does, if the time is still over when the lock is taken. */
static int take_back(const char *ifname, __u32 prog_id)
{
	const struct loader_options opts = {
		.devs = { { ifname }, 1 },
		.wait_ms = -1,
		.rollback = true,
	};
	struct loads loads;
	int status = loads_begin(&loads, &opts);
	struct load *load = loads.each;

	if (!status && load->pending.prog_id == prog_id && !pending_seconds_left(&load->pending)) {
		status = loads_finish(&loads, STEP_ROLL_BACK, confirm_roll_back);
		loads_unlock(&loads);
		message_rolled_back(load, &loads.failure);
	}
	loads_end(&loads);
	return status;
}

static void watch(const char *ifname, const char *dir_name, __u32 prog_id)
{
	char path[PIN_PATH_SIZE];
	int notify = inotify_init1(IN_NONBLOCK);

	pending_path(path, dir_name);
	if (notify >= 0 && inotify_add_watch(notify, path, IN_DELETE | IN_MOVED_TO) < 0) {
		close(notify);
		notify = -1;
	}
	for (int i = 0; i < TRIES_MAX && wait_for_deadline(notify, prog_id); i++)
		if (take_back(ifname, prog_id))
			clock_sleep_until(clock_monotonic_ns() + NS_PER_S);
}

int rollback_start(const struct load *load, int dir)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), err;
	pid_t pid;

	if (null < 0)
		return -errno;
	signal(SIGCHLD, SIG_IGN); /* no zombie, even if this process hangs at its report */
	pid = fork();
	err = pid < 0 ? -errno : 0;
	if (!pid) {
		leave_loader(load, dir, null);
		watch(load->ifname, load->state.name, load->new.id);
		_exit(0);
	}
	close(null);
	return err;
}
