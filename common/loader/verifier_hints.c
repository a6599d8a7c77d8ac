// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "packet_pointers.h"
#include "verifier_hints.h"
#include "verifier_log.h"

#define LINE_SIZE 512

#define NUMBER "[is][nc][va]*" /* inv before 5.18, then scalar */

/* "2: (63) *(u32 *)(r1 +16) = r2" */
static bool is_store(const char *log, const struct verifier_end *end)
{
	const char *code = end->instruction ? strchr(end->instruction, ')') : NULL;

	(void)log;
	return code && !strncmp(code, ") *(", 4);
}

static bool is_lost_pointer(const char *log, const struct verifier_end *end)
{
	return packet_pointer_find(log, end->reason) == LOST_PACKET_POINTER;
}

static bool is_metadata(const char *log, const struct verifier_end *end)
{
	return packet_pointer_find(log, end->reason) == METADATA_POINTER;
}

/*
 * What the verifier says, as patterns of fnmatch(3) for a part of the line, and what to
 * do about it. The first row that fits counts. The words are those that kernels 5.10 to
 * 6.18 have in common; where they differ a row has several.
 */
static const struct row {
	const char *words[5], *hint;
	bool (*only_if)(const char *log, const struct verifier_end *end);
	bool depends_on_kernel;
} rows[] = {
	/* access to the packet */
	{ { "invalid access to packet" },
	  "compare with data before reading metadata: if (ptr + size > data) return "
	  "XDP_ABORTED;",
	  is_metadata },
	{ { "invalid access to packet, off=6553[0-9]*(id=0," },
	  "a pointer may go 65535 bytes into the packet at most: end the loop after a "
	  "smaller, constant number of bytes" },
	{ { "invalid access to packet*(id=[1-9]" },
	  "if (offset > MAX) return XDP_ABORTED; before adding the offset, with an "
	  "unsigned offset and a constant MAX such as 1500: all that is added may be "
	  "65535 at most\n"
	  "after it compare with data_end: if (ptr + size > data_end) return XDP_ABORTED;" },
	{ { "invalid access to packet" },
	  "compare with data_end before reading: if (ptr + size > data_end) return "
	  "XDP_ABORTED;" },
	{ { "invalid mem access 'mem_or_null'" },
	  "the pointer may be NULL, also as an argument of a global function: check it "
	  "before using it: if (!ptr) return XDP_ABORTED;" },
	{ { "invalid mem access '*_or_null'", "type=*_or_null expected",
	    "_or_null prohibited, null-check it first" },
	  "the pointer may be NULL: check what was returned before using it: if (!value) "
	  "return XDP_ABORTED;" },
	{ { "R[0-9]* invalid mem access '" NUMBER "'", "R[0-9]* type=" NUMBER " expected=" },
	  "bpf_xdp_adjust_head(), _tail() and _meta() make pointers to the packet "
	  "invalid: after the call read ctx->data and ctx->data_end again, and compare "
	  "them again",
	  is_lost_pointer },
	{ { "R[0-9]* invalid mem access '" NUMBER "'" },
	  "for the verifier this is a number, not a pointer; a pointer to the packet "
	  "becomes a number when bpf_xdp_adjust_head(), _tail() or _meta() is called: "
	  "read ctx->data again after it" },

	/* offsets and sizes that are not constant */
	{ { "math between pkt pointer and register with unbounded" },
	  "if (offset > MAX) return XDP_ABORTED; before adding the offset, with an "
	  "unsigned offset and a constant MAX such as 1500: all that is added may be "
	  "65535 at most" },
	{ { "math between * pointer and register with unbounded",
	    "makes * pointer be out of bounds" },
	  "if (offset > MAX) return XDP_ABORTED; before adding the offset, with an "
	  "unsigned offset and a constant MAX" },
	{ { "unbounded memory access" },
	  "if (index >= N) return XDP_ABORTED; before using the index or size, with an "
	  "unsigned variable and a constant N" },
	{ { "variable-offset * stack", "variable*stack access" },
	  "if (index >= N) return XDP_ABORTED; before using the index, with an unsigned "
	  "index and the constant length N of the array" },
	{ { "min value is negative" },
	  "use an unsigned variable, and compare it with its largest value before: if (n "
	  "> MAX) return XDP_ABORTED;" },
	{ { "R[0-9]* invalid zero-sized read" },
	  "the size must be 1 at least, and that of the memory at most: if (size < 1 || "
	  "size > sizeof(memory)) return XDP_ABORTED;" },
	{ { "invalid zero-sized read" },
	  "a QUEUE, STACK or BLOOM_FILTER has no key: use bpf_map_push_elem(), "
	  "bpf_map_pop_elem() and bpf_map_peek_elem()" },
	{ { "is not a known constant" }, "the helper takes only a constant there, as a size" },
	{ { "invalid access to map value" },
	  "the access goes beyond the value of the map (value_size bytes): if (index >= "
	  "N) return XDP_ABORTED; before it, with the constant number N of elements" },
	{ { "invalid access to memory" },
	  "the access goes beyond the memory (mem_size bytes): if (index >= N) return "
	  "XDP_ABORTED; before it, with the constant number N of elements" },

	/* the context */
	{ { "invalid bpf_context access" },
	  "an XDP program may not write to its context: use a variable; "
	  "bpf_xdp_adjust_head(), _tail() and _meta() move data, data_end and data_meta",
	  is_store },
	{ { "invalid bpf_context access off=20 size=4" },
	  "ctx->egress_ifindex is only for programs of a devmap, in SEC(\"xdp/devmap\")" },
	{ { "invalid bpf_context access off=* size=[!4]" },
	  "the fields of struct xdp_md are read whole, four bytes each" },
	{ { "invalid bpf_context access" },
	  "the context of an XDP program is a struct xdp_md: data, data_end, data_meta, "
	  "ingress_ifindex, rx_queue_index" },
	{ { "dereference of modified ctx ptr", "variable ctx access" },
	  "read the fields of the context by their names, such as ctx->data: a pointer "
	  "computed from ctx cannot be used" },

	/* how much the verifier follows */
	{ { "infinite loop detected" },
	  "the loop has no end: let a variable count its rounds: for (i = 0; i < N; "
	  "i++), with a constant N" },
	{ { "BPF program is too large. Processed" },
	  "the verifier follows each round of each loop, a million instructions in all: "
	  "end each loop after a small, constant number of rounds, or use bpf_loop() "
	  "(kernel 5.17)" },
	{ { "sequence of * jumps is too complex" },
	  "a loop has too many rounds with branches: use fewer rounds, fewer branches, "
	  "or bpf_loop() (kernel 5.17)" },
	{ { "back-edge from insn" },
	  "loops need CAP_BPF: run as root, or unroll the loop with #pragma unroll" },
	{ { "call stack of * too deep" },
	  "functions may be called 8 deep at most, and none may call itself: use a loop, "
	  "or mark small ones static __always_inline" },
	{ { "recursive call" }, "a function may not call itself: use a loop" },
	{ { "combined stack size of" },
	  "functions that call each other have 512 bytes of stack together: put large "
	  "data into a BPF_MAP_TYPE_PERCPU_ARRAY with one entry" },
	{ { "invalid write to stack" },
	  "the access goes beyond the stack of the function (512 bytes) or beyond a "
	  "variable" },

	/* values that are not there */
	{ { "invalid*read from stack" },
	  "what is passed must be as large as the map or the helper wants it, and each "
	  "byte set, padding too: begin with struct key key; memset(&key, 0, "
	  "sizeof(key));" },
	{ { "R0 !read_ok" }, "give a value to what is returned, on each path: return XDP_PASS;" },
	{ { "!read_ok" }, "a variable is used before it has a value: give it one on each path" },
	{ { "unreachable insn" },
	  "no path leads to a part of the code: look for a missing return, for undefined "
	  "behaviour (clang -Wall) and at inline assembly" },
	{ { "last insn is not an exit or jmp", "jump out of range" },
	  "a function ends without return: return a value on each path, such as XDP_PASS" },
	{ { "div by zero" }, "the divisor is the constant 0: use another one" },

	/* how it was compiled */
	{ { "unknown opcode 8d" }, "it was compiled without optimization: compile with clang -O2" },
	{ { "missing btf func_info", "not allowed in subprogs without BTF" },
	  "compile with -g; strip only with llvm-strip -g" },
	{ { "tail_calls are not allowed in * with bpf-to-bpf calls" },
	  "mark the other functions static __always_inline",
	  .depends_on_kernel = true },
	{ { "misaligned" },
	  "the address is not a multiple of the size: copy with __builtin_memcpy()" },
	{ { "unknown opcode", "uses reserved fields" },
	  "the kernel does not know this instruction: compile with -mcpu=v2",
	  .depends_on_kernel = true },
	{ { "tried to subtract pointer from scalar" },
	  "the compiler keeps half of a pointer; put this before the subtraction: asm "
	  "volatile(\"\" : \"+r\"(data_end), \"+r\"(data));" },
	{ { "failed to resolve CO-RE relocation" },
	  "this kernel has no such type or field: test for it with "
	  "bpf_core_field_exists()",
	  .depends_on_kernel = true },

	/* helpers and the kernel's functions */
	{ { "is referenced but wasn't created" },
	  "no XDP program can use a map of this type, such as storage of sockets or tasks" },
	{ { "metadata kfuncs require device-bound program" },
	  "bpf_xdp_metadata_*() work only in native mode: load without --skb-mode" },
	{ { "GPL-restricted", "from non-GPL compatible" },
	  "the object needs: char _license[] SEC(\"license\") = \"GPL\";" },
	{ { "unknown func", "cannot use helper", "invalid func" },
	  "an XDP program may not call this helper here: see bpf-helpers(7), or bpftool "
	  "feature probe",
	  .depends_on_kernel = true },
	{ { "BPF_LD_[[]ABS*not allowed" },
	  "load_byte() and the like are for socket filters: read from ctx->data" },
	{ { "calling kernel function * is not allowed" },
	  "an XDP program may not call this function of the kernel",
	  .depends_on_kernel = true },

	/* maps */
	{ { "cannot pass map_type * into func bpf_redirect_map" },
	  "bpf_redirect_map() takes a DEVMAP, DEVMAP_HASH, CPUMAP or XSKMAP" },
	{ { "cannot pass map_type * into func bpf_perf_event_output" },
	  "bpf_perf_event_output() takes a PERF_EVENT_ARRAY" },
	{ { "cannot pass map_type * into func bpf_ringbuf" }, "this helper takes a RINGBUF" },
	{ { "cannot pass map_type * into func bpf_tail_call",
	    "expected prog array map for tail call" },
	  "bpf_tail_call() takes a PROG_ARRAY" },
	{ { "cannot pass map_type 3 into func bpf_map_" },
	  "only user space looks up and changes entries of a PROG_ARRAY: bpftool map "
	  "update" },
	{ { "cannot pass map_type 1[4-7] into func bpf_map_[ud]",
	    "cannot pass map_type 25 into func bpf_map_[ud]" },
	  "only user space changes entries of such a map: bpftool map update" },
	{ { "cannot pass map_type" },
	  "this helper takes maps of another type: see its entry in bpf-helpers(7)" },
	{ { "write into map forbidden" },
	  "a program can only read this map: a constant is set by --set NAME=VALUE, a "
	  "DEVMAP, CPUMAP or XSKMAP by user space" },

	/* pointers */
	{ { "pointer -= pointer prohibited" },
	  "subtracting packet pointers needs CAP_PERFMON: run as root" },
	{ { "helper access to the packet is not allowed" },
	  "this helper takes no pointer to the packet: copy the bytes to a variable first" },
	{ { "cannot be accessed directly by load/store" }, "use it only by its helpers" },
	{ { "leaks addr", "pointer comparison prohibited" },
	  "storing, returning or comparing an address needs CAP_PERFMON: run as root" },
	{ { "pointer arithmetic on pkt_end prohibited", "invalid mem access 'pkt_end'" },
	  "compute from data, not from data_end: if (data + size > data_end)" },
	{ { "pointer arithmetic with", "operator * on pointer prohibited" },
	  "a pointer may only be moved by + and - with a number" },
	{ { "stores into R[0-9]* is not allowed" },
	  "atomic operations work on values of maps: use a plain read and write here" },

	/* functions */
	{ { "doesn't return scalar" }, "declare the function static, or let it return an int" },
	{ { "arg#* reference type" },
	  "a function that is not static cannot have such arguments: declare it static" },

	/* what must be given back */
	{ { "Unreleased reference" },
	  "give back what was taken on each path, such as with bpf_ringbuf_submit() or "
	  "bpf_ringbuf_discard() after bpf_ringbuf_reserve()" },
	{ { "spin_lock-ed region", "bpf_spin_unlock is missing" },
	  "call bpf_spin_unlock() on each path" },

	/* a helper called with something else; after the rows for NULL and numbers */
	{ { "R[0-9]* type=* expected=" },
	  "the helper takes another kind of argument there: see its entry in "
	  "bpf-helpers(7)" },
};

static bool row_fits(const struct row *row, const char *line)
{
	const size_t count = sizeof(row->words) / sizeof(row->words[0]);
	char pattern[128];

	for (size_t i = 0; i < count && row->words[i]; i++) {
		snprintf(pattern, sizeof(pattern), "*%s*", row->words[i]);
		if (!fnmatch(pattern, line, 0))
			return true;
	}
	return false;
}

static const struct row *find(const char *log, const struct verifier_end *end, const char *line)
{
	char text[LINE_SIZE];

	snprintf(text, sizeof(text), "%.*s", (int)verifier_line_length(line), line);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (row_fits(&rows[i], text) && (!rows[i].only_if || rows[i].only_if(log, end)))
			return &rows[i];
	return NULL;
}

/* The reason may have several lines: the last one that is known counts. */
struct verifier_hint verifier_hint(const char *log)
{
	const struct verifier_end end = verifier_end(log);
	struct verifier_hint hint = { 0 };

	for (const char *line = end.reason; line && *line; line = verifier_next_line(line)) {
		const struct row *row = find(log, &end, line);

		if (row)
			hint = (struct verifier_hint){ row->hint, row->depends_on_kernel };
	}
	return hint;
}
