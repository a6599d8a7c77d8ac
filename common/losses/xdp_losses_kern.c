// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Count packets that are lost after the verdict. The program of an interface cannot see
 * what becomes of the action that it returns. The kernel can: it calls tracepoints, and
 * these programs are attached to them. So they see all interfaces and XDP programs.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "xdp_losses.h"

/*
 * What is needed of the structures of the kernel. libbpf adapts each access to the
 * running kernel, whose BTF has the real offsets (CO-RE).
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	__u64 net_cookie;
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct rtnl_link_ops {
	const char *kind;
};

struct net_device {
	int ifindex;
	possible_net_t nd_net;
	const struct rtnl_link_ops *rtnl_link_ops;
};

struct bpf_dtab_netdev {
	struct net_device *dev;
};

#pragma clang attribute pop

/* The loader sets this: can user space ask for the cookie of its network namespace? */
const volatile __u32 has_cookie = 0;

/*
 * An interface gets an entry with its first loss. If all entries are in use, the one
 * that was not used for longest is dropped. max_entries is set by the loader. The
 * entries are shared by all CPUs, so additions are atomic: losses are rare, and the
 * reader needs a single value.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct xdp_losses_key);
	__type(value, struct xdp_losses);
} xdp_losses_map SEC(".maps");

static __always_inline struct xdp_losses *find_entry(const struct net_device *dev)
{
	struct xdp_losses_key key = { .ifindex = dev->ifindex };
	struct xdp_losses *entry, none = { 0 };

	key.netns = has_cookie ? dev->nd_net.net->net_cookie : dev->nd_net.net->ns.inum;
	entry = bpf_map_lookup_elem(&xdp_losses_map, &key);
	if (entry)
		return entry;
	/* another CPU may add it at the same time */
	bpf_map_update_elem(&xdp_losses_map, &key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&xdp_losses_map, &key);
}

static __always_inline int count(const struct net_device *dev, enum xdp_loss reason, int packets)
{
	struct xdp_losses *entry = packets > 0 ? find_entry(dev) : NULL;

	if (entry)
		__sync_fetch_and_add(&entry->packets[reason & (XDP_LOSS_SLOTS - 1)], packets);
	return 0;
}

static __always_inline bool is_veth(const struct net_device *dev)
{
	char kind[sizeof("veth")] = "";

	bpf_probe_read_kernel_str(kind, sizeof(kind), BPF_CORE_READ(dev, rtnl_link_ops, kind));
	return kind[0] == 'v' && kind[1] == 'e' && kind[2] == 't' && kind[3] == 'h' && !kind[4];
}

/* Arguments: device, program, action. */
SEC("tp_btf/xdp_exception")
int count_exception(__u64 *args)
{
	const struct net_device *dev = (const void *)args[0];
	const __u32 action = args[2];

	if (action == XDP_ABORTED)
		return count(dev, XDP_LOSS_ABORTED, 1);
	if (action == XDP_TX)
		return count(dev, XDP_LOSS_TX_FAILED, 1);
	if (action > XDP_REDIRECT)
		return count(dev, XDP_LOSS_UNKNOWN_ACTION, 1);
	return 0; /* XDP_REDIRECT: xdp_redirect_err comes before it */
}

/* Arguments: device, packets sent, packets lost, error. */
SEC("tp_btf/xdp_bulk_tx")
int count_bulk_tx(__u64 *args)
{
	const struct net_device *dev = (const void *)args[0];
	const int err = args[3];

	if (!err)
		return count(dev, XDP_LOSS_TX_FULL, args[2]);
	if (err == -ENXIO && is_veth(dev))
		return count(dev, XDP_LOSS_TX_NO_RECEIVER, args[2]);
	return count(dev, XDP_LOSS_TX_FAILED, args[2]);
}

/*
 * The target of a redirect, if it is a device. The verifier of older kernels, such as
 * 6.1, rejects an access to an argument of type const void *, so it is copied. Before
 * kernel 5.13, the type of the map is a pointer.
 */
static __always_inline const struct net_device *target_of(__u64 *args)
{
	const struct bpf_dtab_netdev *target = NULL;
	const __u64 map_type = args[4];

	bpf_probe_read_kernel(&target, sizeof(target), &args[2]);
	if (map_type == BPF_MAP_TYPE_DEVMAP || map_type == BPF_MAP_TYPE_DEVMAP_HASH)
		return BPF_CORE_READ(target, dev);
	return map_type == BPF_MAP_TYPE_UNSPEC ? (const void *)target : NULL;
}

/* Arguments: device, program, target, error, type of the map, its id, index. */
SEC("tp_btf/xdp_redirect_err")
int count_redirect_err(__u64 *args)
{
	const struct net_device *dev = (const void *)args[0];
	const int err = args[3];

	if (err == -EINVAL && args[4] == BPF_MAP_TYPE_UNSPEC)
		return count(dev, XDP_LOSS_REDIRECT_NO_DEVICE, 1);
	if (err == -EBADRQC)
		return count(dev, XDP_LOSS_REDIRECT_NO_TARGET, 1);
	if (err == -ENETDOWN)
		return count(dev, XDP_LOSS_REDIRECT_DOWN, 1);
	if (err == -EMSGSIZE)
		return count(dev, XDP_LOSS_REDIRECT_TOO_LONG, 1);
	if (err == -EOPNOTSUPP && is_veth(target_of(args)))
		return count(dev, XDP_LOSS_REDIRECT_NO_RECEIVER, 1);
	if (err == -EOPNOTSUPP)
		return count(dev, XDP_LOSS_REDIRECT_UNSUPPORTED, 1);
	if (err == -ENOBUFS)
		return count(dev, XDP_LOSS_REDIRECT_FULL, 1);
	return count(dev, XDP_LOSS_REDIRECT_FAILED, 1);
}

/* Arguments: from which device, to which, packets sent, packets lost, error. */
SEC("tp_btf/xdp_devmap_xmit")
int count_devmap_xmit(__u64 *args)
{
	const struct net_device *from = (const void *)args[0], *to = (const void *)args[1];
	const int lost = args[3], err = args[4];

	if (!err)
		return count(from, XDP_LOSS_REDIRECT_FULL, lost);
	if (err == -ENETDOWN)
		return count(from, XDP_LOSS_REDIRECT_DOWN, lost);
	if (err == -ENXIO)
		return count(from,
			     is_veth(to) ? XDP_LOSS_REDIRECT_NO_RECEIVER
					 : XDP_LOSS_REDIRECT_UNSUPPORTED,
			     lost);
	return count(from, XDP_LOSS_REDIRECT_FAILED, lost);
}

char _license[] SEC("license") = "GPL";
