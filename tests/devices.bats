#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Several --dev in one call: all or none, each with maps of its own.

load helper

setup() {
	need_kernel
	make_pair veth0
	local dev
	for dev in veth1 veth2; do
		ip link add dev "$dev" type veth peer name "in${dev#veth}" netns peer
		echo 1 >"/proc/sys/net/ipv6/conf/$dev/disable_ipv6" 2>/dev/null || true
		inside sh -c "echo 1 >/proc/sys/net/ipv6/conf/in${dev#veth}/disable_ipv6" 2>/dev/null || true
		ip link set dev "$dev" up
		inside ip link set dev "in${dev#veth}" up
	done
	all=(--dev veth0 --dev veth1 --dev veth2)
}

teardown() {
	remove_all
}

# Programs, modes, pins by inode and mode, and nothing else in bpffs.
everything() {
	local dev
	for dev in veth0 veth1 veth2; do
		attached "$dev"
	done
	find "$BPFFS" -mindepth 1 -not -name '*.debug' -printf '%p %i %m\n' | sort
}

@test "a load, a reload and an unload of three" {
	accepts loader "${all[@]}"
	local dev
	for dev in veth0 veth1 veth2; do
		assert_contains "$output" "attached to $dev: id $(attached "$dev" | cut -d' ' -f2), xdp_pass_func"
	done
	assert_equal "$(for dev in veth0 veth1 veth2; do map_id "$dev"; done | sort -u | wc -l)" 3
	accepts flood 100 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth1 XDP_PASS)" "100 6000 0 0"
	accepts loader "${all[@]}" --force --reuse-maps --progname xdp_drop_func
	accepts flood 50 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_DROP)" "100 6000 50 3000"
	accepts loader "${all[@]}" --unload
	assert_equal "$(everything)" $'none\nnone\nnone'
}

@test "JSON: one object a line, in the order of the names" {
	accepts loader --dev veth2 --dev veth0 --json
	assert_equal "$(jq -c '[.action, .ifname]' <<<"$output")" $'["load","veth0"]\n["load","veth2"]'
	assert_equal "$(wc -l <<<"$output")" 2
	accepts loader --dev veth2 --dev veth0 --json --force --dry-run
	assert_equal "$(jq -c '[.action, .ifname]' <<<"$output")" $'["dry-run","veth0"]\n["dry-run","veth2"]'
	accepts loader --dev veth2 --dev veth0 --status --json
	assert_equal "$(jq -c '.interfaces | map([.ifname, .state])' <<<"$output")" '[["veth2","ok"],["veth0","ok"]]'
	accepts loader --dev veth2 --dev veth0 --unload --json
	assert_equal "$(jq -c '[.action, .ifname]' <<<"$output")" $'["unload","veth0"]\n["unload","veth2"]'
}

@test "one interface by two names is one" {
	ip link property add dev veth1 altname another
	accepts loader --dev another --dev veth1 --dev veth1 --dev veth0
	assert_contains "$stderr" "another is another name of veth1"
	assert_equal "$(grep -c '^attached to' <<<"$output")" 2
}

@test "what is refused for the third is refused for all" {
	accepts loader --dev veth2 --progname xdp_drop_func
	local before
	before=$(everything)
	rejects 30 "cannot attach to veth2: XDP program already attached" loader "${all[@]}"
	assert_contains "$stderr" "nothing is changed on any of the 3 interfaces"
	assert_equal "$(everything)" "$before"
	rejects 2 "there is no interface 'nosuch'" loader --dev veth0 --dev nosuch --dev veth1
	assert_equal "$(everything)" "$before"
}

# Here the third fails at the attach: its other end has an MTU for which native mode is too small.
@test "a failed attach of the third takes back the first two: programs, modes, pins, counters" {
	inside ip link set dev in2 mtu 9000
	accepts loader --dev veth0
	accepts loader --dev veth1 --skb-mode
	accepts flood 1000 60
	local before
	before=$(everything)
	rejects 30 "cannot attach to veth2: veth: Peer MTU is too large" loader "${all[@]}" --force \
		--progname xdp_drop_func
	assert_contains "$stderr" "nothing is changed on any of the 3 interfaces"
	assert_equal "$(everything)" "$before"
	accepts flood 500 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_DROP)" "1500 90000 0 0"
	# where nothing was, nothing is
	accepts loader --dev veth0 --dev veth1 --unload
	rejects 30 "Peer MTU is too large" loader "${all[@]}"
	assert_equal "$(everything)" $'none\nnone\nnone'
}

