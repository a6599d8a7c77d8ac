/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The XDP program of an interface: which one is attached, and replacing and detaching
 * exactly that one. Functions return 0 or -errno and never print; what the kernel says
 * about an error is in libbpf_log_extack().
 */
#ifndef XDP_PROG_H
#define XDP_PROG_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "prog_info.h"

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

/* The flag of bpf_xdp_attach() for a mode, 0 for XDP_MODE_AUTO. */
__u32 xdp_mode_flag(enum xdp_mode mode);

/* A program, attached or to be attached; id 0 and mode XDP_MODE_NONE for none. */
struct xdp_prog {
	enum xdp_mode mode;
	__u32 id;
	char name[PROG_NAME_SIZE]; /* empty where the kernel does not tell us */
	int fd;                    /* of the program, or -1 */
};

/* Fill in id, name and descriptor of a program that is loaded. Returns 0 or -errno. */
int xdp_prog_read(struct xdp_prog *prog, const struct bpf_program *loaded);

/* "id 12, xdp_drop_func, native" */
void xdp_prog_describe(char *text, size_t size, const struct xdp_prog *prog);

/*
 * Which program is attached: fills in mode and id. Native comes before skb, and an
 * offloaded program, which can stand beside either, last.
 */
int xdp_prog_query(int ifindex, struct xdp_prog *prog);

/*
 * Hold the attached program by a descriptor and learn its name. That takes
 * CAP_SYS_ADMIN: without it fd stays -1 and the name empty. Ends with
 * xdp_prog_close().
 */
void xdp_prog_open(struct xdp_prog *prog);
void xdp_prog_close(struct xdp_prog *prog);

/*
 * After a request to attach has returned err: what is attached tells whether the change
 * was made, for an answer of the kernel can be lost. Returns 0 if prog is attached.
 */
int xdp_prog_confirm(int ifindex, const struct xdp_prog *prog, int err);

enum xdp_replace_result {
	XDP_REPLACE_ATOMIC,   /* at every moment one of the two was attached */
	XDP_REPLACE_GAP,      /* another mode: for a moment none was */
	XDP_REPLACE_RESTORED, /* failed; the old program is attached again */
	XDP_REPLACE_LOST,     /* failed, and the old program could not be put back */
};

/*
 * Attach new in place of old and of nothing else: -EEXIST when another program has
 * taken its place meanwhile. *result is set on success and on failure; a failure with
 * XDP_REPLACE_ATOMIC has changed nothing. Where old has no descriptor, its mode is not
 * left: old could not be put back if the other mode failed.
 */
int xdp_prog_replace(int ifindex, enum xdp_mode mode, const struct xdp_prog *new,
		     const struct xdp_prog *old, enum xdp_replace_result *result);

/*
 * Detach exactly this program, and ask the kernel whether it is gone: it takes a detach
 * in the wrong mode for done. -EEXIST when it is no longer the attached one, -EALREADY
 * when it is still there.
 */
int xdp_prog_detach(int ifindex, const struct xdp_prog *prog);

#endif
