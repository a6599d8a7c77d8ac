// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fnmatch.h>
#include <string.h>

#include "libbpf_hints.h"
#include "privileges.h"
#include "text.h"
#include "visible.h"

#define OLD_MAPS                                                                                   \
	"it was written for libbpf before 1.0: define its maps in SEC(\".maps\"), as "             \
	"headers/xdp_stats_kern.h does"
#define NO_KERNEL_BTF                                                                              \
	"use a kernel with /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF=y), or a program "       \
	"without "                                                                                 \
	"CO-RE and functions of the kernel"
#define NEEDS_BTF                                                                                  \
	"maps in SEC(\".maps\") need BTF: compile the object with -g, and strip it only with "     \
	"llvm-strip -g"

/*
 * A warning of libbpf 1.0 to 1.7, as a pattern of fnmatch(3), and what it means. $1 to $3
 * are the names that it has in quotation marks. Without a cause the warning is the cause.
 */
static const struct row {
	const char *warning, *cause, *hint;
	bool depends_on_kernel; /* another version may have it */
} rows[] = {
	/* names that are not there */
	{ "extern (func ksym) '*': not found*", "this kernel has no function $1 for BPF programs",
	  "it may be in a module that is not loaded, or in a later kernel; declared __weak, it "
	  "can be tested for with bpf_ksym_exists()",
	  true },
	{ "extern (func ksym) '*': func_proto*", "$1 is declared otherwise than in this kernel",
	  "take its declaration from: bpftool btf dump file /sys/kernel/btf/vmlinux format c",
	  true },
	{ "extern (var ksym) '*': not found*", "this kernel has no variable $1",
	  "declared __weak, it can be tested for with if (&$1)", true },
	{ "extern '*' (strong): not resolved",
	  "$1 is neither in the configuration nor among the symbols of this kernel",
	  "declare it __weak: it is then 0", true },
	{ "failed to open system Kconfig", "the configuration of the kernel cannot be read",
	  "it is in /proc/config.gz (CONFIG_IKCONFIG_PROC), or in /boot/config-$(uname -r)", true },
	{ "Error loading vmlinux BTF*", "this kernel has no BTF, which the program needs",
	  NO_KERNEL_BTF, true },
	{ "failed to find valid kernel BTF*", "this kernel has no BTF, which the program needs",
	  NO_KERNEL_BTF, true },
	{ "kernel BTF is missing at*", "this kernel has no BTF, which the program needs",
	  NO_KERNEL_BTF, true },

	{ "unrecognized extern section '.maps'", "a map is only declared (extern)",
	  "define it, or link the object that does: bpftool gen object all.o prog.o other.o" },
	{ "unrecognized extern section '*'", "an extern declaration is in section $1",
	  "declare a function of the kernel with __ksym, a constant of its configuration with "
	  "__kconfig" },

	/* maps */
	{ "map '*': unsupported map linkage static*", "map $1 in section .maps is static",
	  "remove the word static: a map in SEC(\".maps\") has to be global" },
	{ "prog '*': bad map relo against '*' in section '*'",
	  "$2 is in section $3, in which libbpf looks neither for maps nor for variables",
	  "define a map in SEC(\".maps\"), a variable without SEC()" },
	{ "elf: legacy map definitions*", NULL, OLD_MAPS },
	{ "*'maps' section*", NULL, OLD_MAPS },
	{ "map '*': *", NULL,
	  "mend the definition of the map; headers/xdp_stats_kern.h has an example" },

	/* how it was compiled */
	{ "prog '*': bad call relo against '*' in section '*'",
	  "$1 calls $2, which is in section $3",
	  "define a function that others call without SEC()" },
	{ "prog '*': invalid relo against '*' in special section*", NULL,
	  "give the variable an initial value, or compile with -fno-common" },
	{ "Error loading .BTF into kernel*", NULL,
	  "the kernel does not accept the BTF of the object: compile it with another version "
	  "of clang",
	  true },
	{ "Error loading ELF section*", NULL, "the file may be damaged: compile it again" },
	{ "BTF is required*", NULL, NEEDS_BTF },
	{ "DATASEC '*' not found*", NULL, NEEDS_BTF },

	/* nothing is wrong with the kind of file */
	{ "prog '*", NULL, "see the log of libbpf with --verbose" },
	{ "sec '*", NULL, "see the log of libbpf with --verbose" },
	{ ".maps relo*", NULL, "see the log of libbpf with --verbose" },
};

