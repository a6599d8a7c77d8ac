/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets that were lost after the verdict of an XDP program: the contract between the
 * programs of common/losses/, which count them for the whole machine, and xdp_stats.
 */
#ifndef XDP_LOSSES_H
#define XDP_LOSSES_H

#include <linux/types.h>

/* In the BPF file system; longer than the name of an interface can be. */
#define XDP_LOSSES_DIR "xdp_loader:losses"
#define XDP_LOSSES_MAP "xdp_losses_map"

/*
 * Why a packet was lost: what a tracepoint of the kernel says. New reasons go to the
 * end. Drivers can lose packets without a word: those are not counted.
 */
enum xdp_loss {
	/* xdp_exception: the program returned XDP_ABORTED, or no action at all */
	XDP_LOSS_ABORTED,
	XDP_LOSS_UNKNOWN_ACTION,

	/* xdp_bulk_tx, which veth has: -ENXIO; packets left over; another error, or
	   xdp_exception with XDP_TX, which most other drivers have */
	XDP_LOSS_TX_NO_RECEIVER,
	XDP_LOSS_TX_FULL,
	XDP_LOSS_TX_FAILED,

	/* xdp_redirect_err, for each packet: -EINVAL for an index; -EBADRQC; -ENETDOWN;
	   -EMSGSIZE */
	XDP_LOSS_REDIRECT_NO_DEVICE,
	XDP_LOSS_REDIRECT_NO_TARGET,
	XDP_LOSS_REDIRECT_DOWN,
	XDP_LOSS_REDIRECT_TOO_LONG,
	/* -EOPNOTSUPP, from kernel 6.3 on, or xdp_devmap_xmit, for a bulk: -ENXIO. The
	   first if the target is a veth, the second for others */
	XDP_LOSS_REDIRECT_NO_RECEIVER,
	XDP_LOSS_REDIRECT_UNSUPPORTED,
	/* xdp_devmap_xmit: packets left over; -ENOBUFS of an AF_XDP socket */
	XDP_LOSS_REDIRECT_FULL,
	/* another error */
	XDP_LOSS_REDIRECT_FAILED,

	XDP_LOSSES
};

#define XDP_LOSS_SLOTS 16 /* a power of two, with room for new reasons */

/* The interface whose program returned the action. */
struct xdp_losses_key {
	__u64 netns; /* SO_NETNS_COOKIE; its inode number on kernels before 5.14 */
	__u32 ifindex;
	__u32 pad;
};

struct xdp_losses {
	__u64 packets[XDP_LOSS_SLOTS]; /* by enum xdp_loss */
};

#endif
