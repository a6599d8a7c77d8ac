/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A lock that only root can hold. flock(2) needs only an open descriptor, so any user
 * can hold a lock on a directory that all users may open, without limit.
 */
#ifndef SETUP_LOCK_H
#define SETUP_LOCK_H

/*
 * Wait for the lock, which is held only for a few system calls. Returns a descriptor or
 * -errno; the caller closes the descriptor to release the lock. There is no such lock
 * without /run or if the user is not root.
 */
int setup_lock(void);

#endif
