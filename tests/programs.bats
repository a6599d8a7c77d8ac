#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Other people's objects: sections, tail calls, names, maps that others fill.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

@test "a function in a section that libbpf does not know: attached if it is the only one, or is named" {
	accepts loader --dev veth0 --filename "$OBJECTS/only_section.o"
	assert_contains "$output" "of_iproute2, native"
	flood 10 60
	assert_equal "$(counted veth0 XDP_DROP)" "10 600"
	accepts loader --dev veth0 --force --filename "$OBJECTS/sections.o" --progname of_a_tutorial
	flood 10 60
	assert_equal "$(counted veth0 XDP_TX)" "10 600"
}

@test "no XDP program: each function is listed with its section and kind" {
	rejects 40 "there is no XDP program in it" loader --dev veth0 --filename "$OBJECTS/sections.o"
	assert_contains "$stderr" 'of_iproute2 (SEC("prog"): unknown to libbpf)'
	assert_contains "$stderr" 'of_tc (SEC("classifier"): not XDP)'
	assert_contains "$stderr" 'of_a_devmap (SEC("xdp/devmap"): for entries of a devmap)'
	rejects 40 "'of_tc' is not an XDP program" loader --dev veth0 --filename "$OBJECTS/sections.o" --progname of_tc
	rejects 40 "there is no program 'nosuch'" loader --dev veth0 --filename "$OBJECTS/sections.o" \
		--progname nosuch
	assert_contains "$stderr" 'of_a_tutorial (SEC("xdp_second")'
}

@test "tail calls: programs in slots are loaded, too, but never attached" {
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	assert_contains "$output" "first, native"
	assert_contains "$output" "program first was chosen; --progname takes another one: another_first, by_hand"
	assert_contains "$output" "/later; later has to be filled by another program"
	[[ $output != *"stages has to be filled"* ]]
	flood 100 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_ABORTED)" "100 6000 0 0"
	accepts loader --dev veth0 --force --filename "$OBJECTS/tail_calls.o" --progname called
	assert_contains "$output" "called, native"
}

@test "-M keeps the slots that a user filled, not those that the object fills" {
	local stages later
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/dropped" type xdp
	bpftool map update pinned "$BPFFS/veth0/later" key 0 0 0 0 value pinned "$BPFFS/dropped"
	stages=$(bpftool -j map show pinned "$BPFFS/veth0/stages" | jq .id)
	later=$(bpftool -j map show pinned "$BPFFS/veth0/later" | jq .id)
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	assert_contains "$output" "map id $later pinned at $BPFFS/veth0/later, reused: what is in it stays"
	[[ $output != *"later has to be filled"* ]]
	[ "$(bpftool -j map show pinned "$BPFFS/veth0/stages" | jq .id)" != "$stages" ]
	flood 100 60
	# the slot of the user's is called first, and it counts nothing
	assert_equal "$(stats --dev veth0 --once --json | jq '[.actions[].packets] | add')" 0
}

@test "-M under traffic: each packet is handled only by old or only by new programs" {
	local sent
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	inside "$TOP/build/flood" --dev in --count 300000 --size 60 >/dev/null 3>&- &
	local flood=$!
	for _ in 1 2 3 4 5; do
		accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	done
	wait "$flood"
	# a call into an array that is half filled would be counted as aborted
	assert_equal "$(counted veth0 XDP_ABORTED)" "0 0"
	sent=$(counted veth0 XDP_PASS)
	[ "${sent% *}" -ge 300000 ]
}

@test "names of more than 15 bytes are shown in full" {
	local program=drop_what_is_too_long_for_us map=settings_of_the_first_program
	accepts loader --dev veth0 --filename "$OBJECTS/long_names.o"
	assert_contains "$output" "$program, native"
	rejects 30 "$program, native" loader --dev veth0
	accepts loader --dev veth0 --status
	assert_contains "$output" "$program, native"
	assert_contains "$output" "$map, pinned at $BPFFS/veth0/$map"
	accepts loader --dev veth0 --force
	assert_contains "$output" "replaced id"
	assert_contains "$output" "$program"
	assert_contains "$output" "($map) dropped"
	# and a map of that name is found again
	accepts loader --dev veth0 --force --filename "$OBJECTS/long_names.o"
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/long_names.o"
	assert_contains "$output" "$map, reused"
}

@test "maps that other programs must fill are named, and so are lost entries" {
	accepts loader --dev veth0 --filename "$OBJECTS/fill_by_others.o"
	local ports
	ports=$(bpftool -j map show pinned "$BPFFS/veth0/ports" | jq .id)
	assert_contains "$output" "/ports; ports has to be filled by another program"
	assert_contains "$output" "/sockets; sockets has to be filled by another program"
	accepts loader --dev veth0 --force --filename "$OBJECTS/fill_by_others.o"
	assert_contains "$output" "/ports, new and empty: what was in map $ports is gone (--reuse-maps keeps it); ports has"
}
