#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Global variables and constants of a program, and a load that changes nothing.

load helper

setup() {
	need_kernel
	make_pair
	VARIABLES=$OBJECTS/variables.o
}

teardown() {
	remove_all
}

variables() { # variables [OPTIONS]: load the object with variables
	loader --dev veth0 --filename "$VARIABLES" "$@"
}

# The value of a variable in the pin of a section.
variable() { # variable SECTION NAME
	bpftool -j map dump pinned "$BPFFS/veth0/:$1" | jq ".. | .$2? // empty"
}

attached_id() {
	ip -j link show dev veth0 | jq '.[0].xdp.prog.id'
}

# Everything that a load could change.
state() {
	loader --status --dev veth0 --json
	ls -iR "$BPFFS"
	ip -d link show dev veth0
}

@test "-M keeps variables, also from an object file of another name" {
	accepts variables
	flood 10 60
	cp "$VARIABLES" "$BATS_TEST_TMPDIR/another.o"
	VARIABLES=$BATS_TEST_TMPDIR/another.o
	accepts variables --force --reuse-maps --set port=81
	assert_contains "$output" "$BPFFS/veth0/:bss, reused: what is in it stays"
	flood 5 60
	assert_equal "$(variable bss seen)" 15
	assert_equal "$(variable data:custom custom)" 22
	accepts variables --force
	assert_equal "$(variable bss seen)" 0
}

@test "-M: variables that have moved begin anew, the report says why; the others are kept" {
	local data
	accepts variables
	flood 10 60
	data=$(bpftool -j map show pinned "$BPFFS/veth0/:data" | jq .id)
	compile "$BATS_TEST_TMPDIR/moved.o" -DMOVED <"$TOP/tests/objects/variables.c"
	VARIABLES=$BATS_TEST_TMPDIR/moved.o
	accepts variables --force --reuse-maps
	assert_contains "$output" "what was in map $data is gone; its variables differ"
	assert_equal "$(variable bss seen)" 10
	assert_equal "$(variable data limit)" 100
}

@test "-M: a variable of another type or name begins anew" {
	local source='#include "xdp_stats_kern.h"
		TYPE NAME = 1; SEC("xdp") int p(struct xdp_md *ctx) { NAME++; return XDP_PASS; }'
	compile "$BATS_TEST_TMPDIR/one.o" -DTYPE=__u32 -DNAME=one <<<"$source"
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/one.o"
	flood 10 60
	compile "$BATS_TEST_TMPDIR/type.o" -DTYPE=__s32 -DNAME=one <<<"$source"
	accepts loader --dev veth0 --force --reuse-maps --filename "$BATS_TEST_TMPDIR/type.o"
	assert_contains "$output" "its variables differ: one: pinned unsigned int, object int"
	flood 10 60
	compile "$BATS_TEST_TMPDIR/name.o" -DTYPE=__s32 -DNAME=two <<<"$source"
	accepts loader --dev veth0 --force --reuse-maps --filename "$BATS_TEST_TMPDIR/name.o"
	assert_contains "$output" "its variables differ: pinned one at byte 0, object two at byte 0"
	assert_equal "$(variable data two)" 1
}

@test "a map called like a section and the section are pinned side by side" {
	compile "$BATS_TEST_TMPDIR/coll.o" <<<'#include "xdp_stats_kern.h"
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1);
			__type(key, __u32); __type(value, __u64); } coll_bss SEC(".maps");
		__u64 seen;
		SEC("xdp") int p(struct xdp_md *ctx) { __u32 zero = 0; seen++;
			bpf_map_lookup_elem(&coll_bss, &zero); return XDP_PASS; }
		char _license[] SEC("license") = "GPL";'
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/coll.o"
	assert_equal "$(ls "$BPFFS/veth0" | xargs)" ":bss coll_bss xdp_stats_map"
}

