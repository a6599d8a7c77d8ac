// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "driver_advice.h"
#include "shell.h"
#include "visible.h"

#define MTU_STANDARD 1500 /* bytes: fits into one piece with every driver */

#define MTU    ADVICE_MTU
#define NO_SKB ADVICE_NO_SKB
#define CLEAR  ADVICE_CLEAR

/* A row fits only if this holds. */
enum condition {
	ALWAYS,
	IF_LARGE,     /* the MTU is larger than the standard one */
	IF_LARGE_OFF, /* the same, but for a detach */
	IF_MERGE,     /* LRO or HW-GRO is on, or unknown */
	IF_FIXED,     /* LRO or HW-GRO is on and cannot be turned off */
	IF_NOT_FIXED,
	IF_MANY, /* it has more than half of the queues that are possible, or it is unknown */
	IF_ROOM, /* it can have more queues */
};

/*
 * words: alternatives, divided by '|', one of which is in the text of the kernel; "" if
 * the kernel gave none. text: $if is the interface, $driver its driver; $now, $max and
 * $half are the queues in use, those that are possible, and half of them; $off are the
 * arguments of ethtool -K.
 */
static const struct row {
	const char *driver; /* NULL: all that have no row that fits */
	int err;            /* 0: any */
	const char *words;
	enum condition condition;
	unsigned int flags;
	const char *text;
} rows[] = {
	/* drivers/net/veth.c: veth_xdp_set() */
	{ "veth", ERANGE, "peer MTU", ALWAYS, MTU | CLEAR,
	  "lower the MTU of the other end: ip link set dev PEER mtu 1500, where PEER is its name, "
	  "in its network namespace" },
	{ "veth", ENOSPC, "rx queues", IF_ROOM, CLEAR,
	  "give it as many receive queues as the other end has transmit queues, $max at most: "
	  "ethtool -L $if rx $max" },
	{ "veth", ENOSPC, "rx queues", ALWAYS, CLEAR,
	  "give the other end no more transmit queues than $if has receive queues: "
	  "ethtool -L PEER tx $now, where PEER is its name, in its network namespace" },

	/*
	 * drivers/net/virtio_net.c: virtnet_xdp_set(); the first refusal is only without
	 * VIRTIO_NET_F_CTRL_GUEST_OFFLOADS, and then virtnet_probe() makes the features fixed.
	 * Options of QEMU: hw/net/virtio-net.c.
	 */
	{ "virtio_net", EOPNOTSUPP, "host is implementing", ALWAYS, CLEAR,
	  "the host fixes these features, and ethtool cannot change them: let QEMU start the "
	  "device with ctrl_guest_offloads=on, or with guest_csum=off,guest_tso4=off,"
	  "guest_tso6=off,guest_ecn=off,guest_ufo=off,guest_uso4=off,guest_uso6=off" },
	{ "virtio_net", EINVAL, "any_header_sg", ALWAYS, CLEAR,
	  "let QEMU start the device with disable-modern=off, or with mrg_rxbuf=off" },
	{ "virtio_net", ENOMEM, "free TX rings", ALWAYS, 0,
	  "before kernel 5.13 the host has to offer one queue pair for each CPU besides those in "
	  "use ($now of $max): use fewer: ethtool -L $if combined 1" },

	/* drivers/net/bonding/bond_main.c: bond_xdp_set(), bond_xdp_check() */
	{ "bonding", EOPNOTSUPP, "bonding mode", ALWAYS, CLEAR,
	  "native XDP needs the mode balance-rr or active-backup, or balance-xor or 802.3ad with "
	  "an xmit_hash_policy other than vlan+srcmac" },
	{ "bonding", 0, "has XDP program", ALWAYS, CLEAR,
	  "find the member that has a program, and remove it there: xdp_loader --status; "
	  "xdp_loader --dev MEMBER --unload" },
	{ "bonding", 0, "does not support XDP", ALWAYS, CLEAR,
	  "a member of the bond has no native XDP: take it out of the bond" },
	{ "bonding", EOPNOTSUPP, "", ALWAYS, 0,
	  "native XDP needs the mode balance-rr or active-backup, or balance-xor or 802.3ad with "
	  "an xmit_hash_policy other than vlan+srcmac, and a driver with native XDP in each "
	  "member" },
	{ "bonding", 0, "", ALWAYS, 0,
	  "the bond passes the program on to the driver of each member, and one of them can refuse "
	  "it" },

	/* drivers/net/ethernet/amazon/ena/ena_xdp.c: ena_xdp_set(), ena_xdp_allowed() */
	{ "ena", EINVAL, "XDP queues|channel count", IF_MANY, CLEAR,
	  "use at most half of the channels: ethtool -L $if combined $half" },

	/* drivers/net/ethernet/google/gve/gve_main.c: gve_verify_xdp_configuration() */
	{ "gve", EOPNOTSUPP, "", IF_MERGE, 0, "gve needs LRO and HW-GRO off: ethtool -K $if $off" },
	{ "gve", 0, "", IF_MANY, 0,
	  "gve needs as many receive as transmit queues, and at most half of those that are "
	  "possible: ethtool -L $if rx $half tx $half" },
	{ "gve", EOPNOTSUPP, "", IF_LARGE, MTU,
	  "gve needs a packet to fit into one buffer: "
	  "ip link set dev $if mtu 1500" },
	{ "gve", 0, "header-data split", ALWAYS, CLEAR,
	  "turn it off: ethtool -G $if tcp-data-split off" },

	/* drivers/net/ethernet/mellanox/mlx5/core/en_main.c: mlx5e_xdp_allowed() */
	{ "mlx5_core", EINVAL, "", IF_MERGE, 0,
	  "mlx5_core needs LRO and HW-GRO off: ethtool -K $if $off" },
	{ "mlx5_core", EINVAL, "", IF_LARGE, MTU,
	  "mlx5_core needs a packet to fit into a page: ip link set dev $if mtu 1500" },

	/* drivers/net/ethernet/mellanox/mlx4/en_netdev.c: mlx4_xdp_set() */
	{ "mlx4_en", EOPNOTSUPP, "", IF_LARGE, MTU,
	  "mlx4_en needs a packet to fit into a page: ip link set dev $if mtu 1500" },

	/* drivers/net/ethernet/broadcom/bnxt/bnxt_xdp.c: bnxt_xdp_set() */
	{ "bnxt_en", EOPNOTSUPP, "must be combined", ALWAYS, CLEAR,
	  "combine them: ethtool -L $if rx 0 tx 0 combined $half" },
	{ "bnxt_en", EOPNOTSUPP, "", ALWAYS, 0,
	  "bnxt_en needs combined channels (ethtool -L $if rx 0 tx 0 combined $half), and data "
	  "that is not split from headers" },
	{ "bnxt_en", EOPNOTSUPP, "", IF_LARGE, MTU,
	  "bnxt_en needs a packet to fit into a page: ip link set dev $if mtu 1500" },
	{ "bnxt_en", ENOMEM, "", IF_MANY, 0,
	  "bnxt_en needs a transmit ring more for each receive ring: use fewer: ethtool -L $if "
	  "combined $half" },

	/*
	 * drivers/net/ethernet/intel/ixgbe/ixgbe_main.c: ixgbe_xdp_setup(); LRO is
	 * ring_is_rsc_enabled(); the number of CPUs is compared with MAX_XDP_QUEUES (64), on
	 * newer kernels with twice IXGBE_MAX_XDP_QS (64)
	 */
	{ "ixgbe", EINVAL, "", IF_MERGE, 0, "ixgbe needs LRO off: ethtool -K $if lro off" },
	{ "ixgbe", EINVAL, "", ALWAYS, 0,
	  "ixgbe refuses XDP with DCB on, and some kernels with SR-IOV on" },
	{ "ixgbe", EINVAL, "", IF_LARGE, MTU,
	  "ixgbe needs a packet to fit into one buffer: ip link set dev $if mtu 1500" },
	{ "ixgbe", ENOMEM, "", ALWAYS, 0,
	  "ixgbe refuses XDP on a machine with more than 64 possible CPUs, on newer kernels with "
	  "more than 128" },

	/* drivers/net/ethernet/intel/igb/igb_main.c: igb_xdp_setup(); no words before 5.11 */
	{ "igb", EINVAL, "", IF_LARGE, MTU,
	  "igb needs a packet to fit into one buffer: ip link set dev $if mtu 1500" },

	/* drivers/net/ethernet/intel/ice/ice_main.c: ice_xdp_safe_mode() */
	{ "ice", EOPNOTSUPP, "DDP", ALWAYS, CLEAR,
	  "without that package ice is in safe mode: install it below "
	  "/lib/firmware/intel/ice/ddp, from the firmware of your distribution, and load the "
	  "module "
	  "again" },

	/* drivers/net/vmxnet3/vmxnet3_xdp.c: vmxnet3_xdp_set() turns LRO off and goes on */
	{ "vmxnet3", 0, "LRO", ALWAYS, 0, "vmxnet3 has turned LRO off by itself: try again" },

	/* net/core/dev.c: dev_xdp_attach(), dev_xdp_install(); for all modes, but for the first */
	{ NULL, EOPNOTSUPP, "driver does not support XDP in native mode", ALWAYS, NO_SKB | CLEAR,
	  "$driver has no native XDP: use --skb-mode, or --auto-mode for native mode where it is "
	  "supported" },
	{ NULL, 0, "BPF XDP link", ALWAYS, NO_SKB | CLEAR,
	  "a bpf_link is attached to $if: end the process that made it or remove its pin; see: "
	  "bpftool link" },
	{ NULL, 0, "upper device", ALWAYS, NO_SKB | CLEAR,
	  "an interface on top of $if, such as a VLAN or a bond, has a program: detach that one "
	  "first; see: xdp_loader --status" },
	{ NULL, 0, "already attached|does not match expected|active at the same time", ALWAYS,
	  NO_SKB | CLEAR, "another program was attached just now; see: ip -d link show dev $if" },
	{ NULL, EBUSY, "tcp-data-split", ALWAYS, NO_SKB | CLEAR,
	  "turn it off: ethtool -G $if tcp-data-split off" },
	{ NULL, EBUSY, "memory provider", ALWAYS, NO_SKB | CLEAR,
	  "end the process that has bound memory of its own to the queues of $if" },
	{ NULL, EINVAL, "different device", ALWAYS, NO_SKB | CLEAR,
	  "a program that is bound to a device runs only there: load it once more, for $if" },
	{ NULL, EINVAL, "generic mode", ALWAYS, NO_SKB | CLEAR,
	  "a program that is bound to a device needs --native-mode" },

	/* words that say what to do with any driver */
	{ NULL, 0, "LRO|GRO", IF_NOT_FIXED, CLEAR, "turn it off: ethtool -K $if $off" },
	{ NULL, 0, "LRO|GRO", IF_FIXED, CLEAR,
	  "ethtool cannot turn it off: the driver or the host fixes it" },
	{ NULL, 0, "MTU|jumbo|frame size|does not support XDP frags", IF_LARGE_OFF,
	  NO_SKB | MTU | CLEAR,
	  "lower it until the program is detached: ip link set dev $if mtu 1500, and try again" },
	{ NULL, 0, "MTU|jumbo|frame size|does not support XDP frags", IF_LARGE, MTU | CLEAR,
	  "lower it: ip link set dev $if mtu 1500" },
	{ NULL, 0, "need to be up|must be up", ALWAYS, CLEAR,
	  "bring it up: ip link set dev $if up" },
	{ NULL, ENODEV, "", ALWAYS, NO_SKB | CLEAR, "$if no longer exists; see: ip link" },
	/* of xdp_prog_detach() */
	{ NULL, EALREADY, "", ALWAYS, NO_SKB | CLEAR,
	  "the kernel reports success, but the program is still attached; see: "
	  "ip -d link show dev $if" },
};

