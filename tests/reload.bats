#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Reloading: maps that go on, readers and packets that notice nothing, several
# loaders at once, and strangers in between.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

pins() { # pins: the names in veth0's directory
	ls "$BPFFS/veth0" | tr '\n' ' '
}

prog() { # prog: the id of what is attached
	local now
	now=$(attached veth0)
	echo "${now#* }"
}

# What is pinned belongs to what is attached, and nothing else is there.
whole() {
	python3 - "$(prog)" <<-EOF
		import sys
		sys.path.insert(0, "$TOP/tests")
		from bpf_syscall import map_id, obj_get, prog_map_ids
		pinned = map_id(obj_get("$BPFFS/veth0/xdp_stats_map"))
		assert pinned in prog_map_ids(int(sys.argv[1])), pinned
	EOF
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
}

@test "-M without pins loads as usual" {
	accepts loader --dev veth0 -M
	assert_contains "$output" "map id $(map_id veth0) pinned at"
	whole
}

@test "-M keeps map and counters, also with another program" {
	accepts loader --dev veth0
	accepts flood 1000 60
	local id
	id=$(map_id veth0)
	accepts loader --dev veth0 --force --reuse-maps
	assert_contains "$output" "map id $id pinned at $BPFFS/veth0/xdp_stats_map, reused: what is in it stays"
	accepts loader --dev veth0 --force --reuse-maps --progname xdp_drop_func
	assert_equal "$(map_id veth0)" "$id"
	accepts flood 500 60
	assert_equal "$(counted veth0 XDP_PASS)" "1000 60000"
	assert_equal "$(counted veth0 XDP_DROP)" "500 30000"
	whole
	accepts loader --dev veth0 --force
	assert_contains "$output" "new and empty: what was in map"
	assert_equal "$(counted veth0 XDP_PASS)" "0 0"
}

@test "-M reuses pins without an attached program" {
	accepts loader --dev veth0
	accepts flood 1000 60
	ip link set dev veth0 xdp off
	accepts loader --dev veth0 -M
	assert_equal "$(counted veth0 XDP_PASS)" "1000 60000"
}

unchanged() { # unchanged TEXT OPTIONS...: refused, each field named, nothing changed
	local before
	before="$(attached veth0) $(ls -i "$BPFFS/veth0")"
	rejects 40 "$1" loader --dev veth0 --force --reuse-maps "${@:2}"
	assert_contains "$stderr" "without --reuse-maps"
	assert_equal "$(attached veth0) $(ls -i "$BPFFS/veth0")" "$before"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
}

@test "-M: maps that differ are named, field by field" {
	accepts loader --dev veth0
	unchanged "value_size: pinned 16, object 24" --filename "$OBJECTS/other_shape.o"
	unchanged "type: pinned percpu_array, object array" --filename "$OBJECTS/array.o"
}

@test "-M: two swapped members of equal size are a difference" {
	accepts loader --dev veth0
	unchanged "value: pinned rx_packets at bit 0, object rx_bytes at bit 0" \
		--filename "$OBJECTS/swapped.o"
	# without --reuse-maps it is just another program
	accepts loader --dev veth0 --force --filename "$OBJECTS/swapped.o"
}

@test "an object gains a map and loses it, again and again, with -M and without" {
	local i id
	accepts loader --dev veth0
	for i in 1 2 3; do
		id=$(map_id veth0)
		accepts loader --dev veth0 -F -M --filename "$OBJECTS/two_maps.o"
		assert_equal "$(pins)" "lengths xdp_stats_map "
		assert_equal "$(map_id veth0)" "$id"
		accepts loader --dev veth0 -F -M
		assert_equal "$(pins)" "xdp_stats_map "
		assert_equal "$(map_id veth0)" "$id"
		assert_contains "$output" "(lengths) dropped: the object has no such map"
		accepts loader --dev veth0 -F --filename "$OBJECTS/two_maps.o"
		assert_equal "$(pins)" "lengths xdp_stats_map "
		[ "$(map_id veth0)" != "$id" ]
		accepts loader --dev veth0 -F
		assert_contains "$output" "(lengths) dropped"
		whole
	done
}

