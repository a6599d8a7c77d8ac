#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Loading, replacing, unloading, and what other tools see of it.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

nothing_left() {
	assert_equal "$(attached veth0)" none
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
}

@test "load attaches, pins and reports; unload removes everything" {
	accepts loader --dev veth0
	read -r mode id <<<"$(attached veth0)"
	assert_equal "$mode" native
	assert_contains "$output" "attached to veth0: id $id, xdp_pass_func, native"
	assert_contains "$output" "map id $(map_id veth0) pinned at $BPFFS/veth0/xdp_stats_map"
	assert_equal "$stderr" ""

	accepts loader --dev veth0 --unload
	assert_contains "$output" "detached from veth0: id $id, xdp_pass_func, native"
	nothing_left
}

@test "unload with nothing attached says so and succeeds" {
	accepts loader --dev veth0 --unload
	assert_contains "$output" "no XDP program is attached"
}

@test "every program of the object loads" {
	local prog
	for prog in pass drop abort tx redirect pass_frags; do
		accepts loader --dev veth0 --progname "xdp_${prog}_func" --force
		assert_contains "$output" "xdp_${prog}_func"
	done
}

@test "modes: skb, native, auto" {
	accepts loader --dev veth0 -S
	assert_contains "$output" ", skb"
	[[ $(attached veth0) == skb* ]]
	accepts loader --dev veth0 -U
	accepts loader --dev veth0 --auto-mode
	assert_contains "$output" ", native"
	accepts loader --dev veth0 -U
	# lo of this namespace has no native mode
	rejects 30 "Underlying driver does not support XDP in native mode" loader --dev lo
	assert_contains "$stderr" "--skb-mode"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
	accepts loader --dev lo --auto-mode
	assert_contains "$output" ", skb"
	accepts loader --dev lo --unload
}

@test "an attached program stays without --force" {
	accepts loader --dev veth0
	local before
	before=$(attached veth0)
	rejects 30 "XDP program already attached (id ${before#* }, xdp_pass_func, native)" \
		loader --dev veth0 --progname xdp_drop_func
	assert_contains "$stderr" "--force"
	assert_contains "$stderr" "xdp_loader --dev veth0 --unload=${before#* }"
	rejects 30 "already attached" loader --dev veth0 -S
	assert_equal "$(attached veth0)" "$before"
	accepts loader --dev veth0 --progname xdp_drop_func --force
	assert_contains "$output" "replaced id ${before#* }, xdp_pass_func, native"
	assert_contains "$output" "new and empty: what was in map"
}

@test "--force changes the mode and reports the gap" {
	accepts loader --dev veth0
	accepts loader --dev veth0 -S --force
	assert_contains "$output" "for a moment"
	[[ $(attached veth0) == skb* ]]
	accepts loader --dev veth0 -N --force
	assert_contains "$output" "for a moment"
	[[ $(attached veth0) == native* ]]
	accepts loader --dev veth0 -A --force
	[[ $output != *"for a moment"* ]]
	# auto over skb, where the driver has native mode
	accepts loader --dev veth0 -S --force
	accepts loader --dev veth0 -A --force
	[[ $(attached veth0) == native* ]]
	# and where it has not: no gap is needed
	accepts loader --dev lo -S
	accepts loader --dev lo -A --force
	[[ $output != *"for a moment"* ]]
}

@test "after a failed change of mode the old program is attached again" {
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 9000
	accepts loader --dev veth0 -S
	local before pins
	before=$(attached veth0)
	pins=$(ls -i "$BPFFS/veth0")
	rejects 30 "Peer MTU is too large" loader --dev veth0 -N --force
	assert_contains "$stderr" "attached again"
	assert_equal "$(attached veth0)" "$before"
	assert_equal "$(ls -i "$BPFFS/veth0")" "$pins"
}

@test "unload by id: only that program" {
	accepts loader --dev veth0
	local before
	before=$(attached veth0)
	rejects 30 "another program is attached (id ${before#* }" loader --dev veth0 --unload=1
	rejects 30 "another program is attached" loader --dev veth0 -U 1
	rejects 30 "another program is attached" loader --dev veth0 --unload 1
	assert_equal "$(attached veth0)" "$before"
	[ -e "$BPFFS/veth0/xdp_stats_map" ]
	accepts loader --dev veth0 --unload "${before#* }"
	nothing_left
	rejects 30 "no XDP program is attached" loader --dev veth0 --unload=1
}

