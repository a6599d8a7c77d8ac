/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which XDP programs the kernel runs on the interfaces that are watched, by rtnetlink(7),
 * which needs no privileges. Functions never print.
 */
#ifndef ATTACHED_H
#define ATTACHED_H

#include <stdint.h>

#include "watch_list.h"

/* From here on the kernel tells this process about changes of interfaces. */
void attached_listen(void);

#define ATTACHED_WAKE 2

/*
 * Sleep until this time of CLOCK_MONOTONIC, and note if the kernel tells something. wake is
 * NULL, or descriptors that end the sleep when they can be read; those that are -1 are not
 * looked at. Returns the one that did, or -1.
 */
int attached_sleep_until(uint64_t deadline_ns, const int wake[ATTACHED_WAKE]);

/*
 * Request the programs of all interfaces if something may have changed. The kernel does not
 * tell about links of bpf(2), nor about interfaces that are down: so also every 10 s.
 */
void attached_look(struct watch_list *list);

/*
 * Take over what attached_look() has found: WATCH_ATTACHED, _DETACHED, _PROGRAM_REPLACED, or
 * WATCH_SAME, also when it is found for the first time.
 */
enum watch_event attached_follow(struct watch *watch);

#endif
