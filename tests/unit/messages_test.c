// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libbpf_log.h"
#include "messages_attach.h"
#include "messages_load.h"
#include "privileges.h"
#include "unit.h"
#include "verifier_log.h"

static void expect_missing(const char *cap_eff, const char *expected)
{
	char path[] = "/tmp/status.XXXXXX", text[128];
	FILE *file = fdopen(mkstemp(path), "w");

	fprintf(file, "Name:\tx\nCapPrm:\t0000000000000000\nCapEff:\t%s\n", cap_eff);
	fclose(file);
	missing_capabilities(path, text, sizeof(text));
	unlink(path);
	assert_string_equal(text, expected);
}

static void names_missing_capabilities(void **state)
{
	(void)state;
	expect_missing("0000000000000000", "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN");
	expect_missing("000001ffffffffff", "");
	expect_missing("0000008000001000", "CAP_PERFMON");   /* BPF and NET_ADMIN */
	expect_missing("0000000000200000", "CAP_NET_ADMIN"); /* SYS_ADMIN */
}

static void reads_lockdown(void **state)
{
	static const struct {
		const char *line;
		bool locked;
	} rows[] = {
		{ "[none] integrity confidentiality\n", false },
		{ "none [integrity] confidentiality\n", true },
		{ "none integrity [confidentiality]\n", true },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[] = "/tmp/lockdown.XXXXXX";
		FILE *file = fdopen(mkstemp(path), "w");

		fputs(rows[i].line, file);
		fclose(file);
		assert_int_equal(is_locked_down(path), rows[i].locked);
		unlink(path);
	}
	assert_false(is_locked_down("/nonexistent"));
}

static void compares_releases(void **state)
{
	(void)state;
	assert_true(release_is_before("5.10.0-8-amd64", 5, 11));
	assert_true(release_is_before("4.19.0", 5, 11));
	assert_false(release_is_before("5.11.0", 5, 11));
	assert_false(release_is_before("6.1.0-9", 5, 11));
	assert_false(release_is_before("unknown", 5, 11));
}

static void keeps_the_verifiers_reason(void **state)
{
	char words[256];

	(void)state;
	verifier_last_words("0: R1=ctx() R10=fp0\n"
			    "; return *p;\n"
			    "1: (61) r0 = *(u32 *)(r1 +400)\n"
			    "invalid bpf_context access off=400 size=4\n"
			    "processed 2 insns (limit 1000000) max_states_per_insn 0\n\n",
			    words, sizeof(words));
	assert_non_null(strstr(words, "invalid bpf_context access off=400 size=4"));
	assert_null(strstr(words, "processed"));
	assert_int_not_equal(words[strlen(words) - 1], '\n');
	verifier_last_words("", words, sizeof(words));
	assert_string_equal(words, "");
	verifier_last_words("processed 0 insns\n", words, sizeof(words));
	assert_string_equal(words, "");
}

static void finds_the_verifiers_reason(void **state)
{
	char words[512];

	(void)state;
	/* from kernel 6.18, */
	verifier_reason("0: R1=ctx() R10=fp0\n"
			"; unsigned char *data = (void *)(long)ctx->data; @ a.c:9\n"
			"0: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)\n"
			"; return data[0] ? XDP_PASS : XDP_DROP; @ a.c:11\n"
			"1: (71) r1 = *(u8 *)(r1 +0)\n"
			"invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n"
			"R1 offset is outside of the packet\n"
			"processed 2 insns (limit 1000000)\n",
			words, sizeof(words));
	assert_string_equal(words, "a.c:11: return data[0] ? XDP_PASS : XDP_DROP;\n"
				   "invalid access to packet, off=0 size=1, R1(id=0,off=0,r=0)\n"
				   "R1 offset is outside of the packet");
	/* and from 5.10, without file and line */
	verifier_reason("; return data[0];\n1: (71) r1 = *(u8 *)(r1 +0)\n"
			"R1 invalid mem access 'inv'\nprocessed 2 insns\n",
			words, sizeof(words));
	assert_string_equal(words, "at: return data[0];\nR1 invalid mem access 'inv'");
	verifier_reason("", words, sizeof(words));
	assert_string_equal(words, "");
}