@test "the same where bpffs cannot exchange directories, and maps come and go" {
	inside ip link set dev in2 mtu 9000
	accepts loader --dev veth0 --filename "$OBJECTS/two_maps.o"
	accepts loader --dev veth1
	accepts flood 1000 60
	local before
	ids() { find "$BPFFS" -type f -not -name '*.debug' | sort |
		while read -r pin; do echo "$pin $(bpftool -j map show pinned "$pin" | jq .id)"; done; }
	before="$(attached veth0) $(attached veth1) $(ids)"
	local object
	for object in "$TOP/xdp_prog_kern.o" "$OBJECTS/two_maps.o" "$OBJECTS/variables.o"; do
		run strace -qq -f -o /dev/null -e inject=renameat2:error=EINVAL:when=1+ \
			-e trace=renameat2 "$TOP/xdp_loader" "${all[@]}" --force --filename "$object"
		assert_equal "$status" 30
		assert_contains "$output" "nothing is changed on any"
		assert_equal "$(attached veth0) $(attached veth1) $(ids)" "$before"
		assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "veth0 veth1 "
	done
	accepts flood 500 60
	assert_equal "$(counted veth0 XDP_PASS)" "1500 90000"
}

@test "an unload: a check of all first, then each, and each is reported" {
	accepts loader --dev veth0 --dev veth1
	mkdir "$BPFFS/veth1/theirs"
	local before
	before=$(everything)
	rejects 40 "cannot use the pin directory $BPFFS/veth1" loader "${all[@]}" --unload
	assert_equal "$(everything)" "$before"
	rmdir "$BPFFS/veth1/theirs"
	rejects 2 "--unload=1 needs exactly one --dev" loader --dev veth0 --dev veth1 --unload=1
	# three questions what is attached; a detach and a question for veth0; the detach from veth1
	run --separate-stderr strace -qq -o /dev/null -e trace=sendto \
		-e inject=sendto:error=ENOBUFS:when=6 "$TOP/xdp_loader" "${all[@]}" --unload
	assert_equal "$status" 30
	assert_contains "$stderr" "xdp_loader: cannot detach from veth1"
	assert_contains "$output" "detached from veth0"
	assert_contains "$output" "veth2: no XDP program is attached"
	assert_equal "$(attached veth0)" none
	[[ $(attached veth1) == native* ]]
	accepts loader "${all[@]}" --unload
	assert_equal "$(everything)" $'none\nnone\nnone'
}

@test "--status: all that are named, and the code of the one that is missing" {
	accepts loader --dev veth0
	run --separate-stderr "$TOP/xdp_loader" --status --dev veth0 --dev nosuch --dev veth1
	assert_equal "$status" 2
	assert_contains "$output" "veth0: ok"
	assert_contains "$output" "veth1: nothing attached"
	assert_contains "$stderr" "cannot read the status of nosuch"
}

@test "two loaders with the same interfaces in other orders never wait for each other for ever" {
	local i
	for i in $(seq 10); do
		"$TOP/xdp_loader" --dev veth0 --dev veth1 --dev veth2 --force --quiet &
		"$TOP/xdp_loader" --dev veth2 --dev veth1 --dev veth0 --force --quiet
		wait $!
	done
	assert_equal "$(loader --status --json | jq -c '.interfaces | map(.state)')" '["ok","ok","ok"]'
	assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "veth0 veth1 veth2 "
}

@test "--wait is the time for all locks together" {
	(umask 077 && mkdir -p "$BPFFS/xdp_loader:state/veth1")
	exec 7<"$BPFFS/xdp_loader:state/veth1"
	flock 7
	rejects 1 "cannot lock" loader "${all[@]}" --wait 0.1
	exec 7<&-
	assert_contains "$stderr" "for veth1"
	accepts loader "${all[@]}" --wait 0.1
	assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "veth0 veth1 veth2 "
}

@test "without CAP_SYS_ADMIN nothing is replaced that could not be attached again" {
	accepts loader --dev veth0
	local few=(setpriv --bounding-set "-all,+bpf,+net_admin,+perfmon" --inh-caps
		"-all,+bpf,+net_admin,+perfmon" --) before
	before=$(everything)
	rejects 30 "if another interface fails, it cannot be attached again without CAP_SYS_ADMIN" \
		"${few[@]}" "$TOP/xdp_loader" --dev veth0 --dev veth1 --force
	assert_equal "$(everything)" "$before"
	# by its pin such a loader can open a program
	accepts loader --dev veth0 --unload
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --dev veth1
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --dev veth1 --force
	inside ip link set dev in2 mtu 9000
	before=$(everything)
	rejects 30 "Peer MTU is too large" "${few[@]}" "$TOP/xdp_loader" "${all[@]}" --force
	assert_equal "$(everything)" "$before"
}

@test "--explain: the steps of each, by hand with a lock each" {
	accepts loader --dev veth1 --dev veth0 --explain
	assert_contains "$stderr" "flock 9"
	assert_contains "$stderr" "flock 10"
	assert_equal "$(grep -c 'the pins are in place in' <<<"$stderr")" 2
}

@test "64 interfaces can be loaded in one call, with the usual number of descriptors; no more" {
	local many=() i
	for i in $(seq 64); do
		echo "link add dev d$i type veth peer name e$i"
		echo "link set dev d$i up"
		many+=(--dev "d$i")
	done > >(ip -batch -)
	wait $!
	ulimit -n 1024
	accepts loader "${many[@]}" --quiet
	accepts loader "${many[@]}" --quiet --force
	accepts loader "${many[@]}" --quiet --unload
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
	rejects 2 "64 interfaces at most" loader "${many[@]}" --dev d65
}
