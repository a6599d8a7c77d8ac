/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Repair what a killed loader has left in the state directory. Never prints.
 */
#ifndef RECOVERY_H
#define RECOVERY_H

struct load;

/*
 * Check every staged directory of the interface. The one of the attached program is put
 * in place, and load->recovered becomes its name. The others are removed; without
 * --force, a directory whose maps are used by a program, perhaps in another network
 * namespace, stays. Returns 0 or -errno; load->staged is then the directory that
 * failed.
 */
int recovery_run(struct load *load);

#endif
