// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "driver_advice.h"
#include "messages_attach.h"
#include "messages_load.h"
#include "text.h"
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

/* The kernel's text comes first and whole; what is known about the MTU follows it. */
static void add_cause(struct failure *failure, const struct attach_attempt *tried, bool is_mtu)
{
	const struct visible words =
		visible(*tried->extack ? tried->extack : strerror(-tried->err));
	const struct netdev_facts *n = tried->netdev;

	if (!is_mtu || !*tried->extack || !n->mtu)
		failure_cause(failure, "%s", words.text);
	else if (!strcmp(n->driver, "veth"))
		failure_cause(failure,
			      "%s (the MTU of the other end may be %ld at most, so that a packet "
			      "fits into a page; that of %s is %u)",
			      words.text, veth_mtu_max(), visible(tried->ifname).text, n->mtu);
	else
		failure_cause(failure, "%s (the MTU of %s is %u)", words.text,
			      visible(tried->ifname).text, n->mtu);
}

static void add_feature(struct text *text, const char *name, const struct netdev_feature *feature)
{
	if (feature->is_known)
		text_add(text, ", %s %s%s", name, feature->is_on ? "on" : "off",
			 feature->is_fixed ? " [fixed]" : "");
}

/* What decides on XDP in most drivers. What is unknown is left out. */
static void add_facts(struct failure *failure, const struct attach_attempt *tried)
{
	const struct netdev_facts *n = tried->netdev;
	char facts[256];
	struct text text = text_in(facts, sizeof(facts));

	text_add(&text, "driver %s", *n->driver ? visible(n->driver).text : "unknown");
	if (n->mtu)
		text_add(&text, ", MTU %u", n->mtu);
	if (n->rx_queues_max)
		text_add(&text, ", %u of at most %u receive queues", n->rx_queues,
			 n->rx_queues_max);
	add_feature(&text, "LRO", &n->lro);
	add_feature(&text, "HW-GRO", &n->gro_hw);
	failure_also(failure, "%s: %s", visible(tried->ifname).text, facts);
}

static void add_way(struct text *ways, const char *way)
{
	text_add(ways, "%s%s", ways->used ? "; or " : "", way);
}

void message_attach(struct failure *failure, const struct attach_attempt *tried)
{
	char lines[sizeof(failure->hint)];
	struct text ways = text_in(lines, sizeof(lines));
	unsigned int advice;

	if (tried->err == -EPERM && !*tried->extack) {
		message_privileges(failure, tried->err);
		return;
	}
	advice = driver_advice(tried, &ways);
	add_cause(failure, tried, advice & ADVICE_MTU);
	if (!(advice & ADVICE_CLEAR)) {
		add_facts(failure, tried);
		failure_hint(failure, "see what the driver wrote: dmesg | tail");
	}
	if (tried->is_detach)
		advice |= ADVICE_NO_SKB;
	else if ((advice & ADVICE_MTU) && tried->netdev->has_frags && !tried->has_frags)
		add_way(&ways, "load a program of SEC(\"xdp.frags\") such as --progname "
			       "xdp_pass_frags_func");
	if (!(advice & ADVICE_NO_SKB) && tried->mode != XDP_MODE_SKB)
		add_way(&ways, "use --skb-mode");
	if (ways.used)
		failure_hint(failure, "%s", lines);
}