@test "a reader by path always finds the map of the old or the new program" {
	accepts loader --dev veth0
	local i ids=",$(map_id veth0),"
	mkfifo "$BATS_TEST_TMPDIR/stop"
	python3 "$TOP/tests/open_pin.py" "$BPFFS/veth0/xdp_stats_map" \
		<"$BATS_TEST_TMPDIR/stop" >"$BATS_TEST_TMPDIR/seen" 3>&- &
	local reader=$!
	exec 8>"$BATS_TEST_TMPDIR/stop"
	for i in $(seq 50); do
		"$TOP/xdp_loader" --dev veth0 --force --quiet 8>&- || false
		ids+="$(map_id veth0),"
	done
	exec 8>&-
	wait "$reader"
	read -r opens failures seen <"$BATS_TEST_TMPDIR/seen"
	echo "# $opens opens during 50 reloads, $failures failed, $(tr -cd , <<<"$seen" | wc -c) replacements seen" >&3
	assert_equal "$failures" 0
	[ "$opens" -gt 1000 ]
	for i in ${seen//,/ }; do assert_contains "$ids" ",$i,"; done
}

# flooded WAY: reloads of one kind while frames arrive; sets sent, counted and lost.
flooded() {
	remove_all
	accepts "$TOP/bench/bench.py" --reload "$1"
	read -r sent counted maps <<<"$output"
	lost=$((sent - counted))
	echo "# $1: $sent sent, $lost not counted" >&3
	[ "$sent" -ge 1000000 ]
}

@test "20 reloads under a flood, with -M and with new maps: every frame is counted" {
	flooded "ours -M"
	assert_equal "$lost $maps" "0 1"
	flooded ours
	assert_equal "$lost $maps" "0 21"
}

@test "a loader that unloads first loses packets, so this count can fail" {
	command -v xdp-loader >/dev/null || skip "needs xdp-loader"
	flooded xdp-loader
	[ "$lost" -gt 1000 ]
}

@test "1,000 reloads leave nothing behind" {
	local made=$BATS_TEST_TMPDIR/made i left
	for i in $(seq 1000); do
		"$TOP/xdp_loader" --dev veth0 --force || false
	done | sed -nE 's/^attached to veth0: id ([0-9]+).*/prog \1/p; s/^map id ([0-9]+) pinned.*/map \1/p' >"$made"
	assert_equal "$(wc -l <"$made")" 2000
	left() {
		python3 "$TOP/tests/count_objects.py" <"$made" | tr '\n' ' '
	}
	# the kernel frees them after a grace period
	for i in $(seq 50); do
		[ "$(left)" != "prog $(prog) map $(map_id veth0) " ] || break
		sleep 0.1
	done
	assert_equal "$(left)" "prog $(prog) map $(map_id veth0) "
	whole
}

@test "200 loaders at once: one complete result" {
	local i done=0
	for i in $(seq 200); do
		"$TOP/xdp_loader" --dev veth0 --force --quiet 2>>"$BATS_TEST_TMPDIR/err" 3>&- &
	done
	wait
	whole
	# who did not get the lock in time said so, and nobody said anything else
	run ! grep -v -e 'cannot lock' -e 'holds the lock' "$BATS_TEST_TMPDIR/err"
	echo "# 200 loaders, $(grep -c 'cannot lock' "$BATS_TEST_TMPDIR/err" || true) gave up waiting" >&3
}

@test "load and unload at once: one complete result" {
	local i
	for i in $(seq 20); do
		"$TOP/xdp_loader" --dev veth0 --force --quiet 3>&- &
		"$TOP/xdp_loader" --dev veth0 --unload --quiet 3>&- &
		wait
		if [ "$(attached veth0)" = none ]; then
			[ ! -e "$BPFFS/veth0" ]
		else
			whole
		fi
	done
}

@test "loaders on two interfaces do not disturb each other" {
	ip link add dev other type veth peer name otherpeer
	local i
	for i in $(seq 20); do
		"$TOP/xdp_loader" --dev veth0 --force --quiet 3>&- &
		"$TOP/xdp_loader" --dev other --force --quiet 3>&- &
		wait
	done
	[ "$(attached veth0)" != none ]
	[ "$(attached other)" != none ]
	assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "other veth0 "
}

# The loader is held for a second before its netlink request to attach, the second
# that it sends.
slowly() {
	strace -qq -o /dev/null -e trace=sendto -e inject=sendto:delay_enter=1000000:when=2 \
		"$TOP/xdp_loader" "$@"
}

@test "a program attached in between is not replaced without --force" {
	(sleep 0.4 && ip link set dev veth0 xdp obj "$OBJECTS/no_maps.o" sec xdp) 3>&- &
	rejects 30 "already attached" slowly --dev veth0
	wait
	accepts ip -d link show dev veth0
	assert_contains "$output" "name mapless"
	[ ! -e "$BPFFS/veth0" ]
}

@test "--force replaces exactly the program that it saw, not one attached in between" {
	accepts loader --dev veth0
	(sleep 0.4 && ip -force link set dev veth0 xdp obj "$OBJECTS/no_maps.o" sec xdp) 3>&- &
	rejects 30 "Active program does not match expected" slowly --dev veth0 --force
	wait
	accepts ip -d link show dev veth0
	assert_contains "$output" "name mapless"
}

@test "the same name in another network namespace: its pins are not replaced silently" {
	accepts loader --dev veth0
	local id
	id=$(prog)
	inside ip link add dev veth0 type veth peer name x
	rejects 40 "in use by program $id (xdp_pass_func), which is not attached to veth0 here" \
		inside "$TOP/xdp_loader" --dev veth0
	assert_contains "$stderr" "network namespace"
	rejects 40 "in use by program $id" inside "$TOP/xdp_loader" --dev veth0 --unload
	whole
	accepts inside "$TOP/xdp_loader" --dev veth0 --force
	accepts inside "$TOP/xdp_loader" --dev veth0 --unload
}

@test "the reader does not notice a reload with -M" {
	accepts loader --dev veth0
	"$TOP/xdp_stats" --dev veth0 --json --interval 0.05 >"$BATS_TEST_TMPDIR/out" 3>&- &
	local reader=$! i
	for i in $(seq 10); do
		accepts loader --dev veth0 -F -M
		accepts flood 100 60
	done
	sleep 0.8
	kill "$reader"
	wait "$reader" || true
	assert_equal "$(grep -c event "$BATS_TEST_TMPDIR/out")" 0
	assert_equal "$(jq -s 'map(.actions.XDP_PASS.packets) == (map(.actions.XDP_PASS.packets) | sort)' "$BATS_TEST_TMPDIR/out")" true
	assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq .actions.XDP_PASS.packets)" 1000
	assert_equal "$(jq -s 'any(.period_s == null)' "$BATS_TEST_TMPDIR/out")" false
}

