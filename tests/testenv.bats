#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The lab and the demo, and that they leave nothing behind.

load helper

T=$TOP/testenv/testenv.sh

setup() {
	need_kernel
}

teardown() {
	local lab
	for lab in one two xdptest xdptest1; do
		"$T" --name "$lab" teardown >/dev/null 2>&1 || true
	done
	remove_all
}

nothing_left() {
	assert_equal "$(ip -o link show | grep -vc ' lo:')" 0
	assert_equal "$(ls /run/netns 2>/dev/null)" ""
	assert_equal "$(ls "$BPFFS" | grep -v -e debug)" ""
	assert_equal "$(ls -A /run/xdp-testenv 2>/dev/null | grep -v '^\.')" ""
}

@test "setup, load, ping, stats, unload, teardown" {
	accepts "$T" setup
	accepts "$T" load
	accepts "$T" ping -c 2 -i 0.2
	accepts "$T" stats --once --json
	[ "$(jq .actions.XDP_PASS.packets <<<"$output")" -ge 2 ]
	accepts "$T" unload
	accepts "$T" teardown
	nothing_left
}

@test "flood: the outer end counts what was sent" {
	accepts "$T" setup
	accepts "$T" load --progname xdp_drop_func
	accepts "$T" flood --count 100000
	accepts "$T" stats --once --json
	assert_equal "$(jq .actions.XDP_DROP.packets <<<"$output")" 100000
}

@test "nothing but what was sent: no multicast report, no neighbour discovery" {
	accepts "$T" --legacy-ip setup
	accepts "$T" load
	accepts "$T" ping -c 3 -i 0.1 -q
	accepts "$T" --legacy-ip ping -c 4 -i 0.1 -q
	sleep 1.5 # reports are held back for a second
	accepts "$T" stats --once --json
	assert_equal "$(jq -c '.actions.XDP_PASS | [.packets, .bytes]' <<<"$output")" \
		"[7,$((3 * 118 + 4 * 98))]"
}

@test "teardown takes program and pins along" {
	accepts "$T" setup
	accepts "$T" load
	accepts "$T" teardown
	nothing_left
}

@test "inside, the host's pins stay visible" {
	accepts "$T" setup
	accepts "$T" load
	accepts "$T" exec ls "$BPFFS/xdptest"
	assert_equal "$output" xdp_stats_map
	accepts "$T" exec ip -o link show
	assert_contains "$output" "veth0"
}

@test "several labs, by name and made up; the last one used is remembered" {
	accepts "$T" --name one setup
	accepts "$T" --gen-new setup
	assert_contains "$output" "lab xdptest1"
	accepts "$T" exec true
	accepts "$T" --name one exec ip -6 address show dev veth0
	assert_contains "$output" "fd8f:7d91:1::2"
	accepts "$T" exec ip -6 address show dev veth0
	assert_contains "$output" "fd8f:7d91:1::2"
	accepts "$T" --name xdptest1 exec ip -6 address show dev veth0
	assert_contains "$output" "fd8f:7d91:2::2"
	# a lab reaches another one through the outer ends' machine
	accepts "$T" --name xdptest1 exec ping -c 1 -W 2 fd8f:7d91:1::1
	accepts "$T" status
	assert_contains "$output" "lab one: up"
	assert_contains "$output" "lab xdptest1: up"
	accepts "$T" --name one status
	assert_contains "$output" "lab one: up"
	[[ $output != *xdptest1* ]]
	run "$T" --name two status
	assert_equal "$status" 1
	assert_contains "$output" "there is no lab 'two'"
}

@test "IPv4 too, with --legacy-ip; reset keeps it" {
	accepts "$T" --legacy-ip setup
	accepts "$T" --legacy-ip ping -c 1
	assert_contains "$output" "10.211.1.1"
	accepts "$T" reset
	accepts "$T" --legacy-ip ping -c 1
}

@test "a taken subnet is left alone" {
	ip link add dev busy type veth peer name busy2
	ip link set dev busy up
	ip address add 10.211.1.77/24 dev busy
	ip -6 address add fd8f:7d91:1:7::1/64 dev busy nodad
	accepts "$T" --legacy-ip setup
	[[ $output != *10.211.1.* ]]
	[[ $output != *fd8f:7d91:1::* ]]
}

@test "a VLAN where the kernel has none: an error, and nothing left" {
	run --separate-stderr "$T" --vlan setup
	if [ "$status" -eq 0 ]; then
		accepts "$T" --vlan ping -c 1
	else
		assert_contains "$stderr" "no VLAN"
		nothing_left
	fi
}

