/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is attached to an interface, and attaching, replacing and detaching
 * exactly that. Functions return 0 or -errno and never print; the kernel's words
 * on an error are in libbpf_log_extack().
 */
#ifndef XDP_ATTACH_H
#define XDP_ATTACH_H

#include <stdbool.h>

#include <linux/bpf.h>

enum xdp_mode {
	XDP_MODE_NONE,
	XDP_MODE_SKB,    /* generic: after the stack has built an skb */
	XDP_MODE_NATIVE, /* in the driver */
	XDP_MODE_HW,     /* offloaded to the NIC */
	XDP_MODE_AUTO,   /* native where the driver can, else skb; only to ask for */
};

/* "skb", "native", "offload", "auto". */
const char *xdp_mode_name(enum xdp_mode mode);

/* What iproute2 calls it: "xdpgeneric", "xdpdrv", "xdpoffload", "xdp". */
const char *xdp_mode_of_ip(enum xdp_mode mode);

/* An attached program, or prog_id 0 and mode XDP_MODE_NONE. */
struct xdp_attached {
	enum xdp_mode mode;
	__u32 prog_id;
	char name[64]; /* the kernel keeps 15 bytes of it; empty where it does not tell us */
	int fd;        /* of the program, or -1 */
};

/*
 * Fill in mode and prog_id. Native comes before skb, and an offloaded program,
 * which can stand beside either, last.
 */
int xdp_attach_query(int ifindex, struct xdp_attached *attached);

/*
 * Hold the attached program by a descriptor and learn its name. That takes
 * CAP_SYS_ADMIN: without it fd stays -1 and the name empty. Ends with
 * xdp_attached_close().
 */
void xdp_attached_open(struct xdp_attached *attached);
void xdp_attached_close(struct xdp_attached *attached);

/*
 * In what follows prog is the program to attach, of which fd and prog_id count.
 * Where the answer of the kernel is lost, what is attached then tells whether the
 * change was made: 0 means that it was, an error that it was not.
 */

/* Attach where nothing is: -EBUSY or -EEXIST when something is, even just now. */
int xdp_attach_new(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog);

enum xdp_replace_result {
	XDP_REPLACE_ATOMIC,   /* at every moment one of the two was attached */
	XDP_REPLACE_GAP,      /* another mode: for a moment none was */
	XDP_REPLACE_RESTORED, /* failed; the old program is attached again */
	XDP_REPLACE_LOST,     /* failed, and the old program could not be put back */
};

/*
 * Attach in place of old and of nothing else: -EEXIST when another program has
 * taken its place meanwhile. *result is set on success and on failure; a failure
 * with XDP_REPLACE_ATOMIC has changed nothing.
 */
int xdp_attach_replace(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog,
		       const struct xdp_attached *old, enum xdp_replace_result *result);

/* Detach exactly this program. -EEXIST when it is no longer the attached one. */
int xdp_detach(int ifindex, const struct xdp_attached *attached);

#endif
