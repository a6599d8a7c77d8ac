/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the driver of an interface announces that it can do with XDP, by the generic
 * netlink family "netdev" of kernel 6.3. Needs no privileges. Functions never print.
 */
#ifndef NETDEV_FEATURES_H
#define NETDEV_FEATURES_H

#include <stdbool.h>

#include <linux/types.h>

#include "text.h"

/* Bits of xdp: enum netdev_xdp_act of <linux/netdev.h>, which is newer than some headers. */
#define DRIVER_HAS_BASIC (1 << 0) /* native mode */
#define DRIVER_HAS_FRAGS (1 << 5) /* programs of SEC("xdp.frags") */

struct netdev_features {
	bool is_known;          /* false before kernel 6.3 */
	bool is_metadata_known; /* false before kernel 6.7 */
	__u64 xdp, metadata;    /* bits */
};

/* Fill in *features; nothing is known if the kernel does not answer. */
void netdev_features_read(int ifindex, struct netdev_features *features);

/*
 * Does the driver announce that it has no native mode? False if nothing is known. A
 * driver from outside of the kernel may have it all the same.
 */
bool netdev_lacks_native(const struct netdev_features *features);

/* Add "basic, redirect, frags; metadata: hash", or "none", or "unknown". */
void netdev_features_describe(const struct netdev_features *features, struct text *text);

/* Print the JSON value: an object with two lists, or null. */
void netdev_features_json(const struct netdev_features *features);

#endif
