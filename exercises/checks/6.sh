#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A map for each protocol: the program is replaced under traffic and the counters are
# kept; the new map is pinned in the same directory and counts exactly.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PROTO_PIN=$BPFFS/$DEV/proto_map

# Lines "PROTOCOL PACKETS BYTES", added up over the CPUs, without those that are 0.
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
		'headers/xdp_stats_kern.h, which defines xdp_stats_map in the same way'
}

# Sends frames without a pause until the program has been replaced; stores their number.
flood_until_replaced() {
	local count total=0
	until [ -e "$WORK/replaced" ]; do
		count=$(random 100000 200000)
		flood "$count" 60
		total=$((total + count))
	done
	echo "$total" >"$WORK/flooded"
}

# The same map must count all frames sent before and during the replacement.
replace_under_flood() {
	local flooding said
	flood_until_replaced &
	flooding=$!
	until [ "$(packets XDP_PASS)" -gt 0 ]; do
		kill -0 "$flooding" || exit 1
		sleep 0.05
	done
	said=$(loader --force --reuse-maps --filename "$WORK/answer.o" 2>&1) || unsolved \
		'xdp_loader --force --reuse-maps replaces the program' "$said" \
		'whether the program takes xdp_stats_map from headers/xdp_stats_kern.h'
	touch "$WORK/replaced"
	wait "$flooding"
}

must_have_gone_on() { # must_have_gone_on FRAMES
	local now
	now=$(totals)
	grep -q "^XDP_PASS $1 " <<<"$now" || unsolved \
		"$1 packets under XDP_PASS, counted by the previous program and by yours" "$now" \
		'whether every path through your program ends with xdp_stats_record_action(ctx, XDP_PASS)'
}

# KIND:PROTOCOL; "-" if the frame has no complete IP header.
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
${before:-nothing}" 'the EtherType, the header that has the protocol number, and where the frame ends'
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
	"the name of the map, which is the name of its variable: proto_map"
must_have_shape
sent=$(cat "$WORK/flooded")
must_have_gone_on "$sent"
counts=() bytes=()
start_sender
must_count_protocols
