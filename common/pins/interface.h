/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of network interfaces: which ones are valid, and which interface has one.
 * Functions never print.
 */
#ifndef INTERFACE_H
#define INTERFACE_H

#include <net/if.h>
#include <stdbool.h>

#include "options.h"

/* Is this a valid name of an interface? Returns 0 or -EINVAL. */
int interface_check_name(const char *name);

/*
 * Find an interface in this network namespace by its name or alternative name. real
 * becomes its name, or name if there is no such interface. Returns the index or -errno:
 * -ENODEV if there is no such interface.
 */
int interface_find(const char *name, char real[IF_NAMESIZE]);

/*
 * The interface whose name is most like this one. Returns false if none is like it.
 */
bool interface_nearest(const char *name, char nearest[IF_NAMESIZE]);

/* Reads a const char *: a valid interface name. Two different names are an error. */
option_parser option_ifname;

#endif
