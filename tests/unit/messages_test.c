// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libbpf_log.h"
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
	/* without a newline before the statistics */
	verifier_reason(
		"2: (85) call bpf_tail_call#12\n"
		"expected prog array map for tail callprocessed 3 insns (limit 1000000) x\n",
		words, sizeof(words));
	assert_string_equal(words, "expected prog array map for tail call");
	verifier_reason(/* where the line of the instruction has no end, as with clang 21 */
			"; while (x) @ a.c:205\n3: (56) if w0 != 0x7 goto pc-3 "
			"BPF program is too large. Processed 1000001 insn\n"
			"processed 1000001 insns (limit 1000000) x\n",
			words, sizeof(words));
	assert_string_equal(words,
			    "a.c:205: while (x)\nBPF program is too large. Processed 1000001 insn");
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

static const struct {
	const char *log, *hint;
} refused_loads[] = {
	{ "1: (85) call bpf_skb_load_bytes#26\n"
	  "program of this type cannot use helper bpf_skb_load_bytes#26\n",
	  "bpf-helpers(7)" },
	{ "1: (85) call unknown#999\ninvalid func unknown#999\n", "this is kernel " },
	{ "3: (1f) r2 -= r1\nR2 pointer -= pointer prohibited\n", "CAP_PERFMON" },
	{ "4: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'\n",
	  "if (!value)" },
	{ "cannot call GPL-restricted function from non-GPL compatible program\n", "license" },
	{ "something nobody has seen before\n", "--verbose" },
	/* the words of earlier kernels */
	{ "3: (85) call bpf_redirect_map#51\nunknown func bpf_xdp_new#300\n", "this is kernel" },
	{ "R0 unbounded memory access, make sure to bounds check any array access into a "
	  "map\n",
	  "if (index >= N)" },
	{ "R0 min value is negative, either use unsigned index or do a if (index >=0) "
	  "check.\n",
	  "unsigned" },
	{ "variable stack access var_off=(0xf0; 0xf) off=-16 size=1\n", "length N of the array" },
	{ "invalid indirect read from stack off -16+1 size 16\n", "each byte set" },
	{ "invalid indirect read from stack R2 off -16+1 size 16\n", "each byte set" },
	{ "back-edge from insn 12 to 3\n", "CAP_BPF" },
	{ "the call stack of 9 frames is too deep\n", "8 deep" },
	{ "combined stack size of 2 calls is 608. Too large\n", "512 bytes" },
	{ "recursive call from f() to f()\n", "may not call itself" },
	{ "BPF_EXIT instruction cannot be used inside bpf_spin_lock-ed region\n",
	  "bpf_spin_unlock()" },
	{ "cannot call kernel function from non-GPL compatible program\n", "license" },
	{ "BPF_STX uses reserved fields\n", "-mcpu=v2" },
	{ "R1 tried to subtract pointer from scalar\n", "asm volatile" },
	/* the reason, not its source or the trace, has the words */
	{ "; if (GPL-restricted) @ a.c:1\n1: (61) r0 = *(u32 *)(r1 +20)\n"
	  "invalid bpf_context access off=20 size=4\n",
	  "egress_ifindex" },
	{ "1: (85) call bpf_map_lookup_elem#1\n2: R0_w=map_value_or_null(id=1,off=0)\n"
	  "2: (bf) r1 = r0\nR9 !read_ok\n",
	  "before it has a value" },
	{ "infinite loop detected at insn 7\ncur state: R1=map_value_or_null(id=1)\n"
	  "old state: R1=map_value_or_null(id=1)\n",
	  "the loop has no end" },
	{ "3: (95) exit\nFunc#1 is safe for any args that match its prototype\n"
	  "unreachable insn 4\n",
	  "no path" },
};

static void a_refused_load_has_a_way_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused_loads) / sizeof(refused_loads[0]); i++) {
		struct failure f = { 0 };

		message_load(&f, -EACCES, refused_loads[i].log, "");
		assert_non_null(strstr(f.hint, refused_loads[i].hint));
	}
}

