#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# --explain: what is told is what was done, and the commands do the same by hand.

load helper

setup() {
	need_kernel
	make_pair
	script=$BATS_TEST_TMPDIR/by-hand
}

teardown() {
	remove_all
}

# What there is: mode and name of the program, names and shapes of the pinned maps.
state() {
	ip -d -j link show dev veth0 | jq -c '.[0].xdp // {} | [.mode, .prog.name]'
	local pin
	find "$BPFFS" -mindepth 1 ! -name '*.debug' -printf '%P %m\n' | sort
	for pin in "$BPFFS"/veth0/*; do
		[ ! -e "$pin" ] || bpftool -j map show pinned "$pin" |
			jq -c '[.name, .type, .bytes_key, .bytes_value, .max_entries, .frozen]'
	done
}

# Run the loader with --explain, keep its commands, and the state that it makes.
explained() { # explained LOADER-OPTION...
	accepts loader --dev veth0 --explain "$@"
	sed -n 's/^      by hand: //p' <<<"$stderr" >"$script"
	[ "$(wc -l <"$script")" -ge 4 ]
	expected=$(state)
}

# by_hand BEFORE...: from the same state as the loader, its commands lead to the same.
by_hand() {
	remove_all
	make_pair
	[ $# = 0 ] || accepts loader --dev veth0 --quiet "$@"
	bash -euo pipefail "$script" >"$BATS_TEST_TMPDIR/log" 2>&1 ||
		{ cat "$script" "$BATS_TEST_TMPDIR/log" && return 1; }
	assert_equal "$(state)" "$expected"
}

@test "by hand: a fresh load" {
	explained
	by_hand
	flood 100 60
	assert_equal "$(counted veth0 XDP_PASS)" "100 6000"
}

@test "by hand: a fresh load where bpffs is missing" {
	umount "$BPFFS"
	explained
	grep -q '^mount -t bpf' "$script"
	remove_all
	umount "$BPFFS"
	make_pair
	bash -euo pipefail "$script" >/dev/null
	assert_equal "$(state)" "$expected"
	# it is mounted only where it is missing
	accepts loader --dev veth0 --force --explain
	[[ $stderr != *"mount -t bpf"* ]]
}

@test "by hand: another program, with one map more and one less" {
	accepts loader --dev veth0 --quiet --filename "$OBJECTS/two_maps.o"
	explained --force --progname xdp_drop_func
	by_hand --filename "$OBJECTS/two_maps.o"
	remove_all
	make_pair
	accepts loader --dev veth0 --quiet
	explained --force --filename "$OBJECTS/two_maps.o"
	by_hand --progname xdp_drop_func
}

@test "by hand: the counters go on with --reuse-maps" {
	accepts loader --dev veth0 --quiet
	explained --force --reuse-maps --progname xdp_drop_func
	remove_all
	make_pair
	accepts loader --dev veth0 --quiet
	flood 100 60
	bash -euo pipefail "$script" >/dev/null
	flood 10 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_DROP)" "100 6000 10 600"
	assert_equal "$(state)" "$expected"
}

@test "by hand: a change of mode, where the kernel rejects ip -force" {
	accepts loader --dev veth0 --quiet
	explained --force --skb-mode
	by_hand --progname xdp_drop_func
}

@test "by hand: an unload" {
	accepts loader --dev veth0 --quiet
	explained --unload
	by_hand --progname xdp_pass_func
}

@test "--explain prints what was really done" {
	accepts loader --dev veth0 --explain
	assert_contains "$stderr" "renameat2(2) with RENAME_NOREPLACE"
	assert_contains "$stderr" "XDP_FLAGS_UPDATE_IF_NOEXIST"
	[[ $stderr != *XDP_FLAGS_REPLACE* && $stderr != *RENAME_EXCHANGE* && $stderr != *reuse_fd* ]]
	accepts loader --dev veth0 --explain --force
	assert_contains "$stderr" "renameat2(2) with RENAME_EXCHANGE"
	assert_contains "$stderr" "XDP_FLAGS_REPLACE"
	[[ $stderr != *RENAME_NOREPLACE* && $stderr != *UPDATE_IF_NOEXIST* ]]
	accepts strace -qq -e trace=renameat2 -e inject=renameat2:error=EINVAL \
		"$TOP/xdp_loader" --dev veth0 --explain --force
	assert_contains "$stderr" "linkat(2) and renameat(2) of each pin"
	accepts loader --dev veth0 --explain --unload
	assert_contains "$stderr" "is detached from veth0"
	# nothing to do, nothing told
	accepts loader --dev veth0 --explain --unload
	[[ $stderr != *detached* && $stderr != *"are removed;"* ]]
	# of a load that fails, what was done before
	rejects 40 "invalid access" loader --dev veth0 --explain --filename "$OBJECTS/rejected.o"
	[[ $stderr != *"is attached to"* && $stderr != *"accepted"* ]]
}
