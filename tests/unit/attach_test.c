// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a failed attach says. The words of the drivers are recorded: driver_advice.c names
 * the function of the kernel for each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "messages_attach.h"

#define SKB   "use --skb-mode"
#define DMESG "see what the driver wrote: dmesg | tail\n"
#define FRAGS "load a program of SEC(\"xdp.frags\") such as --progname xdp_pass_frags_func; or "

/* versions of clang-format differ about braces in macros */
/* clang-format off */
#define ON      { .is_known = true, .is_on = true }
#define OFF     { .is_known = true }
#define FIXED   { .is_known = true, .is_on = true, .is_fixed = true }
#define UNKNOWN { .is_known = false }
/* clang-format on */

static struct failure failure_of(const struct attach_attempt *tried)
{
	struct failure f = { 0 };

	message_attach(&f, tried);
	return f;
}

struct answer {
	int err;
	const char *extack, *hint;
	struct netdev_facts netdev;
};

static void compare(const struct answer *answer)
{
	const struct attach_attempt tried = { .ifname = "eth9",
					      .err = -answer->err,
					      .extack = answer->extack,
					      .netdev = &answer->netdev };
	const char *words = *answer->extack ? answer->extack : strerror(answer->err);
	struct failure f = failure_of(&tried);

	/* the kernel's words, or else those of the error number, are first and whole */
	assert_memory_equal(f.cause, words, strlen(words));
	assert_string_equal(f.hint, answer->hint);
}

