// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "messages_attach.h"
#include "messages_load.h"
#include "shell.h"
#include "visible.h"

/* SMP_CACHE_BYTES in the kernel. */
#if defined(__s390x__)
#define CACHE_LINE 256
#elif defined(__powerpc64__)
#define CACHE_LINE 128
#else
#define CACHE_LINE 64
#endif

/* NET_IP_ALIGN in the kernel. */
#if defined(__x86_64__) || defined(__aarch64__) || defined(__powerpc64__)
#define IP_ALIGN 0
#else
#define IP_ALIGN 2
#endif

#define SHARED_INFO_SIZE 320 /* struct skb_shared_info of 64-bit kernels, 17 fragments */

/*
 * The largest packet in one fragment on veth, in bytes, without its Ethernet header. It
 * shares a page with XDP_PACKET_HEADROOM, NET_IP_ALIGN and the skb_shared_info, which
 * occupies whole cache lines. Source: veth_xdp_set() in drivers/net/veth.c.
 */
static long veth_mtu_max(void)
{
	const long shared_info = (SHARED_INFO_SIZE + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;

	return sysconf(_SC_PAGESIZE) - 256 - IP_ALIGN - shared_info - ETH_HLEN;
}

static bool mentions(const struct attach_attempt *tried, const char *word)
{
	return strcasestr(tried->extack, word);
}

static void hint_queues(struct failure *failure, const struct attach_attempt *tried)
{
	const struct netdev_facts *n = tried->netdev;

	if (n->rx_queues)
		failure_cause(failure, "%s: %s has %u receive queues, and its peer sends on more",
			      strerror(-tried->err), visible(tried->ifname).text, n->rx_queues);
	if (n->rx_queues_max > n->rx_queues)
		failure_hint(failure, "give it more: ethtool -L %s rx %u",
			     shell_word(tried->ifname).text, n->rx_queues_max);
	else
		failure_hint(failure,
			     "give the other end fewer transmit queues: ethtool -L PEER tx %u, "
			     "where PEER is its name",
			     n->rx_queues ?: 1);
}

static void hint_mtu(struct failure *failure, const struct attach_attempt *tried)
{
	const char *words = *tried->extack ? tried->extack : strerror(-tried->err);

	if (!strcmp(tried->netdev->driver, "veth")) {
		failure_cause(failure,
			      "%s (the MTU of the other end may be %ld at most, so that a packet "
			      "fits into a page; that of %s is %u)",
			      words, veth_mtu_max(), visible(tried->ifname).text,
			      tried->netdev->mtu);
		failure_hint(failure, "lower the MTU of the other end: ip link set dev PEER mtu "
				      "1500, where PEER is its name, in its network namespace; or "
				      "load a program of SEC(\"xdp.frags\") such as --progname "
				      "xdp_pass_frags_func; or use --skb-mode");
		return;
	}
	failure_cause(failure, "%s (the MTU of %s is %u)", words, visible(tried->ifname).text,
		      tried->netdev->mtu);
	if (tried->is_detach) { /* virtio_net checks the MTU for a detach, too */
		failure_hint(
			failure,
			"lower it until the program is detached: ip link set dev %s mtu 1500, and "
			"try again",
			shell_word(tried->ifname).text);
		return;
	}
	failure_hint(failure,
		     "lower it: ip link set dev %s mtu 1500; or load a program of "
		     "SEC(\"xdp.frags\") such "
		     "as --progname xdp_pass_frags_func; or use --skb-mode",
		     visible(tried->ifname).text);
}

/* A driver that has native mode, but not for this interface, gives its own reason. */
static void hint_not_supported(struct failure *failure, const struct attach_attempt *tried)
{
	const char *driver = tried->netdev->driver;

	if (*tried->extack && !mentions(tried, "native mode"))
		/* auto mode only checks that the driver has native mode */
		failure_hint(failure,
			     "%s does not support native XDP in its present state: use --skb-mode",
			     tried->ifname);
	else if (*driver)
		failure_hint(failure,
			     "the driver %s has no native XDP for this: use --skb-mode, or "
			     "--auto-mode for native mode where it is supported",
			     driver);
	else
		failure_hint(
			failure,
			"use --skb-mode, or --auto-mode for native mode where it is supported");
}

static void hint_attach(struct failure *failure, const struct attach_attempt *tried)
{
	/* the text of the driver is more exact than the error number */
	if (mentions(tried, "LRO") || mentions(tried, "GRO"))
		failure_hint(failure,
			     "turn it off: ethtool -K %s lro off rx-gro-hw off; if that says "
			     "[fixed] or [requested off], the host controls it: use --skb-mode",
			     shell_word(tried->ifname).text);
	else if (mentions(tried, "MTU") || mentions(tried, "frame") || tried->err == -ERANGE)
		hint_mtu(failure, tried);
	else if (mentions(tried, "BPF XDP link"))
		failure_hint(failure,
			     "a bpf_link is attached to %s: end the process that made it or remove "
			     "its pin; see: bpftool link",
			     visible(tried->ifname).text);
	else if (mentions(tried, "upper device"))
		failure_hint(failure,
			     "an interface on top of %s, such as a VLAN or a bond, has a program: "
			     "detach that one first; see: xdp_loader --status",
			     visible(tried->ifname).text);
	else if (tried->err == -ENOSPC || mentions(tried, "queue") || mentions(tried, "channel"))
		hint_queues(failure, tried);
	else if (tried->err == -EOPNOTSUPP)
		hint_not_supported(failure, tried);
	else if (tried->err == -ENODEV)
		failure_hint(failure, "%s no longer exists; see: ip link",
			     visible(tried->ifname).text);
	else if (tried->err == -EALREADY)
		failure_hint(failure,
			     "the kernel reports success, but the program is still attached; see: "
			     "ip -d link show dev %s",
			     shell_word(tried->ifname).text);
	else if (tried->err == -EBUSY || tried->err == -EEXIST)
		failure_hint(failure,
			     "another program was attached just now; see: ip -d link show dev %s",
			     shell_word(tried->ifname).text);
}

void message_attach(struct failure *failure, const struct attach_attempt *tried)
{
	if (tried->err == -EPERM && !*tried->extack) {
		message_privileges(failure, tried->err);
		return;
	}
	failure_cause(failure, "%s", *tried->extack ? tried->extack : strerror(-tried->err));
	hint_attach(failure, tried);
}
