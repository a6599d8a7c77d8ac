/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf crashes on some corrupt object files. While the guard is armed, a crash ends
 * this process with a message, like any other failure. Arm it only before the first
 * change to pins and interfaces: after a crash only the locks are released.
 */
#ifndef CRASH_GUARD_H
#define CRASH_GUARD_H

struct load;

/*
 * Call it before a function of libbpf; call is the name of the function. After a crash
 * the message is printed to stderr, or with --json to stdout, the locks are released, their
 * empty directories are removed, and the process exits with EXIT_OBJECT. While the guard
 * is not armed, a crash kills the process.
 */
void crash_guard_arm(const struct load *load, const char *call);

/* Call it after the function of libbpf. */
void crash_guard_disarm(void);

#endif
