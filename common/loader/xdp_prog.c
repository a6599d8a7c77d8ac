// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "libbpf_log.h"
#include "link.h"
#include "visible.h"
#include "xdp_prog.h"

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

__u32 xdp_mode_flag(enum xdp_mode mode)
{
	return modes[mode].flag;
}

int xdp_prog_read(struct xdp_prog *prog, const struct bpf_program *loaded)
{
	const int fd = bpf_program__fd(loaded);
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	int err = bpf_obj_get_info_by_fd(fd, &info, &length);

	if (err)
		return err;
	*prog = (struct xdp_prog){ .id = info.id, .fd = fd };
	snprintf(prog->name, sizeof(prog->name), "%s", bpf_program__name(loaded));
	return 0;
}

void xdp_prog_describe(char *text, size_t size, const struct xdp_prog *prog)
{
	snprintf(text, size, "id %u, %s%s%s", prog->id, visible(prog->name).text,
		 prog->name[0] ? ", " : "", xdp_mode_name(prog->mode));
}

int xdp_prog_query(int ifindex, struct xdp_prog *prog)
{
	struct link_xdp xdp;
	int err = link_read_xdp(ifindex, &xdp);

	if (err)
		return err;
	*prog = (struct xdp_prog){ .fd = -1 };
	if (xdp.native_id)
		prog->mode = XDP_MODE_NATIVE, prog->id = xdp.native_id;
	else if (xdp.skb_id)
		prog->mode = XDP_MODE_SKB, prog->id = xdp.skb_id;
	else if (xdp.hw_id)
		prog->mode = XDP_MODE_HW, prog->id = xdp.hw_id;
	return 0;
}

void xdp_prog_open(struct xdp_prog *prog)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	if (!prog->id)
		return;
	prog->fd = bpf_prog_get_fd_by_id(prog->id);
	if (prog->fd < 0)
		prog->fd = -1;
	else if (!bpf_obj_get_info_by_fd(prog->fd, &info, &length))
		prog_name_read(prog->fd, &info, prog->name);
}

int xdp_prog_open_pin(struct xdp_prog *prog, const char *path)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);
	int fd = bpf_obj_get(path), err;

	if (fd < 0)
		return fd;
	err = bpf_obj_get_info_by_fd(fd, &info, &length);
	if (!err && info.id != prog->id)
		err = -ESTALE;
	if (err) {
		close(fd);
		return err;
	}
	prog->fd = fd;
	prog_name_read(fd, &info, prog->name);
	return 0;
}

void xdp_prog_close(struct xdp_prog *prog)
{
	if (prog->fd >= 0)
		close(prog->fd);
	prog->fd = -1;
}

int xdp_prog_confirm(int ifindex, const struct xdp_prog *prog, int err)
{
	struct xdp_prog now;

	return err && !xdp_prog_query(ifindex, &now) && now.id == prog->id ? 0 : err;
}

/*
 * With a descriptor of old, the kernel makes the change only if old is attached.
 * Without one, the earlier query is the only check.
 */
static int attach_over(int ifindex, enum xdp_mode mode, const struct xdp_prog *new,
		       const struct xdp_prog *old)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, expect, .old_prog_fd = old->fd);
	__u32 flags = modes[mode].flag | (old->fd >= 0 ? XDP_FLAGS_REPLACE : 0);
	int err;

	libbpf_log_reset();
	err = bpf_xdp_attach(ifindex, new->fd, flags, old->fd >= 0 ? &expect : NULL);
	return xdp_prog_confirm(ifindex, new, err);
}

int xdp_prog_detach(int ifindex, const struct xdp_prog *prog)
{
	static const struct xdp_prog none = { .fd = -1 };
	struct xdp_prog now;
	int err = attach_over(ifindex, prog->mode, &none, prog);

	if (!err && !xdp_prog_query(ifindex, &now) && now.id == prog->id)
		return -EALREADY;
	return err;
}

/* Does not reset libbpf_log: the first error is the one to report. */
static int attach_where_none(int ifindex, enum xdp_mode mode, const struct xdp_prog *prog)
{
	__u32 flags = modes[mode].flag | XDP_FLAGS_UPDATE_IF_NOEXIST;

	return xdp_prog_confirm(ifindex, prog, bpf_xdp_attach(ifindex, prog->fd, flags, NULL));
}

/* The kernel does not allow native and skb at the same time: detach one first. */
static int replace_other_mode(int ifindex, enum xdp_mode mode, const struct xdp_prog *new,
			      const struct xdp_prog *old, enum xdp_replace_result *result)
{
	int err = xdp_prog_detach(ifindex, old);

	if (err)
		return err;
	libbpf_log_reset();
	err = attach_where_none(ifindex, mode, new);
	*result = XDP_REPLACE_GAP;
	if (!err)
		return 0;
	*result = XDP_REPLACE_LOST;
	if (!attach_where_none(ifindex, old->mode, old))
		*result = XDP_REPLACE_RESTORED;
	return err;
}

int xdp_prog_replace(int ifindex, enum xdp_mode mode, const struct xdp_prog *new,
		     const struct xdp_prog *old, enum xdp_replace_result *result)
{
	int err;

	*result = XDP_REPLACE_ATOMIC;
	if (mode == old->mode)
		return attach_over(ifindex, mode, new, old);
	if (mode == XDP_MODE_AUTO) {
		/* the kernel turns auto into a mode, which may be that of old */
		err = attach_over(ifindex, mode, new, old);
		if (err != -EEXIST || old->mode == XDP_MODE_NATIVE)
			return err;
	}
	return old->fd < 0 ? -EPERM : replace_other_mode(ifindex, mode, new, old, result);
}
