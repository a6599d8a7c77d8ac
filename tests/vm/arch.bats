#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What depends on the architecture: byte order, sizes, pages, cache lines. Run by arch.sh, which
# sets MTU_MAX to the largest MTU for a page of that machine.

load helper

teardown() {
	remove_all
}

page_kb() {
	awk '$1 == "KernelPageSize:" { print $2; exit }' /proc/self/smaps
}

@test "each action is counted exactly, bytes too" {
	echo "# kernel $(uname -r), pages of $(page_kb) KB" >&3
	local action program
	make_pair
	accepts loader --dev veth0
	flood 20000 60
	flood 300 1514
	for program in drop abort tx; do
		accepts loader --dev veth0 --force --reuse-maps --progname "xdp_${program}_func"
		flood 1000 100
	done
	assert_equal "$(counted veth0 XDP_PASS)" "20300 1654200"
	for action in XDP_DROP XDP_ABORTED XDP_TX; do
		assert_equal "$(counted veth0 $action)" "1000 100000"
	done
	assert_equal "$(counted veth0 XDP_REDIRECT)" "0 0"
}

@test "both programs write the same JSON as on any machine" {
	make_pair
	accepts loader --dev veth0 --json
	assert_equal "$(jq -r '.program.mode, .program.name' <<<"$output" | tr '\n' ' ')" "native xdp_pass_func "
	flood 7 60
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq -c '.actions.XDP_PASS | [.packets, .bytes]' <<<"$output")" "[7,420]"
	accepts loader --status --dev veth0 --json
	assert_equal "$(jq -r '.interfaces[0].state' <<<"$output")" ok
}

@test "dry run, the skb mode and back, unload: nothing is left" {
	make_pair
	accepts loader --dev veth0 --dry-run
	assert_equal "$(attached veth0)" none
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --reuse-maps --skb-mode
	assert_contains "$(attached veth0)" skb
	flood 500 200 --socket
	accepts loader --dev veth0 --force --reuse-maps
	flood 500 200
	assert_equal "$(counted veth0 XDP_PASS)" "1000 200000"
	accepts loader --dev veth0 --unload
	assert_equal "$(attached veth0)" none
	[ ! -e "$BPFFS/veth0" ]
}

@test "the largest MTU is the one that the loader names: one byte more is rejected" {
	make_pair veth0 $((MTU_MAX + 1))
	rejects 30 "may be $MTU_MAX at most" loader --dev veth0
	inside ip link set dev in mtu "$MTU_MAX"
	accepts loader --dev veth0
	flood 50 $((MTU_MAX + 14)) --socket
	assert_equal "$(counted veth0 XDP_PASS)" "50 $((50 * (MTU_MAX + 14)))"
}

@test "a packet in several pieces is counted with all its bytes" {
	make_pair veth0 30000
	accepts loader --dev veth0 --progname xdp_pass_frags_func
	flood 50 30014 --socket
	assert_equal "$(counted veth0 XDP_PASS)" "50 1500700"
}

@test "maps of another object are compared by their BTF" {
	make_pair
	accepts loader --dev veth0
	rejects 40 "value: pinned rx_packets at bit 0, object rx_bytes at bit 0" \
		loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/swapped.o"
}
