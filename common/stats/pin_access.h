/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What keeps this process from opening a pin: the mode of a file, or a rule of the
 * kernel. Functions never print.
 */
#ifndef PIN_ACCESS_H
#define PIN_ACCESS_H

#include <stdbool.h>

#include "pin_path.h"

enum pin_obstacle {
	PIN_FREE,      /* the modes of all files let this process through */
	PIN_DIRECTORY, /* a directory on the path may not be entered */
	PIN_UNREADABLE /* the pin itself may not be read */
};

/* The first obstacle on the way to path; part is its path, empty without one. */
enum pin_obstacle pin_access_find(const char *path, char part[PIN_PATH_SIZE]);

/*
 * Does a kernel of this release, "5.10.0-8-amd64", with that number in
 * kernel.unprivileged_bpf_disabled, open pins only for CAP_BPF, whatever their mode?
 * 5.10 does where the number is not 0; 6.1 does not.
 */
bool pin_access_takes_capability(const char *release, int unprivileged_bpf_disabled);

/* kernel.unprivileged_bpf_disabled, or -errno. */
int pin_access_unprivileged_bpf_disabled(void);

/* Has this process CAP_BPF, or CAP_SYS_ADMIN, which includes it? */
bool pin_access_has_cap_bpf(void);

#endif