@test "an interface or a namespace that is not ours is not touched" {
	ip link add dev one type veth peer name other
	rejects 1 "not ours" "$T" --name one setup
	rejects 1 "no lab 'one'" "$T" --name one teardown
	ip link show dev one
	ip netns add two
	rejects 1 "not ours" "$T" --name two setup
	[ -e /run/netns/two ]
	ip netns delete two
}

@test "one that took the name of a lab that was lost is not touched, either" {
	accepts "$T" --name one setup
	ip link delete dev one
	ip netns delete one
	ip link add dev one type veth peer name other
	accepts loader --dev one
	accepts "$T" --name one teardown
	assert_contains "$stderr" "left pins in $BPFFS/one alone"
	[ "$(attached one)" != none ]
	accepts loader --dev one --unload
	ip link delete dev one
	nothing_left
}

@test "stale state can be torn down" {
	accepts "$T" --name one setup
	ip netns delete one
	sleep 0.2
	accepts "$T" --name one teardown
	nothing_left
	accepts "$T" --name one setup
	ip link delete dev one
	accepts "$T" --name one reset
	accepts "$T" --name one teardown
	nothing_left
}

@test "state is root's, and is never run" {
	accepts "$T" --name one setup
	assert_equal "$(stat -c '%a %u' /run/xdp-testenv)" "700 0"
	echo 'number $(touch /run/owned)' >/run/xdp-testenv/two
	run "$T" --name two exec true
	"$T" --name two teardown || true
	[ ! -e /run/owned ]
}

@test "operands are not taken for names, and the last lab is not forgotten" {
	accepts "$T" --name one setup
	accepts "$T" --name two setup
	rejects 1 "unexpected 'one'" "$T" teardown one
	assert_contains "$stderr" "--name one teardown"
	accepts "$T" --name one teardown
	accepts "$T" exec true
	rejects 1 "contradict" "$T" --name zz --gen-new setup
	rejects 1 "made without --legacy-ip" "$T" --legacy-ip ping -c 1
}

@test "labs made at the same time have names and subnets of their own" {
	local i
	for i in 1 2 3 4; do "$T" --gen-new setup >/dev/null 3>&- & done
	wait
	assert_equal "$("$T" status | grep -c ': up$')" 4
	assert_equal "$("$T" status | grep -o 'fd8f.*::1$' | sort -u | wc -l)" 4
	for i in 1 2 3 4; do accepts "$T" --name "xdptest$i" teardown; done
}

@test "bad names, commands and options" {
	local name
	for name in '' 'a b' ../x -x 1x sixteen-bytes-xx 'a;b'; do
		run "$T" --name "$name" setup
		[ "$status" -ne 0 ] || [ -z "$name" ]
		"$T" teardown 2>/dev/null || true
	done
	rejects 1 "unknown command" "$T" nonsense
	rejects 1 "unknown option" "$T" --nonsense setup
	rejects 1 "there is no lab" "$T" --name nothere load
	run "$T"
	assert_equal "$status" 2
	accepts "$T" help
	accepts "$T" alias
	assert_contains "$output" "alias t="
}

@test "tcpdump sees both ends" {
	accepts "$T" setup
	setsid "$T" ping -q -i 0.2 >/dev/null 2>&1 3>&- &
	local pinger=$!
	accepts timeout 10 "$T" tcpdump -c 2 icmp6
	accepts timeout 10 "$T" tcpdump --inner -c 2 icmp6
	kill -- "-$pinger" 2>/dev/null || true
	kill "$pinger" 2>/dev/null || true
	wait "$pinger" || true
}

@test "the demo runs, counts for real and leaves nothing" {
	cd "$TOP"
	accepts testenv/demo.sh
	assert_contains "$output" "1000000 frames of 60 bytes delivered"
	assert_contains "$output" "XDP_DROP               2000000"
	nothing_left
}

@test "the demo, interrupted at any moment, leaves nothing" {
	cd "$TOP"
	local after pid
	for after in 0.1 0.3 0.6 1.0 2.5 4.5; do
		env --default-signal=INT setsid testenv/demo.sh >/dev/null 2>&1 3>&- &
		pid=$!
		sleep "$after"
		kill -INT -- "-$pid" 2>/dev/null || true
		for i in $(seq 50); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
		run kill -0 -- "-$pid"
		[ "$status" -ne 0 ] || { echo "processes of the demo are left" && return 1; }
		nothing_left
	done
}