static void a_file_has_a_way_out(void **state)
{
	struct failure f = { 0 };

	(void)state;
	f = (struct failure){ 0 };
	message_open(&f, -EOPNOTSUPP,
		     "elf: legacy map definitions in 'maps' section are not "
		     "supported by libbpf v1.0+");
	assert_non_null(strstr(f.hint, ".maps"));
	f = (struct failure){ 0 };
	message_open(&f, -EINVAL, "BTF is required, but is missing or corrupted.");
	assert_non_null(strstr(f.hint, "-g"));
	f = (struct failure){ 0 };
	message_open(&f, -ENOENT, "");
	assert_string_equal(f.cause, "libbpf cannot open it: No such file or directory");
	f = (struct failure){ 0 };
	message_open(&f, -EFBIG, "");
	assert_non_null(strstr(f.cause, "256 MB"));
	assert_string_not_equal(f.hint, "");
}

static void a_refused_load_has_a_way_out(void **state)
{
	static const struct {
		const char *log, *hint;
	} rows[] = {
		{ "1: (85) call bpf_skb_load_bytes#26\n"
		  "program of this type cannot use helper bpf_skb_load_bytes#26\n",
		  "bpf-helpers(7)" },
		{ "1: (85) call unknown#999\ninvalid func unknown#999\n", "on kernel " },
		{ "3: (1f) r2 -= r1\nR2 pointer -= pointer prohibited\n", "CAP_PERFMON" },
		{ "4: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'\n",
		  "if (!value)" },
		{ "cannot call GPL-restricted function from non-GPL compatible program\n",
		  "license" },
		{ "something nobody has seen before\n", "--verbose" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct failure f = { 0 };

		message_load(&f, -EACCES, rows[i].log, "");
		assert_non_null(strstr(f.hint, rows[i].hint));
	}
}

static void an_attach_has_a_way_out(void **state)
{
	static const struct netdev_facts netdev = {
		.driver = "drv", .mtu = 9000, .rx_queues = 1, .rx_queues_max = 4
	};
	static const struct {
		int err;
		const char *extack, *hint;
	} rows[] = {
		{ -EOPNOTSUPP, "Underlying driver does not support XDP in native mode",
		  "drv has no native XDP" },
		{ -EOPNOTSUPP, "Slave device does not support XDP",
		  "in its present state: use --skb-mode" },
		{ -ERANGE, "veth: Peer MTU is too large to set XDP", "mtu 1500" },
		{ -EINVAL, "virtio_net: MTU too large to enable XDP", "mtu 1500" },
		{ -ENOSPC, "", "ethtool -L eth9 rx 4" },
		{ -EBUSY, "Can't replace active BPF XDP link", "bpftool link" },
		{ -EEXIST, "Active program does not match expected", "ip -d link show dev eth9" },
		{ -EOPNOTSUPP, "virtio_net: Can't set XDP while host is implementing LRO/CSUM",
		  "ethtool -K eth9" },
		{ -ENODEV, "", "ip link" },
		{ -EINVAL, "frame size too large for XDP", "xdp.frags" },
		{ -EINVAL, "virtio_net: Too few free TX rings available, queue pairs",
		  "ethtool -L" },
		{ -EEXIST, "Cannot attach when an upper device already has a program",
		  "on top of eth9" },
		{ -EALREADY, "", "still attached" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct attach_attempt tried = { .ifname = "eth9",
						      .err = rows[i].err,
						      .extack = rows[i].extack,
						      .netdev = &netdev };
		struct failure f = { 0 };

		message_attach(&f, &tried);
		assert_string_not_equal(f.cause, "");
		assert_non_null(strstr(f.hint, rows[i].hint));
	}
}

int run_messages_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_missing_capabilities),
		cmocka_unit_test(reads_lockdown),
		cmocka_unit_test(compares_releases),
		cmocka_unit_test(keeps_the_verifiers_reason),
		cmocka_unit_test(finds_the_verifiers_reason),
		cmocka_unit_test(a_file_has_a_way_out),
		cmocka_unit_test(a_refused_load_has_a_way_out),
		cmocka_unit_test(an_attach_has_a_way_out),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
