/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf crashes on some corrupt object files. While the guard is armed, a crash ends
 * this process with a message, as any other failure does. To be armed only while
 * nothing is attached and nothing is pinned: nothing is undone but the lock.
 */
#ifndef CRASH_GUARD_H
#define CRASH_GUARD_H

struct load;

/*
 * Before a call of libbpf. A crash is then told on stderr, or with --json on stdout, the
 * lock is released, its empty directory removed, and the process exits with EXIT_OBJECT.
 * The signal handlers stay when the guard is disarmed: a crash then kills the process.
 */
void crash_guard_arm(const struct load *load, const char *call);

/* After that call. */
void crash_guard_disarm(void);

#endif