@test "the reader goes on when the interface is renamed or deleted" {
	accepts loader --dev veth0
	"$TOP/xdp_stats" --dev veth0 --json --interval 0.05 >"$BATS_TEST_TMPDIR/out" 3>&- &
	local reader=$!
	ip link set dev veth0 down
	ip link set dev veth0 name renamed
	ip link set dev renamed up
	accepts flood 100 60
	sleep 0.8
	assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq .actions.XDP_PASS.packets)" 100
	ip link delete dev renamed
	sleep 0.8
	assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/out" | jq '.actions.XDP_PASS.packets_per_s == 0')" true
	ip netns delete peer
	make_pair
	accepts loader --dev veth0
	sleep 0.8
	kill -0 "$reader"
	kill "$reader"
	wait "$reader" || true
	assert_equal "$(jq -r 'select(.event) | .event' "$BATS_TEST_TMPDIR/out" | grep -v tached)" map-replaced
	assert_equal "$(jq -s '[.[].actions // {} | .[].packets_per_s | select(. != null and . < 0)] | length' "$BATS_TEST_TMPDIR/out")" 0
}

@test "a bpffs that cannot exchange directories gets the new pins one by one, and loses the dropped ones" {
	accepts loader --dev veth0 --filename "$OBJECTS/two_maps.o"
	local old new
	old=$(map_id veth0)
	# kernels before 5.17 answer so
	accepts strace -qq -f -e trace=renameat2 -e inject=renameat2:error=EINVAL \
		"$TOP/xdp_loader" --dev veth0 --force
	assert_contains "$stderr" "RENAME_EXCHANGE"
	new=$(map_id veth0)
	[ "$old" != "$new" ]
	assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map
	assert_equal "$(find "$BPFFS" -maxdepth 1 -name 'xdp_loader*')" ""
	assert_equal "$(loader --dev veth0 --status | head -n 1)" "veth0: ok"
	flood 100 60
	assert_equal "$(counted veth0 XDP_PASS)" "100 6000"
	# killed between two of them: the next loader goes on
	run strace -qq -f -e trace=renameat2,renameat -e inject=renameat2:error=EINVAL \
		-e inject=renameat:signal=KILL:when=2 \
		"$TOP/xdp_loader" --dev veth0 --force --filename "$OBJECTS/two_maps.o"
	assert_equal "$(find "$BPFFS/veth0" -type f | wc -l)" 1
	accepts loader --dev veth0 --force --quiet
	assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map
	assert_equal "$(find "$BPFFS" -maxdepth 1 -name 'xdp_loader*')" ""
	assert_equal "$(loader --dev veth0 --status | head -n 1)" "veth0: ok"
}
