/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A lock that only root can hold. flock(2) needs only an open descriptor, so any user
 * can hold a lock on a directory that all users may open, without limit.
 */
#ifndef SETUP_LOCK_H
#define SETUP_LOCK_H

/*
 * Wait for the lock, which is held only for a few system calls. Returns a descriptor or
 * -errno; the caller calls setup_unlock(). There is no such lock without /run or if the
 * user is not root.
 */
int setup_lock(void);

/*
 * Release a lock, this one or another of flock(2), and close its descriptor; lock may be
 * -errno. Not by close(2) alone: if that failed, this process would wait for itself.
 */
void setup_unlock(int lock);

#endif
