// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "libbpf_log.h"
#include "netdev.h"
#include "xdp_attach.h"

static const struct {
	const char *name, *name_of_ip;
	__u32 flag;
} modes[] = {
	[XDP_MODE_NONE] = { "none", "xdp", 0 },
	[XDP_MODE_SKB] = { "skb", "xdpgeneric", XDP_FLAGS_SKB_MODE },
	[XDP_MODE_NATIVE] = { "native", "xdpdrv", XDP_FLAGS_DRV_MODE },
	[XDP_MODE_HW] = { "offload", "xdpoffload", XDP_FLAGS_HW_MODE },
	[XDP_MODE_AUTO] = { "auto", "xdp", 0 },
};

const char *xdp_mode_name(enum xdp_mode mode)
{
	return modes[mode].name;
}

const char *xdp_mode_of_ip(enum xdp_mode mode)
{
	return modes[mode].name_of_ip;
}

int xdp_attach_query(int ifindex, struct xdp_attached *attached)
{
	struct netdev_xdp xdp;
	int err = netdev_read_xdp(ifindex, &xdp);

	if (err)
		return err;
	*attached = (struct xdp_attached){ .fd = -1 };
	if (xdp.native_id)
		attached->mode = XDP_MODE_NATIVE, attached->prog_id = xdp.native_id;
	else if (xdp.skb_id)
		attached->mode = XDP_MODE_SKB, attached->prog_id = xdp.skb_id;
	else if (xdp.hw_id)
		attached->mode = XDP_MODE_HW, attached->prog_id = xdp.hw_id;
	return 0;
}

void xdp_attached_open(struct xdp_attached *attached)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	if (!attached->prog_id)
		return;
	attached->fd = bpf_prog_get_fd_by_id(attached->prog_id);
	if (attached->fd < 0)
		attached->fd = -1;
	else if (!bpf_obj_get_info_by_fd(attached->fd, &info, &length))
		snprintf(attached->name, sizeof(attached->name), "%s", info.name);
}

void xdp_attached_close(struct xdp_attached *attached)
{
	if (attached->fd >= 0)
		close(attached->fd);
	attached->fd = -1;
}

static bool is_attached(int ifindex, __u32 prog_id)
{
	struct xdp_attached now;

	return !xdp_attach_query(ifindex, &now) && now.prog_id == prog_id;
}

/*
 * With a descriptor of old the kernel changes nothing unless that is the program
 * which is attached. Without the right to have one, the query that came before has
 * to do.
 */
static int attach_over(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog,
		       const struct xdp_attached *old)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, expect, .old_prog_fd = old->fd);
	__u32 flags = modes[mode].flag | (old->fd >= 0 ? XDP_FLAGS_REPLACE : 0);
	int err;

	libbpf_log_reset();
	err = bpf_xdp_attach(ifindex, prog->fd, flags, old->fd >= 0 ? &expect : NULL);
	return err && is_attached(ifindex, prog->prog_id) ? 0 : err;
}

/* The first refusal is the one that counts: libbpf_log keeps it. */
static int attach_where_none(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog)
{
	__u32 flags = modes[mode].flag | XDP_FLAGS_UPDATE_IF_NOEXIST;
	int err = bpf_xdp_attach(ifindex, prog->fd, flags, NULL);

	return err && is_attached(ifindex, prog->prog_id) ? 0 : err;
}

int xdp_attach_new(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog)
{
	libbpf_log_reset();
	return attach_where_none(ifindex, mode, prog);
}

int xdp_detach(int ifindex, const struct xdp_attached *attached)
{
	static const struct xdp_attached none = { .fd = -1 };

	return attach_over(ifindex, attached->mode, &none, attached);
}

/* Native and skb exclude each other in the kernel: one must go first. */
static int replace_other_mode(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog,
			      const struct xdp_attached *old, enum xdp_replace_result *result)
{
	int err = xdp_detach(ifindex, old);

	if (err)
		return err;
	err = xdp_attach_new(ifindex, mode, prog);
	*result = XDP_REPLACE_GAP;
	if (!err)
		return 0;
	*result = XDP_REPLACE_LOST;
	if (old->fd >= 0 && !attach_where_none(ifindex, old->mode, old))
		*result = XDP_REPLACE_RESTORED;
	return err;
}

int xdp_attach_replace(int ifindex, enum xdp_mode mode, const struct xdp_attached *prog,
		       const struct xdp_attached *old, enum xdp_replace_result *result)
{
	int err;

	*result = XDP_REPLACE_ATOMIC;
	if (mode == old->mode)
		return attach_over(ifindex, mode, prog, old);
	if (mode == XDP_MODE_AUTO) {
		/* for the kernel, too, auto means one of the two: perhaps old's */
		err = attach_over(ifindex, mode, prog, old);
		if (err != -EEXIST || old->mode == XDP_MODE_NATIVE)
			return err;
	}
	return replace_other_mode(ifindex, mode, prog, old, result);
}