@test "unload finds skb mode by itself" {
	accepts loader --dev veth0 -S
	accepts loader --dev veth0 --unload
	nothing_left
}

@test "--quiet prints nothing, --verbose prints the log of libbpf" {
	accepts loader --dev veth0 --quiet
	assert_equal "$output$stderr" ""
	accepts loader --dev veth0 --force --verbose
	assert_contains "$stderr" "libbpf: "
	accepts loader --dev veth0 -U -q
	assert_equal "$output$stderr" ""
	LIBBPF_LOG_LEVEL=debug accepts loader --dev veth0
	assert_contains "$stderr" "libbpf: "
	LIBBPF_LOG_LEVEL=warn accepts loader --dev veth0 --force
	assert_equal "$stderr" ""
	LIBBPF_LOG_LEVEL=warn run --separate-stderr loader --dev veth0 --force \
		--filename "$OBJECTS/rejected.o"
	assert_contains "$stderr" "the log of the verifier"
}

@test "a closed pipe does not stop it half way" {
	local i
	for i in 1 5 20 40 60; do
		"$TOP/xdp_loader" --dev veth0 --force --verbose 2>&1 | head -n "$i" >/dev/null
		[ "$(attached veth0)" != none ]
		assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
	done
	run --separate-stderr bash -c "'$TOP/xdp_loader' --dev veth0 --force >/dev/full"
	assert_equal "$status" 1
	assert_contains "$stderr" "the work is done, but the report cannot be written: No space left"
}

@test "an alternative name works like the name of the interface" {
	ip link property add dev veth0 altname other_name_of_veth0 || skip "no altnames"
	ip link property add dev veth0 altname alt0
	accepts loader --dev alt0
	assert_contains "$stderr" "alt0 is another name of veth0"
	[ -e "$BPFFS/veth0/xdp_stats_map" ]
	[ ! -e "$BPFFS/alt0" ]
	accepts loader --dev veth0 --unload
	nothing_left
}

@test "an interface that does not exist" {
	rejects 2 "no interface 'nosuch0'" loader --dev nosuch0
	rejects 2 "no interface 'nosuch0'" loader --dev nosuch0 --unload
}

@test "unload removes the pins of a deleted interface" {
	accepts loader --dev veth0
	ip link delete dev veth0
	[ -e "$BPFFS/veth0/xdp_stats_map" ]
	accepts loader --dev veth0 --unload
	assert_contains "$output" "no such interface"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
}

@test "odd names: 15 bytes, dots, quote, dash" {
	local name pin
	for name in fifteen-bytes-x eth0.100 "it's" -x a.b_c; do
		ip link add dev odd0 type veth peer name odd1
		ip link set dev odd0 name "$name"
		pin=${name//./:}
		accepts loader --dev "$name"
		[ -e "$BPFFS/$pin/xdp_stats_map" ]
		accepts stats --dev "$name" --once --json
		assert_equal "$(jq -r .ifname <<<"$output")" "$name"
		accepts loader --dev "$name" --unload
		[ ! -e "$BPFFS/$pin" ]
		ip link delete dev "$name"
	done
}

@test "eth0.100 and eth0_100 have different pins" {
	ip link add dev eth0.100 type veth peer name e1
	ip link add dev eth0_100 type veth peer name e2
	accepts loader --dev eth0.100
	accepts loader --dev eth0_100
	[ "$(map_id eth0:100)" != "$(map_id eth0_100)" ]
	accepts loader --dev eth0_100 --unload
	accepts stats --dev eth0.100 --once
}

@test "objects with more, fewer and no maps follow each other" {
	local i object
	for i in 1 2 3; do
		for object in two_maps no_maps foreign two_maps; do
			accepts loader --dev veth0 --force --filename "$OBJECTS/$object.o"
			case $object in
			two_maps) assert_equal "$(ls "$BPFFS/veth0")" $'lengths\nxdp_stats_map' ;;
			no_maps) assert_equal "$(ls "$BPFFS/veth0")" "" ;;
			foreign) assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map ;;
			esac
		done
	done
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
}