@test "--set: the program sees the value, --status and --dry-run show it" {
	accepts variables --set drops=true
	flood 10 60
	assert_equal "$(counted veth0 XDP_DROP)" "10 600"
	assert_contains "$output" "constant drops = true (_Bool)"
	accepts loader --status --dev veth0
	assert_contains "$output" "constant drops = true (_Bool)"
	accepts loader --status --dev veth0 --json
	assert_equal "$(jq -c '.interfaces[0].constants | [.drops, .port, .hidden]' <<<"$output")" \
		"[true,80,3]"
	accepts variables --force --dry-run --json --set port=8080
	assert_equal "$(jq .constants.port <<<"$output")" 8080
}

@test "--set: each type, up to its limits" {
	local set
	for set in port=0 port=65535 port=0xffff port=0177777 offset=-128 offset=127 \
		large=18446744073709551615 drops=0 drops=true level=HIGH level=5 label= label=7-bytes \
		address=192.0.2.1 address6=2001:db8::1 mac=02:00:00:00:00:0a port_on_wire=8080 \
		address_on_wire=192.0.2.1 hidden=9; do
		accepts variables --force --dry-run --set "$set"
	done
	accepts variables --set level=5 --set label=ab --set mac=02:00:00:00:00:0a --set port_on_wire=8080 \
		--set address_on_wire=192.0.2.1 --set offset=-3 --json
	assert_equal "$(jq -c '.constants | [.level, .label, .mac, .port_on_wire, .address_on_wire, .offset]' \
		<<<"$output")" '["MIDDLE","ab","02:00:00:00:00:0a",8080,"192.0.2.1",-3]'
	# in network order
	assert_equal "$(variable rodata address_on_wire)" "$(printf '%u' "$(printf '\xc0\x00\x02\x01' | od -An -tu4 | tr -d ' ')")"
}

@test "--set: a value that does not fit is rejected, with the type and its range" {
	local set
	for set in port=65536 port=-1 port= port=80x 'port= 80' port=+80 port=99999999999999999999; do
		rejects 2 "it is of type __u16: 0 to 65535" variables --set "$set"
	done
	rejects 2 "it is of type __s8: -128 to 127" variables --set offset=128
	rejects 2 "it is of type __s8: -128 to 127" variables --set offset=-129
	rejects 2 "it is of type __u64: 0 to 18446744073709551615" variables --set large=18446744073709551616
	rejects 2 "it is of type _Bool: true or false" variables --set drops=2
	rejects 2 "it is of type enum level: LOW, MIDDLE, HIGH" variables --set level=LOWER
	rejects 2 "it is of type char[8]: 7 bytes at most" variables --set label=eightbyt
	for set in address=1.2.3 address=1.2.3.256 address6=1 mac=1:2:3 mac=02:00:00:00:00:0g; do
		rejects 2 "an address such as" variables --set "$set"
	done
	rejects 2 "it is of type __u32[3]: only integers" variables --set table=1
	rejects 2 "of type __s8: " variables --set port=1 --set large=1 --set offset=128
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
}

@test "--set: no such constant, a variable, a value in the code, no BTF, twice, no value" {
	rejects 2 "there is no such constant" variables --set prt=1
	assert_contains "$stderr" "most similar name first: port (__u16), "
	rejects 2 "it is a variable" variables --set limit=1
	rejects 2 "it is const but not volatile" variables --set folded=1
	rejects 2 "this constant is set twice" variables --set port=1 --set port=2
	rejects 2 "write NAME=VALUE" variables --set port
	rejects 2 "write NAME=VALUE" variables --set =1
	clang -O2 -target bpf -x c -c -o "$BATS_TEST_TMPDIR/no.o" - <<<'const volatile int port;
		__attribute__((section("xdp"))) int p(void *ctx) { return port; }'
	rejects 2 "no BTF" loader --dev veth0 --filename "$BATS_TEST_TMPDIR/no.o" --set port=1
	rejects 2 "cannot be used with options for loading" loader --dev veth0 --unload --set port=1
}