static const struct answer with_words[] = {
	{ EINVAL,
	  "ena: Failed to set xdp program, there is no enough space for allocating XDP "
	  "queues, Check the dmesg for more info",
	  "use at most half of the channels: ethtool -L eth9 combined 4; or " SKB,
	  { "ena", 3498, 8, 8, OFF, OFF, false } },
	{ EINVAL,
	  "ena: Failed to set xdp program, the Rx/Tx channel count should be at most half "
	  "of the maximum allowed channel count",
	  "use at most half of the channels: ethtool -L eth9 combined 4; or " SKB,
	  { "ena", 3498, 8, 8, OFF, OFF, false } },
	{ EINVAL,
	  "ena: Failed to set xdp program, the current MTU (9001) is larger than the "
	  "maximum allowed MTU (3498) while xdp is on",
	  "lower it: ip link set dev eth9 mtu 1500; or " SKB,
	  { "ena", 9001, 4, 8, OFF, OFF, false } },
	{ EOPNOTSUPP,
	  "virtio_net: Can't set XDP while host is implementing GRO_HW/CSUM, disable "
	  "GRO_HW/CSUM first",
	  "the host fixes these features, and ethtool cannot change them: let QEMU start "
	  "the device with ctrl_guest_offloads=on, or with guest_csum=off,guest_tso4=off,"
	  "guest_tso6=off,guest_ecn=off,guest_ufo=off,guest_uso4=off,guest_uso6=off; "
	  "or " SKB,
	  { "virtio_net", 1500, 1, 1, OFF, FIXED, true } },
	{ EOPNOTSUPP,
	  "virtio_net: Can't set XDP while host is implementing LRO/CSUM, disable "
	  "LRO/CSUM first",
	  "the host fixes these features, and ethtool cannot change them: let QEMU start "
	  "the device with ctrl_guest_offloads=on, or with guest_csum=off,guest_tso4=off,"
	  "guest_tso6=off,guest_ecn=off,guest_ufo=off,guest_uso4=off,guest_uso6=off; "
	  "or " SKB,
	  { "virtio_net", 1500, 1, 1, FIXED, OFF, true } },
	{ EINVAL,
	  "virtio_net: XDP expects header/data in single page, any_header_sg required",
	  "let QEMU start the device with disable-modern=off, or with mrg_rxbuf=off; "
	  "or " SKB,
	  { "virtio_net", 1500, 1, 1, OFF, OFF, true } },
	{ EINVAL,
	  "virtio_net: MTU too large to enable XDP without frags",
	  "lower it: ip link set dev eth9 mtu 1500; or " FRAGS SKB,
	  { "virtio_net", 9000, 1, 1, OFF, OFF, true } },
	{ EOPNOTSUPP,
	  "atlantic: prog does not support XDP frags",
	  "lower it: ip link set dev eth9 mtu 1500; or " FRAGS SKB,
	  { "atlantic", 9000, 4, 8, OFF, OFF, true } },
	{ EOPNOTSUPP,
	  "bonding: No native XDP support for the current bonding mode",
	  "native XDP needs the mode balance-rr or active-backup, or balance-xor or "
	  "802.3ad "
	  "with an xmit_hash_policy other than vlan+srcmac; or " SKB,
	  { "bonding", 1500, 0, 0, OFF, OFF, false } },
	{ EEXIST,
	  "Slave has XDP program loaded, please unload before enslaving",
	  "find the member that has a program, and remove it there: xdp_loader --status; "
	  "xdp_loader --dev MEMBER --unload; or " SKB,
	  { "bonding", 1500, 0, 0, OFF, OFF, false } },
	{ EOPNOTSUPP,
	  "Slave device does not support XDP",
	  "a member of the bond has no native XDP: take it out of the bond; or " SKB,
	  { "bonding", 1500, 0, 0, OFF, OFF, false } },
	{ EOPNOTSUPP,
	  "bnxt_en: ethtool rx/tx channels must be combined to support XDP",
	  "combine them: ethtool -L eth9 rx 0 tx 0 combined 8; or " SKB,
	  { "bnxt_en", 1500, 8, 16, OFF, OFF, true } },
	{ EOPNOTSUPP,
	  "hv_netvsc: XDP: not support LRO",
	  "turn it off: ethtool -K eth9 lro off; or " SKB,
	  { "hv_netvsc", 1500, 4, 8, ON, OFF, false } },
	{ EOPNOTSUPP,
	  "hv_netvsc: XDP: mtu too large",
	  "lower it: ip link set dev eth9 mtu 1500; or " SKB,
	  { "hv_netvsc", 9000, 4, 8, OFF, OFF, false } },
	{ EINVAL,
	  "Program bound to different device",
	  "a program that is bound to a device runs only there: load it once more, for "
	  "eth9",
	  { "mlx5_core", 1500, 4, 8, OFF, OFF, true } },
	{ EBUSY,
	  "unable to install XDP to device using tcp-data-split",
	  "turn it off: ethtool -G eth9 tcp-data-split off",
	  { "bnxt_en", 1500, 4, 8, OFF, OFF, true } },
	{ EOPNOTSUPP,
	  "ice: Please provide working DDP firmware package in order to use XDP Refer to "
	  "Documentation/networking/device_drivers/ethernet/intel/ice.rst",
	  "without that package ice is in safe mode: install it below "
	  "/lib/firmware/intel/ice/ddp, from the firmware of your distribution, and load "
	  "the "
	  "module again; or " SKB,
	  { "ice", 1500, 4, 8, OFF, OFF, true } },
	{ EINVAL,
	  "st_gmac: Need to be up",
	  "bring it up: ip link set dev eth9 up; or " SKB,
	  { "st_gmac", 1500, 4, 8, OFF, OFF, false } },
	{ ENOSPC,
	  "veth: XDP expects number of rx queues not less than peer tx queues",
	  "give it as many receive queues as the other end has transmit queues, 4 at most: "
	  "ethtool -L eth9 rx 4\n"
	  "give the other end no more transmit queues than eth9 has receive queues: "
	  "ethtool "
	  "-L PEER tx 1, where PEER is its name, in its network namespace; or " SKB,
	  { "veth", 1500, 1, 4, OFF, OFF, true } },
	{ ERANGE,
	  "veth: Peer MTU is too large to set XDP",
	  "lower the MTU of the other end: ip link set dev PEER mtu 1500, where PEER is "
	  "its "
	  "name, in its network namespace; or " FRAGS SKB,
	  { "veth", 9000, 1, 1, OFF, OFF, true } },
	{ EINVAL,
	  "igb: The RX buffer size is too small for the frame size",
	  "lower it: ip link set dev eth9 mtu 1500; or " SKB,
	  { "igb", 9000, 4, 4, OFF, OFF, false } },
	{ EOPNOTSUPP,
	  "gve: XDP is not supported when HW-GRO is on.",
	  "turn it off: ethtool -K eth9 rx-gro-hw off; or " SKB,
	  { "gve", 1460, 4, 16, OFF, ON, false } },
	{ EOPNOTSUPP,
	  "Underlying driver does not support XDP in native mode",
	  "the driver e1000 has no native XDP: use --skb-mode, or --auto-mode for native "
	  "mode where it is supported",
	  { "e1000", 1500, 0, 0, OFF, OFF, false } },
};

static void a_driver_with_words_has_advice(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(with_words) / sizeof(with_words[0]); i++)
		compare(&with_words[i]);
}