/* Is the word in the text, not as a part of a longer one? */
static bool has_word(const char *text, const char *word, size_t length)
{
	for (; *text; text++) {
		if (strncasecmp(text, word, length) || isalnum((unsigned char)text[length]))
			continue;
		return true;
	}
	return false;
}

static bool mentions(const char *text, const char *words)
{
	if (!*words || !*text)
		return !*words && !*text;
	for (const char *word = words; word; word = strchr(word, '|')) {
		word += *word == '|';
		if (has_word(text, word, strcspn(word, "|")))
			return true;
	}
	return false;
}

static bool is_on(const struct netdev_feature *feature)
{
	return feature->is_known && feature->is_on;
}

static bool is_fixed(const struct netdev_feature *feature)
{
	return is_on(feature) && feature->is_fixed;
}

static bool holds(enum condition condition, const struct attach_attempt *tried)
{
	const struct netdev_facts *n = tried->netdev;
	const bool is_large = n->mtu > MTU_STANDARD;

	switch (condition) {
	case IF_LARGE:
		return is_large && !tried->is_detach;
	case IF_LARGE_OFF:
		return is_large && tried->is_detach;
	case IF_MERGE:
		return is_on(&n->lro) || is_on(&n->gro_hw) ||
		       (!n->lro.is_known && !n->gro_hw.is_known);
	case IF_FIXED:
		return is_fixed(&n->lro) || is_fixed(&n->gro_hw);
	case IF_NOT_FIXED:
		return !is_fixed(&n->lro) && !is_fixed(&n->gro_hw);
	case IF_MANY:
		return !n->rx_queues_max || n->rx_queues > n->rx_queues_max / 2;
	case IF_ROOM:
		return n->rx_queues < n->rx_queues_max;
	case ALWAYS:
		break;
	}
	return true;
}

