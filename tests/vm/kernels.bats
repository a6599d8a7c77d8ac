#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What must work on every kernel, or name the kernel that it needs: run by run.sh in a virtual
# machine for each kernel. The versions here are the rows of docs/kernels.org.
#
# modules: veth
# qemu: -nic none

load helper

setup() {
	make_pair
}

teardown() {
	remove_all
}

# at_least VERSION: is this kernel that one, or a later one?
at_least() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}

# Send frames through a socket, which works on every kernel.
frames() { # frames COUNT SIZE
	flood "$1" "$2" --socket
}

# The command of "run" has failed with this status, and names the kernel that it needs.
names_kernel() { # names_kernel VERSION STATUS
	assert_equal "$status" "$2" || { printf '%s\n' "$stderr" && return 1; }
	assert_contains "$stderr" "$1"
}

nothing_left() {
	assert_equal "$(attached veth0)" none
	assert_equal "$(ls "$BPFFS")" ""
}

@test "load, count exactly, unload" {
	echo "# kernel $(uname -r)" >&3
	accepts loader --dev veth0
	assert_contains "$output" "xdp_pass_func, native"
	assert_equal "$stderr" ""
	frames 1000 60
	frames 500 1000
	assert_equal "$(counted veth0 XDP_PASS)" "1500 560000"
	accepts loader --dev veth0 --unload
	assert_equal "$stderr" ""
	nothing_left
}

@test "what is attached stays without --force" {
	accepts loader --dev veth0
	local before
	before=$(attached veth0)
	rejects 30 "XDP program already attached" loader --dev veth0 --progname xdp_drop_func
	assert_equal "$(attached veth0)" "$before"
	assert_equal "$(ls "$BPFFS")" veth0
	accepts loader --dev veth0 --unload="${before#* }"
	nothing_left
}

@test "reload: another program, counters from zero, nothing staged is left" {
	local map
	accepts loader --dev veth0
	frames 100 60
	map=$(map_id veth0)
	accepts loader --dev veth0 --force --progname xdp_drop_func
	assert_equal "$stderr" ""
	[ "$(map_id veth0)" != "$map" ]
	frames 70 60
	assert_equal "$(counted veth0 XDP_DROP)" "70 4200"
	assert_equal "$(counted veth0 XDP_PASS)" "0 0"
	assert_equal "$(ls "$BPFFS")" veth0
	assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map
}

@test "reload of objects with more, fewer and no maps" {
	local object
	accepts loader --dev veth0
	for object in pin_by_name no_maps foreign two_maps foreign; do
		# two_maps calls bpf_xdp_get_buff_len()
		[ $object != two_maps ] || at_least 5.18 || continue
		accepts loader --dev veth0 --force --filename "$OBJECTS/$object.o"
		assert_equal "$stderr" ""
		case $object in
		two_maps) assert_equal "$(ls "$BPFFS/veth0")" $'lengths\nxdp_stats_map' ;;
		pin_by_name) assert_equal "$(ls "$BPFFS/veth0")" $':bss\nmarked' ;;
		no_maps) assert_equal "$(ls "$BPFFS/veth0")" "" ;;
		foreign) assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map ;;
		esac
	done
	assert_equal "$(ls "$BPFFS")" veth0
}

@test "--reuse-maps: the counters go on, exactly" {
	local map
	accepts loader --dev veth0
	frames 100 60
	map=$(map_id veth0)
	accepts loader --dev veth0 --force --reuse-maps --progname xdp_drop_func
	assert_equal "$(map_id veth0)" "$map"
	frames 70 60
	assert_equal "$(counted veth0 XDP_PASS)" "100 6000"
	assert_equal "$(counted veth0 XDP_DROP)" "70 4200"
}

@test "modes: from native to skb and back, auto" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --skb-mode
	assert_contains "$output" ", skb"
	[[ $(attached veth0) == skb* ]]
	frames 50 60
	assert_equal "$(counted veth0 XDP_PASS)" "50 3000"
	accepts loader --dev veth0 --force --native-mode --reuse-maps
	[[ $(attached veth0) == native* ]]
	frames 50 60
	assert_equal "$(counted veth0 XDP_PASS)" "100 6000"
	accepts loader --dev veth0 --force --auto-mode
	[[ $(attached veth0) == native* ]]
	accepts loader --dev veth0 --unload
	rejects 30 "" loader --dev lo
	assert_contains "$stderr" "--skb-mode"
	accepts loader --dev lo --auto-mode
	[[ $(attached lo) == skb* ]]
	accepts loader --dev lo --unload
	nothing_left
}

@test "a failed attach changes nothing" {
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 9000
	rejects 30 "MTU" loader --dev veth0
	nothing_left
	accepts loader --dev veth0 --skb-mode
	local before pins
	before=$(attached veth0) pins=$(ls -i "$BPFFS/veth0")
	rejects 30 "MTU" loader --dev veth0 --force
	assert_contains "$stderr" "attached again"
	assert_equal "$(attached veth0)" "$before"
	assert_equal "$(ls -i "$BPFFS/veth0")" "$pins"
}

