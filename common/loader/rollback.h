/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process that waits for the confirmation of a load, and takes the load back if there
 * is none.
 */
#ifndef ROLLBACK_H
#define ROLLBACK_H

struct load;

/*
 * Start the process, in a session of its own and without the descriptors of this one: it
 * does not notice that the terminal, the session or the loader ends, and only SIGKILL
 * ends it early. It waits until load->pending is removed or its time is over. dir is the
 * descriptor of its directory, with the lock, which the process keeps. The caller closes
 * its own. Returns 0 or -errno. Never prints.
 */
int rollback_start(const struct load *load, int dir);

#endif
