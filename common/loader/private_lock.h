/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A lock that only root can hold. flock(2) takes no more than an open descriptor, so a
 * lock on a directory that everybody may open can be held by everybody, for ever.
 */
#ifndef PRIVATE_LOCK_H
#define PRIVATE_LOCK_H

/*
 * Wait for the lock, which is held for a few system calls. Returns a descriptor, and
 * closing it releases the lock; or -errno where there is no such lock: without /run, or
 * for another user than root.
 */
int private_lock(void);

#endif
