#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Objects that other people wrote, and other tools beside ours.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

# What Debian ships. xdpdump_bpf.o has no XDP program.
debian_objects() {
	dpkg -L xdp-tools libxdp1 2>/dev/null | grep '\.o$' | grep -v xdpdump_bpf.o
}

@test "every XDP object of Debian's packages: load, reload, reuse, unload" {
	local object objects=0
	for object in $(debian_objects); do
		objects=$((objects + 1))
		accepts loader --dev veth0 --filename "$object"
		accepts loader --dev veth0 --filename "$object" --force
		accepts loader --dev veth0 --filename "$object" --force --reuse-maps
		accepts loader --dev veth0 --filename "$object" --force --reuse-maps --skb-mode
		accepts loader --dev veth0 --unload
		assert_equal "$(attached veth0) $(ls "$BPFFS" | grep -v debug)" "none "
	done
	if [ "$objects" = 0 ]; then skip "needs the packages xdp-tools and libxdp1"; fi
	[ "$objects" -ge 10 ]
}

@test "xdp-filter's program counts with our loader as with its own" {
	local object
	object=$(debian_objects | grep xdpfilt_alw_all || true)
	[ -n "$object" ] || skip "needs the package xdp-tools"
	accepts loader --dev veth0 --filename "$object"
	flood 100 60
	accepts loader --dev veth0 --filename "$object" --force --reuse-maps --skb-mode
	flood 20 60 --socket
	# xdp-filter has taken over the shape of the counters
	assert_equal "$(counted veth0 XDP_PASS)" "120 7200"
}

# --- tools ---------------------------------------------------------------------------

# As the others: the program that the tool takes by itself, or one that is named.
with_ours() {
	local name names
	names=$(readelf -sW "$1" | awk '$4 == "FUNC" && $5 == "GLOBAL" { print $8 }')
	for name in '' $names; do
		"$TOP/xdp_loader" --dev veth0 --filename "$1" ${name:+--progname "$name"} || continue
		"$TOP/xdp_loader" --dev veth0 --unload
		return
	done
	return 1
}

with_ip() {
	local section
	for section in xdp xdp.frags prog xdp_prog xdp_filter; do
		ip link set dev veth0 xdp obj "$1" sec "$section" && ip link set dev veth0 xdp off && return
	done
	return 1
}

with_bpftool() {
	local pin
	bpftool prog loadall "$1" "$BPFFS/all" || return 1
	for pin in "$BPFFS"/all/*; do
		bpftool net attach xdp pinned "$pin" dev veth0 || continue
		bpftool net detach xdp dev veth0
		return
	done
	return 1
}

with_xdp_loader() {
	xdp-loader load -m native veth0 "$1" && xdp-loader unload veth0 --all
}

try_all() { # try_all OBJECT: a row of the table
	local tool row
	row=$(basename "$1")
	for tool in ours ip bpftool xdp_loader; do
		if "with_$tool" "$1" >/dev/null 2>&1 3>&-; then row+=" yes"; else row+=" no"; fi
		rm -rf "${BPFFS:?}/all"
		ip link set dev veth0 xdp off
		ip link set dev veth0 xdpgeneric off
	done
	printf '%s\n' "$row"
}

@test "20 objects and more: what another tool loads, ours loads" {
	command -v xdp-loader >/dev/null || skip "needs the package xdp-tools"
	local object table=$BATS_TEST_TMPDIR/table
	# in mistakes.o and its like the programs are wrong, and huge.o is limited on purpose
	for object in "$TOP/xdp_prog_kern.o" "$OBJECTS"/{array,features,fill_by_others,foreign,legacy,long_names,no_maps,only_section,pin_by_name,sections,swapped,tail_calls,two_maps,variables}.o \
		$(debian_objects); do
		try_all "$object"
	done >"$table"
	{ echo object ours ip bpftool xdp-loader && cat "$table"; } | column -t | sed 's/^/# /' >&3
	[ "$(wc -l <"$table")" -ge 20 ]
	run awk '$2 == "no" && /yes/' "$table"
	assert_equal "$output" ""
}
