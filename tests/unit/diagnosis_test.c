// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diagnosis.h"
#include "unit.h"

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

static void an_attach_has_a_way_out(void **state)
{
	static const struct xdp_attached none = { .fd = -1 };
	static const struct {
		int err;
		const char *extack, *hint;
	} rows[] = {
		{ -EOPNOTSUPP, "Underlying driver does not support XDP in native mode",
		  "--skb-mode" },
		{ -ERANGE, "veth: Peer MTU is too large to set XDP", "mtu 1500" },
		{ -EINVAL, "virtio_net: MTU too large to enable XDP", "mtu 1500" },
		{ -ENOSPC, "", "ethtool -L eth9" },
		{ -EBUSY, "Can't replace active BPF XDP link", "bpftool link" },
		{ -EEXIST, "Active program does not match expected", "ip -d link show dev eth9" },
		{ -EOPNOTSUPP, "virtio_net: Can't set XDP while host is implementing LRO/CSUM",
		  "ethtool -K eth9" },
		{ -ENODEV, "", "ip link" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct attach_failure failure = { .ifname = "eth9",
							.err = rows[i].err,
							.extack = rows[i].extack,
							.mode = XDP_MODE_NATIVE,
							.attached = &none };
		struct diagnosis diagnosis;

		diagnose_attach(&diagnosis, &failure);
		assert_string_not_equal(diagnosis.cause, "");
		assert_non_null(strstr(diagnosis.hint, rows[i].hint));
	}
}

int run_diagnosis_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_missing_capabilities),
		cmocka_unit_test(keeps_the_verifiers_reason),
		cmocka_unit_test(an_attach_has_a_way_out),
	};

	return cmocka_run_group_tests_name("diagnosis", tests, NULL, NULL);
}