@test "maps marked for pinning by name are pinned only in the directory of the interface" {
	accepts loader --dev veth0 --filename "$OBJECTS/pin_by_name.o"
	[ -e "$BPFFS/veth0/marked" ]
	[ ! -e "$BPFFS/marked" ]
	accepts loader --dev veth0 --filename "$OBJECTS/pin_by_name.o" --force
	accepts loader --dev veth0 --unload
	nothing_left
}

@test "a reload keeps the owners and modes of the pins" {
	accepts loader --dev veth0
	chmod 755 "$BPFFS/veth0"
	chmod 644 "$BPFFS/veth0/xdp_stats_map"
	accepts loader --dev veth0 --force
	assert_equal "$(stat -c %a "$BPFFS/veth0" "$BPFFS/veth0/xdp_stats_map" | tr '\n' ' ')" "755 644 "
	cp "$TOP/xdp_stats" /run/xdp_stats
	accepts setpriv --reuid 65534 --clear-groups /run/xdp_stats --dev veth0 --once
}

@test "other tools show the same" {
	accepts loader --dev veth0
	flood 1000 60
	accepts ip -d link show dev veth0
	assert_contains "$output" "name xdp_pass_func"
	assert_equal "$(bpftool -j map dump pinned "$BPFFS/veth0/xdp_stats_map" |
		jq '[.[] | select(.formatted.key == 2).formatted.values[].value.rx_packets] | add')" 1000
	accepts xdp-loader status veth0
	assert_contains "$output" "xdp_pass_func"
}

@test "programs of other tools are replaced only with --force" {
	ip link set dev veth0 xdp obj "$TOP/xdp_prog_kern.o" sec xdp
	local before
	before=$(attached veth0)
	rejects 30 "XDP program already attached (id ${before#* }" loader --dev veth0
	assert_equal "$(attached veth0)" "$before"
	accepts loader --dev veth0 --force
	accepts loader --dev veth0 --unload

	# libxdp attaches its dispatcher where the kernel can replace functions of it
	xdp-loader load -m native veth0 "$OBJECTS/no_maps.o"
	before=$(attached veth0)
	local take=()
	if [ "$(bpftool -j prog show id "${before#* }" | jq -r .name)" = xdp_dispatcher ]; then
		rejects 30 "program ${before#* } is the dispatcher of libxdp" loader --dev veth0
		rejects 30 "is the dispatcher of libxdp" loader --dev veth0 --force
		take=(--take-dispatcher)
	else
		rejects 30 "XDP program already attached (id ${before#* }" loader --dev veth0
	fi
	assert_equal "$(attached veth0)" "$before"
	accepts loader --dev veth0 --force "${take[@]}"
	accepts loader --dev veth0 --unload
	assert_equal "$(attached veth0)" none
	[ ! -e "$BPFFS/veth0" ]
}

@test "a bpf_link cannot be replaced, and the message names it" {
	bpftool prog load "$OBJECTS/no_maps.o" "$BPFFS/linked" type xdp
	python3 "$TOP/tests/hold_link.py" "$BPFFS/linked" veth0 3>&- &
	local holder=$! i
	for i in $(seq 600); do [ "$(attached veth0)" = none ] || break; sleep 0.1; done
	rejects 30 "already attached" loader --dev veth0
	rejects 30 "Can't replace active BPF XDP link" loader --dev veth0 --force
	assert_contains "$stderr" "bpf_link"
	rejects 30 "bpf_link" loader --dev veth0 --force -S
	rejects 30 "bpf_link" loader --dev veth0 --unload
	kill "$holder"
	wait "$holder" || true
	rm "$BPFFS/linked"
}

@test "the MTU is too large for linear programs, not for fragments" {
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 9000
	rejects 30 "veth: Peer MTU is too large to set XDP" loader --dev veth0
	assert_contains "$stderr" "xdp_pass_frags_func"
	assert_contains "$stderr" "mtu 1500"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" ""
	accepts loader --dev veth0 --progname xdp_pass_frags_func
}