@test "a second identical load with -F -M changes nothing and says so" {
	local before
	accepts variables --set port=81
	before=$(state)
	accepts variables --force --reuse-maps --set port=81
	assert_contains "$output" "unchanged: veth0 has this program already: id $(attached_id)"
	assert_equal "$(state)" "$before"
	accepts variables --force --reuse-maps --set port=81 --json
	assert_equal "$(jq -c '[.unchanged, .replaced, .program.id]' <<<"$output")" \
		"[true,null,$(attached_id)]"
	accepts variables --force --reuse-maps --set port=81 --auto-mode
	assert_equal "$(state)" "$before"
}

@test "another constant, map, mode, program, kind or variable is a change" {
	local id source='#include "xdp_stats_kern.h"
		__u64 a, b; SEC(KIND) int p(struct xdp_md *ctx) {
			if (ctx->rx_queue_index > 70) OTHER++; ONE++; return XDP_PASS; }
		char _license[] SEC("license") = "GPL";'
	changes() { # changes OPTIONS: the load changes the program
		id=$(attached_id)
		accepts loader --dev veth0 --force "$@"
		[ "$(attached_id)" != "$id" ]
		accepts loader --dev veth0 --force --reuse-maps "$@"
		assert_contains "$output" "unchanged: "
	}
	compile "$BATS_TEST_TMPDIR/a.o" -DONE=a -DOTHER=b -DKIND='"xdp"' <<<"$source"
	compile "$BATS_TEST_TMPDIR/b.o" -DONE=b -DOTHER=a -DKIND='"xdp"' <<<"$source"
	compile "$BATS_TEST_TMPDIR/frags.o" -DONE=b -DOTHER=a -DKIND='"xdp.frags"' <<<"$source"
	accepts variables
	changes --filename "$VARIABLES" --reuse-maps --set port=81
	changes --filename "$VARIABLES"
	changes --filename "$VARIABLES" --reuse-maps --skb-mode
	changes --filename "$VARIABLES" --reuse-maps
	changes --reuse-maps
	changes --reuse-maps --progname xdp_drop_func
	changes --reuse-maps --filename "$BATS_TEST_TMPDIR/a.o"
	# the tag of the two programs is the same
	changes --reuse-maps --filename "$BATS_TEST_TMPDIR/b.o"
	changes --reuse-maps --filename "$BATS_TEST_TMPDIR/frags.o"
	# the object fills slots
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	assert_contains "$output" "attached to veth0"
}

@test "several interfaces: one is unchanged, the other is loaded" {
	local id
	ip link add dev veth2 type veth peer name veth3
	accepts loader --dev veth0
	id=$(attached_id)
	accepts loader --dev veth0 --dev veth2 --force --reuse-maps
	assert_contains "$output" "unchanged: veth0 has this program already"
	assert_contains "$output" "attached to veth2"
	assert_equal "$(attached_id)" "$id"
}

@test "a kernel that replaces pin by pin: those of sections, too" {
	local pins einval=(strace -qq -o /dev/null -e inject=renameat2:error=EINVAL "$TOP/xdp_loader" --dev veth0)
	accepts variables
	pins=$(ls "$BPFFS/veth0")
	flood 10 60
	accepts "${einval[@]}" --filename "$VARIABLES" --force --reuse-maps --set port=81
	assert_equal "$(ls "$BPFFS/veth0")" "$pins"
	assert_equal "$(variable bss seen)" 10
	assert_equal "$(variable rodata port)" 81
	# the load of another interface fails: all is undone
	ip link add dev veth2 mtu 9000 type veth peer name veth3 mtu 9000
	run "${einval[@]}" --dev veth2 --filename "$VARIABLES" --force
	[ "$status" = 30 ]
	assert_equal "$(ls "$BPFFS/veth0")" "$pins"
	assert_equal "$(variable bss seen)" 10
	assert_equal "$(variable rodata port)" 81
	[ ! -e "$BPFFS/xdp_loader:state" ]
}
