/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of network interfaces: which there can be, and what one stands for. Functions
 * never print.
 */
#ifndef INTERFACE_H
#define INTERFACE_H

#include <net/if.h>

#include "options.h"

/* Can an interface have this name? Returns 0 or -EINVAL. */
int interface_check_name(const char *name);

/*
 * The index of an interface of this network namespace. name may be an alternative
 * name; real is the one that it goes by, and name where there is no such interface.
 * Returns the index or -errno, -ENODEV when there is no such interface.
 */
int interface_find(const char *name, char real[IF_NAMESIZE]);

/* Reads a const char *: a possible interface name, given once. */
option_parser option_ifname;

#endif