static const struct answer without_words[] = {
	{ EOPNOTSUPP, "", DMESG SKB, { "gve", 1460, 8, 16, OFF, OFF, false } },
	{ EOPNOTSUPP,
	  "",
	  DMESG "gve needs as many receive as transmit queues, and at most half of those "
		"that are possible: ethtool -L eth9 rx 8 tx 8; or " SKB,
	  { "gve", 1460, 16, 16, OFF, OFF, false } },
	{ EINVAL,
	  "",
	  DMESG "the bond passes the program on to the driver of each member, and one of "
		"them can refuse it; or " SKB,
	  { "bonding", 1500, 0, 0, OFF, OFF, false } },
	{ EINVAL, "", DMESG SKB, { "mlx5_core", 1500, 16, 16, OFF, OFF, true } },
	{ EINVAL,
	  "",
	  DMESG "mlx5_core needs LRO and HW-GRO off: ethtool -K eth9 lro off; or " SKB,
	  { "mlx5_core", 1500, 16, 16, ON, OFF, true } },
	{ EINVAL,
	  "",
	  DMESG "mlx5_core needs a packet to fit into a page: ip link set dev eth9 mtu 1500; "
		"or " FRAGS SKB,
	  { "mlx5_core", 9000, 16, 16, OFF, OFF, true } },
	{ EINVAL,
	  "",
	  DMESG "ixgbe needs LRO off: ethtool -K eth9 lro off\n"
		"ixgbe refuses XDP with DCB on, and some kernels with SR-IOV on; or " SKB,
	  { "ixgbe", 1500, 8, 64, ON, OFF, false } },
	{ EINVAL,
	  "",
	  DMESG "ixgbe refuses XDP with DCB on, and some kernels with SR-IOV on; or " SKB,
	  { "ixgbe", 1500, 8, 64, OFF, OFF, false } },
	{ ENOMEM,
	  "",
	  DMESG "ixgbe refuses XDP on a machine with more than 64 possible CPUs, on newer "
		"kernels with more than 128; or " SKB,
	  { "ixgbe", 1500, 8, 64, OFF, OFF, false } },
	{ ENOMEM,
	  "",
	  DMESG "bnxt_en needs a transmit ring more for each receive ring: use fewer: ethtool "
		"-L eth9 combined 8; or " SKB,
	  { "bnxt_en", 1500, 16, 16, OFF, OFF, true } },
	{ ENOMEM,
	  "virtio_net: Too few free TX rings available",
	  DMESG "before kernel 5.13 the host has to offer one queue pair for each CPU besides "
		"those in use (4 of 4): use fewer: ethtool -L eth9 combined 1; or " SKB,
	  { "virtio_net", 1500, 4, 4, OFF, OFF, false } },
	{ EINVAL, "", DMESG SKB, { "mlx4_en", 1500, 8, 8, OFF, OFF, false } },
	{ ENOSPC, "", DMESG SKB, { "unknown", 1500, 1, 4, OFF, OFF, false } },
	{ EBUSY, "", DMESG SKB, { "", 0, 0, 0, UNKNOWN, UNKNOWN, false } },
	/* words that no row knows: nothing is claimed */
	{ EINVAL, "drv: not now", DMESG SKB, { "drv", 9000, 8, 8, ON, ON, true } },
	{ EINVAL, "ena: the group of channels", DMESG SKB, { "ena", 1500, 8, 8, OFF, OFF, false } },
	{ ERANGE, "veth: something else", DMESG SKB, { "veth", 9000, 1, 4, OFF, OFF, true } },
	{ EBUSY, "drv: being reset", DMESG SKB, { "drv", 1500, 1, 1, OFF, OFF, false } },
	/* 1500 is not too large: lowering it would not help */
	{ EINVAL, "drv: MTU", DMESG SKB, { "drv", 1500, 1, 1, OFF, OFF, false } },
};

static void a_driver_without_words_has_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(without_words) / sizeof(without_words[0]); i++)
		compare(&without_words[i]);
}

static void facts_are_those_that_are_known(void **state)
{
	static const struct netdev_facts known = { "gve", 1460, 8, 16, ON, FIXED, false };
	static const struct netdev_facts unknown = { .mtu = 1500 };
	struct attach_attempt tried = { .ifname = "eth9", .err = -EOPNOTSUPP, .extack = "" };

	(void)state;
	tried.netdev = &known;
	assert_string_equal(failure_of(&tried).also,
			    "eth9: driver gve, MTU 1460, 8 of at most 16 receive queues, LRO on, "
			    "HW-GRO on [fixed]");
	tried.netdev = &unknown;
	assert_string_equal(failure_of(&tried).also, "eth9: driver unknown, MTU 1500");
}

