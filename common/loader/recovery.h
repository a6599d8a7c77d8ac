/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Putting right what a loader that was killed has left in the state directory.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

struct load;

/*
 * Look at every staged directory of the interface. The one of the attached program is put
 * in its place, and load->recovered is its name; the others are removed, unless a program
 * uses their maps, perhaps in another network namespace, and --force is not given. Returns
 * 0 or -errno; load->staged is then the directory that makes trouble.
 */
int recovery_run(struct load *load);

#endif