@test "a program for packets in fragments, or the kernel that it needs" {
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 9000
	if at_least 5.18; then
		accepts loader --dev veth0 --progname xdp_pass_frags_func
		frames 100 8000
		assert_equal "$(counted veth0 XDP_PASS)" "100 800000"
	else
		run --separate-stderr loader --dev veth0 --progname xdp_pass_frags_func
		names_kernel 5.18 40
		nothing_left
	fi
}

@test "flood in its default mode: exact, or the kernel that it needs" {
	accepts loader --dev veth0
	run --separate-stderr flood 3000 60
	if [ "$status" = 0 ]; then
		assert_equal "$(counted veth0 XDP_PASS)" "3000 180000"
	else
		! at_least 5.18
		names_kernel 5.18 1
	fi
}

# The program, and the ids of the pinned maps: before 5.17, a rollback makes new links to them.
program_and_maps() { # program_and_maps IFNAME
	local pin
	attached "$1"
	for pin in "$BPFFS/$1"/*; do
		[ ! -e "$pin" ] || echo "$pin $(bpftool -j map show pinned "$pin" | jq .id)"
	done
}

@test "several --dev: a failure on the second takes back the first" {
	ip link add dev veth1 type veth peer name in1 mtu 9000
	ip link set dev veth1 up
	accepts loader --dev veth0 --filename "$OBJECTS/pin_by_name.o"
	local before
	before=$(program_and_maps veth0)
	rejects 30 "MTU" loader --dev veth0 --dev veth1 --force
	assert_contains "$stderr" "nothing is changed on any of the 2 interfaces"
	assert_equal "$(program_and_maps veth0)" "$before"
	assert_equal "$(ls "$BPFFS")" veth0
	accepts loader --dev veth0 --dev veth1 --force --skb-mode
	accepts loader --dev veth0 --dev veth1 --unload
	nothing_left
}

@test "--confirm: all is as before, with the counters, or what is new stays" {
	accepts loader --dev veth0
	frames 100 60
	local before
	before=$(program_and_maps veth0)
	accepts loader --dev veth0 --force --filename "$OBJECTS/pin_by_name.o" --confirm=1
	until [ ! -e "$BPFFS/xdp_loader:state" ]; do sleep 0.1; done
	assert_equal "$(program_and_maps veth0)" "$before"
	accepts loader --dev veth0 --force --skb-mode --confirm=60
	accepts loader --dev veth0 --rollback
	assert_equal "$(program_and_maps veth0)" "$before"
	frames 50 60
	assert_equal "$(counted veth0 XDP_PASS)" "150 9000"
	accepts loader --dev veth0 --force --confirm=60
	before=$(program_and_maps veth0)
	accepts loader --dev veth0 --confirm
	assert_equal "$(program_and_maps veth0)" "$before"
	assert_equal "$(ls "$BPFFS")" veth0
}

@test "--status and --json, of one and of all" {
	accepts loader --dev veth0 --json
	assert_equal "$(jq -r .program.mode <<<"$output")" native
	accepts loader --status --dev veth0
	assert_equal "${lines[0]}" "veth0: ok"
	accepts loader --status --json
	assert_equal "$(jq -r ".interfaces[].ifname" <<<"$output")" veth0
	run --separate-stderr loader --dev veth0 --json
	assert_equal "$status" 30
	jq -e . <<<"$output"
	frames 10 60
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq -c '[.ifname, .actions.XDP_PASS.packets]' <<<"$output")" '["veth0",10]'
	accepts stats --all --once
	assert_contains "$output" XDP_PASS
}

@test "features of the driver, or unknown before 6.3" {
	local features=null driver=unknown
	at_least 6.3 && features='["basic","redirect","frags"]' driver="basic, redirect, frags"
	assert_equal "$(loader --dev veth0 --dry-run --json | jq -c '.driver_features | .xdp? // .')" "$features"
	accepts loader --dev veth0
	accepts loader --status --dev veth0
	assert_contains "$output" "driver   $driver"
	# nothing is claimed about a driver without native mode where the kernel does not tell
	accepts loader --dev lo --skb-mode
	if at_least 6.3; then
		accepts loader --dev lo --force
		assert_contains "$output" "skb mode is kept"
	else
		rejects 30 "native mode" loader --dev lo --force
		assert_contains "$stderr" "is attached again"
	fi
	accepts loader --dev lo --unload
}

@test "--dry-run runs the program and changes nothing; --explain" {
	accepts loader --dev veth0 --dry-run
	assert_contains "$output" XDP_PASS
	nothing_left
	accepts loader --dev veth0 --explain
	accepts stats --dev veth0 --once --explain
}

@test "a user without privileges reads, or gets the true cause" {
	accepts loader --dev veth0
	frames 30 60
	mkdir /run/xdp_stats
	cp "$TOP/xdp_stats" /run/xdp_stats
	local as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups /run/xdp_stats/xdp_stats)
	run --separate-stderr "${as_user[@]}" --dev veth0 --once
	assert_equal "$status" 40
	assert_contains "$stderr" "hint: "
	chmod 0755 "$BPFFS" "$BPFFS/veth0"
	chmod 0644 "$BPFFS/veth0/xdp_stats_map"
	echo 2 >/proc/sys/kernel/unprivileged_bpf_disabled
	if at_least 5.19; then
		accepts "${as_user[@]}" --dev veth0 --once --json
		assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 30
	else
		rejects 40 unprivileged_bpf_disabled "${as_user[@]}" --dev veth0 --once
		[[ $stderr != *chmod* ]]
	fi
	# a reload does not take it away
	accepts loader --dev veth0 --force
	assert_equal "$(stat -c %a "$BPFFS/veth0" "$BPFFS/veth0/xdp_stats_map" | tr '\n' ' ')" "755 644 "
}

# lookups COMMAND...: how often each command of bpf(2) on a map's elements was called,
# as "NAME:COUNT ..."
lookups() {
	strace -f -o /run/calls -e trace=bpf "$@" >/dev/null
	sed -n 's/.*bpf(\(BPF_MAP_[A-Z_]*\).*/\1/p' /run/calls | sort | uniq -c |
		awk '{ printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1 }'
}

