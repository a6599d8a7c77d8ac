/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The XDP program of an interface: query it, and replace or detach exactly that
 * program. Functions return 0 or -errno and never print; libbpf_log_extack() has the
 * text of the kernel for an error.
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
	XDP_MODE_AUTO,   /* native if the driver supports it, else skb; only in requests */
};

/* "skb", "native", "offload", "auto". */
const char *xdp_mode_name(enum xdp_mode mode);

/* The name in ip(8): "xdpgeneric", "xdpdrv", "xdpoffload", "xdp". */
const char *xdp_mode_of_ip(enum xdp_mode mode);

/* The flag of bpf_xdp_attach() for a mode, 0 for XDP_MODE_AUTO. */
__u32 xdp_mode_flag(enum xdp_mode mode);

/* A program, attached or to be attached; id 0 and mode XDP_MODE_NONE for none. */
struct xdp_prog {
	enum xdp_mode mode;
	__u32 id;
	char name[PROG_NAME_SIZE]; /* "" if unknown */
	int fd;                    /* descriptor of the program, or -1 */
};

/* Fill in id, name and descriptor of a loaded program, which keeps the descriptor. */
int xdp_prog_read(struct xdp_prog *prog, const struct bpf_program *loaded);

/* "id 12, xdp_drop_func, native" */
void xdp_prog_describe(char *text, size_t size, const struct xdp_prog *prog);

/*
 * Find the attached program: fills in mode and id. An offloaded program can be attached
 * at the same time as one of the others; then the other one is returned.
 */
int xdp_prog_query(int ifindex, struct xdp_prog *prog);

/*
 * Open the attached program by its id and read its name. This needs CAP_SYS_ADMIN:
 * without it fd is -1 and the name is "". The caller calls xdp_prog_close().
 */
void xdp_prog_open(struct xdp_prog *prog);

/* Open the program prog->id by its pin. -ESTALE if another program is pinned there. */
int xdp_prog_open_pin(struct xdp_prog *prog, const char *path);
void xdp_prog_close(struct xdp_prog *prog);

/*
 * Check the result err of a request to attach: the answer of the kernel can be lost
 * although the change was made. Returns 0 if prog is attached, else err.
 */
int xdp_prog_confirm(int ifindex, const struct xdp_prog *prog, int err);

enum xdp_replace_result {
	XDP_REPLACE_ATOMIC,   /* one of the two was attached at all times */
	XDP_REPLACE_GAP,      /* another mode: for a moment no program was attached */
	XDP_REPLACE_RESTORED, /* failed; the old program is attached again */
	XDP_REPLACE_LOST,     /* failed, and the old program could not be attached again */
};

/*
 * Replace old, and only old, by new: -EEXIST if another program is attached by then.
 * *result is set on success and on failure; a failure with XDP_REPLACE_ATOMIC has
 * changed nothing. Without a descriptor of old the mode cannot be changed (-EPERM): old
 * could not be attached again if the other mode failed.
 */
int xdp_prog_replace(int ifindex, enum xdp_mode mode, const struct xdp_prog *new,
		     const struct xdp_prog *old, enum xdp_replace_result *result);

/*
 * Detach exactly this program, and check that it is detached: for the kernel, a detach
 * in the wrong mode is a success. -EEXIST if another program is attached, -EALREADY if
 * this one is still attached.
 */
int xdp_prog_detach(int ifindex, const struct xdp_prog *prog);

#endif