/* The trace of kernel 5.10 has the registers only where branches begin. */
static void follows_packet_pointers(void **state)
{
#define LOST "make pointers to the packet invalid"
	static const struct {
		const char *log;
		bool lost;
	} rows[] = {
		{ "from 4 to 6: R0=inv2 R1=ctx(id=0,off=0,imm=0) R6_w=pkt(id=0,off=0,r=14,imm=0)\n"
		  "6: (85) call bpf_xdp_adjust_head#44\n7: (71) r0 = *(u8 *)(r6 +3)\n"
		  "R6 invalid mem access 'inv'\n",
		  true },
		/* a copy of it */
		{ "2: R6=pkt(r=14) R10=fp0\n3: (bf) r7 = r6\n6: (85) call bpf_xdp_adjust_tail#65\n"
		  "7: (bf) r8 = r7\n8: (71) r0 = *(u8 *)(r8 +3)\nR8 invalid mem access 'scalar'\n",
		  true },
		/* read again, and then a number */
		{ "2: R6=pkt(r=14)\n6: (85) call bpf_xdp_adjust_head#44\n"
		  "7: (79) r6 = *(u64 *)(r7 +0)  ; R6=scalar()\n8: (71) r0 = *(u8 *)(r6 +3)\n"
		  "R6 invalid mem access 'scalar'\n",
		  false },
		/* another call */
		{ "2: R6=pkt(r=14)\n6: (85) call bpf_get_prandom_u32#7\n8: (71) r0 = *(u8 *)(r5 "
		  "+3)\nR5 invalid mem access 'scalar'\n",
		  false },
		/* the register of a function that is called, and of another branch */
		{ "2: R6=7\n3: (85) call pc+9\ncaller:\n R6=7\ncallee:\n frame1: R1=ctx()\n"
		  "13: (61) r6 = *(u32 *)(r1 +0) ; frame1: R6=pkt(r=0)\n"
		  "14: (85) call bpf_xdp_adjust_head#44\n15: (95) exit\nreturning from callee:\n"
		  " frame1: R0=scalar()\nto caller at 4:\n R0=scalar() R6=7\n"
		  "4: (71) r0 = *(u8 *)(r6 +3)\nR6 invalid mem access 'scalar'\n",
		  false },
		{ "2: R6=pkt(r=14)\n6: (85) call bpf_xdp_adjust_head#44\nfrom 1 to 9: R6=scalar()\n"
		  "9: (71) r0 = *(u8 *)(r6 +3)\nR6 invalid mem access 'scalar'\n",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct failure f = { 0 };

		message_load(&f, -EACCES, rows[i].log, "");
		assert_int_equal(!!strstr(f.hint, LOST), rows[i].lost);
	}
}

/* As libbpf 1.1 and 1.7 write them. */
static void a_warning_of_libbpf_has_a_cause(void **state)
{
	static const struct {
		const char *warning, *cause, *hint;
	} rows[] = {
		{ "failed to find BTF for extern 'htons' [21] section: -2",
		  "htons is not defined in the object", "bpf_htons()" },
		{ "failed to find BTF for extern 'f': -3", "f is not defined in the object",
		  "bpftool gen object" },
		{ "map 'm': unsupported map linkage static.", "map m in section .maps is static",
		  "remove the word static" },
		{ "prog 'p': bad map relo against 'm' in section '.maps.x'",
		  "m is in section .maps.x", "SEC(\".maps\")" },
		{ "Error loading vmlinux BTF: -3", "no BTF", "CONFIG_DEBUG_INFO_BTF" },
		{ "Error loading vmlinux BTF: No such process", "no BTF", "CONFIG_DEBUG_INFO_BTF" },
		{ "extern (func ksym) 'f': not found in kernel BTF", "no function f",
		  "bpf_ksym_exists()" },
		{ "map 'm': conflicting key size 4 != 8.", "conflicting key size",
		  "definition of the map" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct failure f = { 0 };

		message_load(&f, -EINVAL, "", rows[i].warning);
		assert_non_null(strstr(f.cause, rows[i].cause));
		assert_non_null(strstr(f.hint, rows[i].hint));
	}
}

static void knows_what_confines_a_process(void **state)
{
	static const struct {
		const char *text;
		bool is_namespace, has_filter;
	} rows[] = {
		{ "         0          0 4294967295\n", false, false },
		{ "         0       1000          1\n", true, false },
		{ "         0     100000      65536\n", true, false },
		{ "", true, false },
		{ "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n", true, true },
		{ "Name:\tx\nSeccomp:\t0\n", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[] = "/tmp/confined.XXXXXX";
		FILE *file = fdopen(mkstemp(path), "w");

		fputs(rows[i].text, file);
		fclose(file);
		assert_int_equal(is_in_user_namespace(path), rows[i].is_namespace);
		assert_int_equal(has_seccomp_filter(path), rows[i].has_filter);
		unlink(path);
	}
	assert_false(is_in_user_namespace("/nonexistent"));
	assert_false(has_seccomp_filter("/nonexistent"));
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
		cmocka_unit_test(follows_packet_pointers),
		cmocka_unit_test(a_warning_of_libbpf_has_a_cause),
		cmocka_unit_test(knows_what_confines_a_process),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
