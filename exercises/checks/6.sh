#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A map for each protocol: the running program is replaced under traffic and its
# counters go on; the new map is pinned beside and counts exactly.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PROTO_PIN=$BPFFS/$DEV/proto_map

# "PROTOCOL PACKETS BYTES" of each protocol that has any, added up over the CPUs.
protocols() {
	bpftool -j map dump pinned "$PROTO_PIN" | jq -r '.[].formatted |
		[.key, ([.values[].value.rx_packets] | add), ([.values[].value.rx_bytes] | add)] |
		select(.[1] + .[2] > 0) | map(tostring) | join(" ")'
}

must_have_shape() {
	local shape
	shape=$(bpftool -j map show pinned "$PROTO_PIN" | jq -r \
		'"\(.type), key \(.bytes_key), value \(.bytes_value) bytes, \(.max_entries) entries"')
	[ "$shape" = 'percpu_array, key 4, value 16 bytes, 256 entries' ] || unsolved \
		'proto_map: percpu_array, key 4, value 16 bytes, 256 entries' "$shape" \
		'headers/xdp_stats_kern.h, where xdp_stats_map is defined in the same way'
}

# Frames without a pause until the program has been replaced; then how many it were.
flood_until_replaced() {
	local count total=0
	until [ -e "$WORK/replaced" ]; do
		count=$(random 100000 200000)
		flood "$count" 60
		total=$((total + count))
	done
	echo "$total" >"$WORK/flooded"
}

# All that was sent before and meanwhile is to be in the same map.
replace_under_flood() {
	local flooding said
	flood_until_replaced &
	flooding=$!
	sleep 0.1
	said=$(loader --force --reuse-maps --filename "$WORK/answer.o" 2>&1) || unsolved \
		'xdp_loader --force --reuse-maps replaces the program' "$said" \
		'whether xdp_stats_map comes from headers/xdp_stats_kern.h'
	touch "$WORK/replaced"
	wait "$flooding"
}

must_have_gone_on() { # must_have_gone_on FRAMES
	local now
	now=$(totals_from "$1")
	grep -q "^XDP_PASS $1 " <<<"$now" || unsolved \
		"$1 packets under XDP_PASS, counted by the program before and by yours" "$now" \
		'whether every way through your program ends in xdp_stats_record_action(ctx, XDP_PASS)'
}

# KIND:PROTOCOL; "-" where there is no whole IP header to take one from.
readonly KINDS=(udp6-echo:17 udp4-echo:17 tcp4:6 tcp6-echo:6 icmp4:1 icmp6:58 ospf4:89
	hopopts6:0 other-echo:- vlan-echo:- cut-eth:- cut-ipv4:- cut-ipv6:- cut-udp-3:17)

must_count_protocols() {
	local pair kind protocol count size seen expected before=
	for pair in $(shuf -e "${KINDS[@]}"); do
		kind=${pair%:*} protocol=${pair#*:}
		count=$(random 1 40)
		size=$(send "$kind" "$count")
		sent=$((sent + count))
		must_have_gone_on "$sent"
		[ "$protocol" = - ] || counts[protocol]=$((${counts[protocol]:-0} + count))
		[ "$protocol" = - ] || bytes[protocol]=$((${bytes[protocol]:-0} + count * size))
		expected=$(for i in "${!counts[@]}"; do echo "$i ${counts[i]} ${bytes[i]}"; done)
		seen=$(protocols)
		[ "$seen" = "$expected" ] || unsolved "in proto_map (protocol, packets, bytes), after $count \
frames of $size bytes, $(describe "$kind"):
${expected:-nothing}" "${seen:-nothing}
before it was:
${before:-nothing}" 'the EtherType, which header the protocol number is in, and where the frame ends'
		before=$seen
	done
}

begin "$1"
need_c
compile_bpf "$answer"
make_lab
verify
load --progname xdp_pass_func
replace_under_flood
[ -e "$PROTO_PIN" ] || unsolved "a map pinned at $PROTO_PIN" "$(ls "$BPFFS/$DEV")" \
	"the map's name, which is that of its variable: proto_map"
must_have_shape
sent=$(cat "$WORK/flooded")
must_have_gone_on "$sent"
counts=() bytes=()
start_sender
must_count_protocols