static void what_was_tried_is_no_advice(void **state)
{
	static const struct netdev_facts netdev = { "veth", 9000, 1, 1, OFF, OFF, true };
	struct attach_attempt tried = { .ifname = "eth9",
					.err = -ERANGE,
					.extack = "veth: Peer MTU is too large to set XDP",
					.netdev = &netdev,
					.has_frags = true };

	(void)state;
	assert_null(strstr(failure_of(&tried).hint, "frags"));
	assert_non_null(strstr(failure_of(&tried).hint, "--skb-mode"));
	tried.mode = XDP_MODE_SKB;
	assert_null(strstr(failure_of(&tried).hint, "--skb-mode"));
	tried.is_detach = true;
	tried.mode = XDP_MODE_NATIVE;
	assert_null(strstr(failure_of(&tried).hint, "--skb-mode"));
}

static void a_detach_can_need_a_smaller_mtu(void **state)
{
	static const struct netdev_facts netdev = { "virtio_net", 9000, 1, 1, OFF, OFF, true };
	const struct attach_attempt tried = { .ifname = "eth9",
					      .err = -EINVAL,
					      .extack = "virtio_net: MTU too large to enable XDP",
					      .netdev = &netdev,
					      .is_detach = true };

	(void)state;
	assert_string_equal(failure_of(&tried).cause, "virtio_net: MTU too large to enable XDP "
						      "(the MTU of eth9 is 9000)");
	assert_string_equal(failure_of(&tried).hint,
			    "lower it until the program is detached: ip link set dev eth9 mtu "
			    "1500, and try again");
}

static void what_cannot_be_turned_off_is_not_advised(void **state)
{
	static const struct netdev_facts netdev = { "drv", 1500, 1, 1, FIXED, OFF, false };
	const struct attach_attempt tried = {
		.ifname = "eth9", .err = -EOPNOTSUPP, .extack = "drv: LRO is on", .netdev = &netdev
	};

	(void)state;
	assert_string_equal(failure_of(&tried).hint,
			    "ethtool cannot turn it off: the driver or the host fixes it; or " SKB);
}

static void words_cannot_control_the_terminal(void **state)
{
	static const struct netdev_facts netdev = { .driver = "\033[2J", .mtu = 1500 };
	const struct attach_attempt tried = { .ifname = "eth9",
					      .err = -EINVAL,
					      .extack = "drv: \033]0;x\007 \n hint: rm",
					      .netdev = &netdev };
	struct failure f = failure_of(&tried);

	(void)state;
	assert_string_equal(f.cause, "drv: \\x1b]0;x\\x07 \\x0a hint: rm");
	assert_null(strchr(f.also, '\033'));
	assert_null(strchr(f.hint, '\033'));
}

static void the_kernel_has_its_own_reasons(void **state)
{
	static const struct netdev_facts netdev = { "drv", 1500, 1, 4, OFF, OFF, true };
	static const struct {
		int err;
		const char *extack, *hint;
	} rows[] = {
		{ EBUSY, "Can't replace active BPF XDP link", "bpftool link" },
		{ EEXIST, "Active program does not match expected", "ip -d link show dev eth9" },
		{ EEXIST, "Cannot attach when an upper device already has a program",
		  "on top of eth9" },
		{ ENODEV, "", "ip link" },
		{ EALREADY, "", "still attached" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct attach_attempt tried = { .ifname = "eth9",
						      .err = -rows[i].err,
						      .extack = rows[i].extack,
						      .netdev = &netdev };
		struct failure f = failure_of(&tried);

		assert_non_null(strstr(f.hint, rows[i].hint));
		assert_null(strstr(f.hint, "--skb-mode"));
		assert_string_equal(f.also, "");
	}
}

int run_attach_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_with_words_has_advice),
		cmocka_unit_test(a_driver_without_words_has_facts),
		cmocka_unit_test(facts_are_those_that_are_known),
		cmocka_unit_test(what_was_tried_is_no_advice),
		cmocka_unit_test(a_detach_can_need_a_smaller_mtu),
		cmocka_unit_test(what_cannot_be_turned_off_is_not_advised),
		cmocka_unit_test(words_cannot_control_the_terminal),
		cmocka_unit_test(the_kernel_has_its_own_reasons),
	};

	return cmocka_run_group_tests_name("attach", tests, NULL, NULL);
}