static void add_number(struct text *text, __u32 number)
{
	if (number)
		text_add(text, "%u", number);
	else
		text_add(text, "N");
}

/* Turn off what is on; if nothing is known to be on, what the kernel speaks of, or both. */
static void add_off(struct text *text, const struct attach_attempt *tried)
{
	const struct netdev_facts *n = tried->netdev;
	bool lro = is_on(&n->lro), gro = is_on(&n->gro_hw);

	if (!lro && !gro) {
		lro = mentions(tried->extack, "LRO");
		gro = mentions(tried->extack, "GRO");
	}
	if (lro || !gro)
		text_add(text, "lro off");
	if (gro || !lro)
		text_add(text, "%srx-gro-hw off", lro || !gro ? " " : "");
}

static void add_driver(struct text *text, const struct attach_attempt *tried)
{
	text_add(text, "the driver%s%s", *tried->netdev->driver ? " " : "",
		 visible(tried->netdev->driver).text);
}

/* Add the value of the name at $, and return its end. */
static const char *add_value(struct text *text, const char *name,
			     const struct attach_attempt *tried)
{
	const struct netdev_facts *n = tried->netdev;
	const size_t length = strspn(name + 1, "abcdefghijklmnopqrstuvwxyz") + 1;

	if (!strncmp(name, "$if", length))
		text_add(text, "%s", shell_word(tried->ifname).text);
	else if (!strncmp(name, "$driver", length))
		add_driver(text, tried);
	else if (!strncmp(name, "$off", length))
		add_off(text, tried);
	else if (!strncmp(name, "$now", length))
		add_number(text, n->rx_queues);
	else if (!strncmp(name, "$max", length))
		add_number(text, n->rx_queues_max);
	else /* $half */
		add_number(text, n->rx_queues_max == 1 ? 1 : n->rx_queues_max / 2);
	return name + length;
}

static void add_row(struct text *text, const char *s, const struct attach_attempt *tried)
{
	text_add_line(text, "%s", "");
	while (*s) {
		const size_t plain = strcspn(s, "$");

		text_add(text, "%.*s", (int)plain, s);
		s += plain;
		if (*s)
			s = add_value(text, s, tried);
	}
}

static bool fits(const struct row *row, const struct attach_attempt *tried)
{
	return (!row->driver || !strcmp(row->driver, tried->netdev->driver)) &&
	       (!row->err || row->err == -tried->err) && mentions(tried->extack, row->words) &&
	       holds(row->condition, tried);
}

unsigned int driver_advice(const struct attach_attempt *tried, struct text *text)
{
	unsigned int flags = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].driver && flags && rows[i - 1].driver)
			break; /* the rows for all drivers follow those of each */
		if (!fits(&rows[i], tried))
			continue;
		flags |= ADVICE_FOUND | rows[i].flags;
		add_row(text, rows[i].text, tried);
	}
	return flags;
}