@test "one batch look-up per sample, or one look-up per element on older kernels" {
	accepts loader --dev veth0
	frames 40 100
	local expected
	expected="BPF_MAP_LOOKUP_BATCH:1"
	at_least 5.13 || expected+=" BPF_MAP_LOOKUP_ELEM:5"
	assert_equal "$(lookups "$TOP/xdp_stats" --dev veth0 --once)" "$expected"
	# the answer of kernels before 5.13: ENOTSUPP, which libc does not know
	run --separate-stderr strace -o /run/calls -e trace=bpf -e inject=bpf:error=EINVAL:when=3 \
		"$TOP/xdp_stats" --dev veth0 --once --json
	assert_equal "$(jq -c .actions.XDP_PASS.bytes <<<"$output")" 4000
	[ "$(grep -c BPF_MAP_LOOKUP_ELEM /run/calls)" = 5 ]
}

@test "a reader follows a reload" {
	accepts loader --dev veth0
	stats --dev veth0 --interval 0.1 --json >/run/follow 3>&- &
	local reader=$!
	until [ -s /run/follow ]; do sleep 0.1; done
	accepts loader --dev veth0 --force --progname xdp_drop_func
	frames 25 60
	until jq -e 'select(.actions.XDP_DROP.packets == 25)' /run/follow >/dev/null; do sleep 0.1; done
	kill "$reader"
	wait "$reader" || true
	assert_equal "$(tail -n 1 /run/follow | jq .map_id)" "$(map_id veth0)"
}

# {"reason":packets} of veth0, without the zeros.
lost() {
	stats --dev veth0 --once --json -q | jq -c '.lost | with_entries(select(.value > 0))'
}

@test "--losses counts exactly what is lost, in both modes" {
	if [ ! -e /sys/kernel/btf/vmlinux ]; then
		rejects 40 "cannot load the programs that count losses" loader --losses
		skip "this kernel has no BTF"
	fi
	local mode index expected
	accepts loader --losses
	accepts loader --losses
	assert_contains "$output" "already counted"
	accepts loader --dev veth0 --progname xdp_tx_func
	frames 100 60
	assert_equal "$(lost)" '{"tx_no_receiver":100}'
	for mode in native skb; do
		accepts loader --dev veth0 --$mode-mode --force --progname xdp_abort_func
		frames 10 60
		accepts loader --dev veth0 --$mode-mode --force --filename "$OBJECTS/lossy.o" --progname to_nowhere
		frames 20 60
		accepts loader --dev veth0 --$mode-mode --force --filename "$OBJECTS/lossy.o" --progname to_no_target
		frames 30 60
	done
	# before 5.13, the kernel looks for the interface of index 0
	expected='"redirect_no_device":40,"redirect_no_target":60'
	at_least 5.13 || expected='"redirect_no_device":100'
	assert_equal "$(lost)" "{\"aborted\":20,\"tx_no_receiver\":100,$expected}"
	ip link add dev veth2 type veth peer name in2 netns peer
	ip link set dev veth2 up
	inside ip link set dev in2 up
	index=$(ip -j link show dev veth2 | jq '.[0].ifindex')
	accepts loader --dev veth0 --native-mode --force --filename "$OBJECTS/lossy.o" --progname to_map
	bpftool map update pinned "$BPFFS/veth0/targets" key 0 0 0 0 value "$index" 0 0 0
	frames 40 60
	assert_equal "$(lost | jq .redirect_no_receiver)" 40
	accepts loader --losses=off
	accepts loader --dev veth0 --unload
	nothing_left
}