/* Functions of libc that XDP programs often call, and what there is in place of them. */
static const struct {
	const char *names, *hint;
} undefined[] = {
	{ "ntohs", "use bpf_ntohs() of <bpf/bpf_endian.h>" },
	{ "ntohl", "use bpf_ntohl() of <bpf/bpf_endian.h>" },
	{ "htons", "use bpf_htons() of <bpf/bpf_endian.h>" },
	{ "htonl", "use bpf_htonl() of <bpf/bpf_endian.h>" },
	{ "be64toh", "use bpf_be64_to_cpu() of <bpf/bpf_endian.h>" },
	{ "htobe64", "use bpf_cpu_to_be64() of <bpf/bpf_endian.h>" },
	{ "memcmp", "compare the bytes in a loop of constant length" },
	{ "memcpy", "use __builtin_memcpy() with a small, constant size" },
	{ "memmove", "use __builtin_memmove() with a small, constant size" },
	{ "memset", "use __builtin_memset() with a small, constant size" },
	{ "strcmp", "use bpf_strncmp() (kernel 5.17), or compare in a loop of constant length" },
	{ "strncmp", "use bpf_strncmp() (kernel 5.17), or compare in a loop of constant length" },
	{ "strlen", "count in a loop of constant length" },
	{ "printf", "use bpf_printk() of <bpf/bpf_helpers.h>, and see "
		    "/sys/kernel/tracing/trace_pipe" },
	{ "puts", "use bpf_printk() of <bpf/bpf_helpers.h>, and see "
		  "/sys/kernel/tracing/trace_pipe" },
	{ "malloc", "use a map: a program has no other memory" },
	{ "calloc", "use a map: a program has no other memory" },
	{ "free", "use a map: a program has no other memory" },
	{ "rand", "use bpf_get_prandom_u32()" },
	{ "random", "use bpf_get_prandom_u32()" },
	{ "time", "use bpf_ktime_get_ns()" },
	{ "clock_gettime", "use bpf_ktime_get_ns()" },
	{ "gettimeofday", "use bpf_ktime_get_ns()" },
	{ "abort", "return XDP_ABORTED" },
	{ "exit", "return XDP_ABORTED" },
};

#define NAMES     3
#define NAME_SIZE 256

/* The names in quotation marks. */
static void read_names(char names[NAMES][NAME_SIZE], const char *warning)
{
	for (int i = 0; i < NAMES; i++) {
		const char *begin = strchr(warning, '\''), *end;
		struct text name = text_in(names[i], NAME_SIZE);

		end = begin ? strchr(begin + 1, '\'') : NULL;
		if (!end)
			continue;
		text_add(&name, "%.*s", (int)(end - begin - 1), begin + 1);
		warning = end + 1;
	}
}

/* Put the names in the place of $1 to $3. */
static void expand(char *buffer, size_t size, const char *from, char names[NAMES][NAME_SIZE])
{
	struct text text = text_in(buffer, size);

	for (; *from; from++)
		if (*from == '$' && from[1] >= '1' && from[1] <= '0' + NAMES)
			text_add(&text, "%s", names[*++from - '1']);
		else
			text_add(&text, "%c", *from);
}

static void explain_undefined(struct failure *failure, const char *name)
{
	failure_cause(failure, "%s is not defined in the object", name);
	for (size_t i = 0; i < sizeof(undefined) / sizeof(undefined[0]); i++)
		if (!strcmp(undefined[i].names, name)) {
			failure_hint(failure, "%s", undefined[i].hint);
			return;
		}
	if (!strncmp(name, "bpf_", 4))
		failure_hint(failure,
			     "if it is a function of the kernel, declare it with __ksym, and "
			     "compile with -g");
	failure_hint(failure, "define it in the object, or link the object that has it: bpftool "
			      "gen object all.o prog.o other.o");
}

bool libbpf_explain(struct failure *failure, const char *warning)
{
	char names[NAMES][NAME_SIZE], text[1024], release[KERNEL_RELEASE_SIZE];
	const struct row *row = rows, *const end = rows + sizeof(rows) / sizeof(rows[0]);

	read_names(names, warning);
	if (!fnmatch("failed to find BTF for extern '*'*", warning, 0)) {
		explain_undefined(failure, names[0]);
		return true;
	}
	while (row < end && fnmatch(row->warning, warning, 0))
		row++;
	if (row == end)
		return false;
	expand(text, sizeof(text), row->cause ?: warning, names);
	failure_cause(failure, "%s", row->cause ? text : visible(warning).text);
	expand(text, sizeof(text), row->hint, names);
	failure_hint(failure, "%s", text);
	kernel_is_before(0, 0, release);
	if (row->depends_on_kernel)
		failure_hint(failure, "this is kernel %s", release);
	return true;
}
