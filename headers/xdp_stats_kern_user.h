/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between an XDP program that counts and a program that reads: the name of
 * the map, the number of its entries and the contents of an entry. Both sides include
 * this file. After a change, compile both again.
 */
#ifndef XDP_STATS_KERN_USER_H
#define XDP_STATS_KERN_USER_H

#include <linux/bpf.h>

/* Name of the map in the object file, and of its pin in the file system. */
#define XDP_STATS_MAP_NAME "xdp_stats_map"

/*
 * The key of the map is an XDP action, a __u32 of enum xdp_action (<linux/bpf.h>):
 * XDP_ABORTED 0, XDP_DROP 1, XDP_PASS 2, XDP_TX 3, XDP_REDIRECT 4.
 */
#define XDP_ACTION_MAX (XDP_REDIRECT + 1)

/*
 * The value of the map: what one CPU has counted for one action since the map was
 * created. User space reads one such record for each possible CPU.
 */
struct datarec {
	__u64 rx_packets; /* packets */
	__u64 rx_bytes;   /* bytes, Ethernet header included, all fragments */
};

#endif
