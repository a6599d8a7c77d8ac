// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/rtnetlink.h>

#include "attached.h"
#include "clock.h"

#define LOOK_AGAIN_NS (10 * NS_PER_S)

static struct {
	int fd;         /* of the socket that the kernel tells changes to, or -1 */
	bool is_due;    /* something may have changed */
	bool is_known;  /* the last answer was complete */
	__u64 asked_ns; /* when the kernel was asked */
} state = { .fd = -1, .is_due = true };

void attached_listen(void)
{
	const struct sockaddr_nl links = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };

	state.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (state.fd >= 0 && bind(state.fd, (const struct sockaddr *)&links, sizeof(links))) {
		close(state.fd);
		state.fd = -1;
	}
}

int attached_sleep_until(uint64_t deadline_ns, const int wake[ATTACHED_WAKE])
{
	uint64_t now;

	while ((now = clock_monotonic_ns()) < deadline_ns) {
		const struct timespec left = { (deadline_ns - now) / NS_PER_S,
					       (deadline_ns - now) % NS_PER_S };
		/* once is enough: however much happens, this wakes up once a tick */
		struct pollfd fds[1 + ATTACHED_WAKE] = { { state.is_due ? -1 : state.fd, POLLIN } };
		int count;

		for (int i = 0; wake && i < ATTACHED_WAKE; i++)
			fds[1 + i] = (struct pollfd){ wake[i], POLLIN, 0 };
		count = ppoll(fds, wake ? 1 + ATTACHED_WAKE : 1, &left, NULL);
		if (count < 0 && errno != EINTR)
			clock_sleep_until(deadline_ns);
		if (count <= 0)
			continue;
		state.is_due = state.is_due || fds[0].revents;
		for (int i = 0; i < ATTACHED_WAKE; i++)
			if (fds[1 + i].revents)
				return wake[i];
	}
	return -1;
}

/* What the messages say is not looked at: some may be lost, and the answer has it all. */
static void drop_messages(void)
{
	char byte;

	while (state.fd >= 0 && (recv(state.fd, &byte, 1, 0) >= 0 || errno == ENOBUFS))
		;
}

static bool is_due(const struct watch_list *list, __u64 now_ns)
{
	if (state.is_due || now_ns - state.asked_ns >= LOOK_AGAIN_NS)
		return true;
	for (size_t i = 0; i < list->count; i++)
		if (*list->watches[i].ifname && !list->watches[i].is_prog_known)
			return true;
	return false;
}

static int take_link(const struct link *link, void *context)
{
	struct watch *watch = watch_list_find(context, link->name);

	if (watch) {
		watch->xdp = link->xdp;
		watch->has_interface = true;
	}
	return 0;
}

void attached_look(struct watch_list *list)
{
	const __u64 now_ns = clock_monotonic_ns();

	if (!is_due(list, now_ns))
		return;
	state.is_due = false;
	state.asked_ns = now_ns;
	drop_messages();
	for (size_t i = 0; i < list->count; i++) {
		list->watches[i].xdp = (struct link_xdp){ 0 };
		list->watches[i].has_interface = false;
	}
	state.is_known = !link_for_each(take_link, list);
}

enum watch_event attached_follow(struct watch *watch)
{
	const bool was_known = watch->is_prog_known;
	const char *mode;
	__u32 id = link_xdp_id(&watch->xdp, &mode), map_count;

	if (!*watch->ifname || !state.is_known)
		return WATCH_SAME;
	watch->is_prog_known = true;
	watch->prog_mode = mode;
	if (was_known && watch->prog_id == id)
		return WATCH_SAME;
	watch->previous_prog_id = watch->prog_id;
	watch->prog_id = id;
	if (!id || prog_name_by_id(id, watch->prog_name, &map_count))
		*watch->prog_name = '\0';
	if (!was_known)
		return WATCH_SAME;
	if (!id)
		return WATCH_DETACHED;
	return watch->previous_prog_id ? WATCH_PROGRAM_REPLACED : WATCH_ATTACHED;
}
