#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The lab and the demo; they leave nothing behind.

load helper

T=$TOP/testenv/testenv.sh

setup() {
	need_kernel
	outer=$(ipv6_or "fd8f:7d91:1::1" 10.211.1.1)
}

# Where IPv6 is disabled, labs have IPv4 addresses, and the tests pass as well.
ipv6_or() { # ipv6_or IPV6 IPV4
	if [ "$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null)" = 0 ]; then echo "$1"; else echo "$2"; fi
}

disable_ipv6() {
	[ -d /proc/sys/net/ipv6 ] || return 0
	ipv6_was=$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6)
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
}

teardown() {
	local lab
	[ -z "${ipv6_was:-}" ] || echo "$ipv6_was" >/proc/sys/net/ipv6/conf/all/disable_ipv6
	for lab in one two xdptest xdptest1; do
		"$T" --name "$lab" teardown >/dev/null 2>&1 || true
	done
	remove_all
}

# Interfaces of a deleted namespace go a moment later.
nothing_left() {
	local i
	for i in $(seq 600); do
		[ "$(ip -o link show | grep -vc ' lo:')" != 0 ] || break
		sleep 0.1
	done
	assert_equal "$(ip -o link show | grep -vc ' lo:')" 0
	assert_equal "$(ls /run/netns 2>/dev/null)" ""
	assert_equal "$(ls "$BPFFS" | grep -v -e debug)" ""
	assert_equal "$(ls -A /run/xdp-testenv 2>/dev/null | grep -v '^\.')" ""
}

# assert_counted SENT: the demo has counted that many packets, and reports show all of them.
# Where the ring was full, the kernel at times calls a frame dropped that has arrived, and
# flood sends it again.
assert_counted() {
	local counted passed dropped
	read -r counted passed dropped <<<"$(sed -nE \
		"s/^sent: $1 packets, counted: ([0-9]+) \(([0-9]+) passed, ([0-9]+) dropped\)/\1 \2 \3/p" <<<"$output")"
	[ -n "$counted" ] && [ "$counted" -ge "$1" ] && [ "$counted" -le $(($1 + 20)) ] ||
		{ printf 'no "sent: %s packets, counted: %s" in:\n%s\n' "$1" "$1" "$output" && return 1; }
	assert_contains "$(grep "^XDP_PASS" <<<"$output")" " $passed "
	assert_contains "$(grep "^XDP_DROP" <<<"$output")" " $dropped "
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

@test "only frames that were sent: no multicast report, no neighbour discovery" {
	accepts "$T" --legacy-ip setup
	accepts "$T" load
	accepts "$T" ping -c 3 -i 0.1 -q
	accepts "$T" --legacy-ip ping -c 4 -i 0.1 -q
	sleep 1.5 # reports are held back for a second
	accepts "$T" stats --once --json
	assert_equal "$(jq -c '.actions.XDP_PASS | [.packets, .bytes]' <<<"$output")" \
		"[7,$((3 * $(ipv6_or 118 98) + 4 * 98))]"
}

received() { # packets at the inner end
	"$T" exec cat /proc/net/dev | awk '/veth0:/ { print $3 }'
}

@test "XDP_TX and XDP_REDIRECT: all frames arrive at the inner end" {
	accepts "$T" setup
	local program before i
	for program in xdp_tx_func xdp_redirect_func; do
		accepts "$T" load --force --progname "$program"
		before=$(received)
		accepts "$T" flood --count 100
		for i in $(seq 600); do
			[ $(($(received) - before)) -lt 100 ] || break
			sleep 0.1
		done
		[ $(($(received) - before)) -ge 100 ] || { echo "$program: $before, $(received)" && return 1; }
	done
}

@test "flood without live frames (before Linux 5.18) says so and uses a packet socket" {
	accepts "$T" setup
	accepts "$T" load
	first=$(strace -e trace=bpf "$TOP/build/flood" --dev xdptest --count 1 2>&1 |
		grep '^bpf' | grep -n -m 1 TEST_RUN | cut -d : -f 1)
	accepts "$T" exec strace -o /dev/null -e trace=bpf -e "inject=bpf:error=EINVAL:when=$first" \
		"$TOP/build/flood" --dev veth0 --count 1000
	assert_equal "$output" "1000 frames of 60 bytes delivered, 0 more found no room"
	assert_equal "$stderr" "flood: this kernel has no live frames (Linux 5.18): sending through a packet socket, as with --socket"
	accepts "$T" stats --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 1000
}

@test "flood without a program at the other end: an error, not an endless loop" {
	accepts "$T" setup
	rejects 1 "the other end of veth0 received nothing" "$T" flood --count 10
	accepts "$T" flood --socket --count 10
	accepts "$T" load --skb-mode
	rejects 1 "the other end of veth0 received nothing" "$T" flood --count 1
}

@test "IPv6 disabled: the lab and the demo use IPv4" {
	disable_ipv6
	accepts "$T" --gen-new setup
	assert_contains "$output" "outer end xdptest1, XDP goes here: 10.211.1.1"
	[[ $output != *fd8f* ]]
	accepts "$T" load
	accepts "$T" ping -c 2 -i 0.1 -q
	assert_contains "$output" "PING 10.211.1.1"
	accepts "$T" stats --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 2
	accepts "$T" reset
	assert_contains "$output" "10.211.1.2"
	accepts "$T" teardown
	nothing_left
	cd "$TOP"
	accepts testenv/demo.sh
	assert_counted 1000010
	nothing_left
}

@test "IPv6 disabled: an exercise works" {
	disable_ipv6
	cd "$TOP"
	# a sandbox in this sandbox would have IPv6 again; a check puts tools in the place of others
	for n in 1.sh 5.c; do
		accepts unshare --mount bash -c 'mkdir -p /run/exercise && rmdir /run/exercise && exec "$@"' - \
			exercises/checks/"${n%.*}.sh" "$TOP/exercises/solutions/$n"
		rm -rf /run/exercise
		"$T" --name ex teardown
	done
}

@test "PATH without the directories of root's commands, as with su or sudo" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	local command
	for command in bash cat dirname find flock grep id mkdir mount mv nsenter rm sed seq sleep sort stat tee; do
		ln -s "$(type -P "$command")" "$BATS_TEST_TMPDIR/bin"
	done
	accepts env PATH="$BATS_TEST_TMPDIR/bin" "$T" setup
	accepts env PATH="$BATS_TEST_TMPDIR/bin" "$T" status
}

@test "teardown removes program and pins" {
	accepts "$T" setup
	accepts "$T" load
	accepts "$T" teardown
	nothing_left
}

@test "inside, the pins of the host are visible" {
	accepts "$T" setup
	accepts "$T" load
	accepts "$T" exec ls "$BPFFS/xdptest"
	assert_equal "$output" xdp_stats_map
	accepts "$T" exec ip -o link show
	assert_contains "$output" "veth0"
}

@test "several labs, with given and generated names; the last one used is remembered" {
	accepts "$T" --name one setup
	accepts "$T" --gen-new setup
	assert_contains "$output" "lab xdptest1"
	accepts "$T" exec true
	accepts "$T" --name one exec ip address show dev veth0
	assert_contains "$output" "$(ipv6_or fd8f:7d91:1::2 10.211.1.2)"
	accepts "$T" exec ip address show dev veth0
	assert_contains "$output" "$(ipv6_or fd8f:7d91:1::2 10.211.1.2)"
	accepts "$T" --name xdptest1 exec ip address show dev veth0
	assert_contains "$output" "$(ipv6_or fd8f:7d91:2::2 10.211.2.2)"
	# a lab reaches another one through the outer ends' machine
	accepts "$T" --name xdptest1 exec ping -c 1 "$outer"
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

@test "a subnet that is in use is not taken" {
	ip link add dev busy type veth peer name busy2
	ip link set dev busy up
	ip address add 10.211.1.77/24 dev busy
	[ "$(ipv6_or 6 4)" = 4 ] || ip -6 address add fd8f:7d91:1:7::1/64 dev busy nodad
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

@test "an interface or a namespace of others is not changed" {
	ip link add dev one type veth peer name other
	rejects 1 "not part of a lab" "$T" --name one setup
	rejects 1 "no lab 'one'" "$T" --name one teardown
	ip link show dev one
	ip netns add two
	rejects 1 "not part of a lab" "$T" --name two setup
	[ -e /run/netns/two ]
	ip netns delete two
}

@test "one with the name of a lost lab is not changed, either" {
	accepts "$T" --name one setup
	ip link delete dev one
	ip netns delete one
	ip link add dev one type veth peer name other
	accepts loader --dev one
	accepts "$T" --name one teardown
	assert_contains "$stderr" "did not remove the pins in $BPFFS/one"
	[ "$(attached one)" != none ]
	accepts loader --dev one --unload
	ip link delete dev one
	nothing_left
}

@test "stale state can be torn down" {
	accepts "$T" --name one setup
	ip netns delete one
	for i in $(seq 600); do ip link show dev one >/dev/null 2>&1 || break; sleep 0.1; done
	accepts "$T" --name one teardown
	nothing_left
	accepts "$T" --name one setup
	ip link delete dev one
	accepts "$T" --name one reset
	accepts "$T" --name one teardown
	nothing_left
}

@test "what an interrupted ip netns delete leaves can be torn down" {
	accepts "$T" setup
	umount "/run/netns/xdptest" # the first half of ip netns delete
	accepts "$T" teardown
	nothing_left
}

@test "the state files belong to root, and are never executed" {
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
	rejects 1 "unexpected argument 'one'" "$T" teardown one
	assert_contains "$stderr" "--name one teardown"
	accepts "$T" --name one teardown
	accepts "$T" exec true
	rejects 1 "exclude each other" "$T" --name zz --gen-new setup
	[ "$(ipv6_or 6 4)" = 4 ] || rejects 1 "set up without --legacy-ip" "$T" --legacy-ip ping -c 1
}

@test "labs made at the same time have different names and subnets" {
	local i
	for i in 1 2 3 4; do "$T" --gen-new setup >/dev/null 3>&- & done
	wait
	assert_equal "$("$T" status | grep -c ': up$')" 4
	assert_equal "$("$T" status | grep 'outer end' | grep -o '[^ ]*$' | sort -u | wc -l)" 4
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
	accepts timeout 120 "$T" tcpdump -c 2 "$(ipv6_or icmp6 icmp)"
	accepts timeout 120 "$T" tcpdump --inner -c 2 "$(ipv6_or icmp6 icmp)"
	kill -- "-$pinger" 2>/dev/null || true
	kill "$pinger" 2>/dev/null || true
	wait "$pinger" || true
}

@test "flood, interrupted: it says what has been delivered" {
	accepts "$T" setup
	accepts "$T" load
	nsenter --net=/run/netns/xdptest env --default-signal=INT "$TOP/build/flood" --dev veth0 \
		--count 1000000000 >"$BATS_TEST_TMPDIR/said" 3>&- &
	local pid=$! delivered
	until [ "$("$T" stats --once --json | jq .actions.XDP_PASS.packets)" -gt 1000 ]; do sleep 0.1; done
	kill -INT "$pid"
	wait "$pid" || true
	delivered=$(sed -n 's/ frames of 60 bytes delivered.*//p' "$BATS_TEST_TMPDIR/said")
	accepts "$T" stats --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" "$delivered"
	accepts "$T" teardown
}

@test "the demo runs, counts real packets and leaves nothing" {
	cd "$TOP"
	accepts testenv/demo.sh
	assert_contains "$output" "1000000 frames of 60 bytes delivered"
	assert_counted 1000010
	assert_counted 4000010
	[[ $output =~ "swapped "([0-9]+)" times" ]]
	[ "${BASH_REMATCH[1]}" -ge 2 ]
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
		for i in $(seq 600); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
		run kill -0 -- "-$pid"
		[ "$status" -ne 0 ] || { echo "processes of the demo are left" && return 1; }
		nothing_left
	done
}
