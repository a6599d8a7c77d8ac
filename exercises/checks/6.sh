#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A map for each protocol: the program is replaced under traffic and the counters are
# kept; the new map is pinned in the same directory and counts exactly.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/frames.sh
source exercises/checks/frames.sh

readonly PROTO_PIN=$BPFFS/$DEV/proto_map

# By kind, the protocol number; "-" if the frame has no complete IP header.
declare -rA PROTOCOL_OF=([udp6-echo]=17 [udp4-echo]=17 [tcp4]=6 [tcp6-echo]=6 [icmp4]=1
	[icmp6]=58 [ospf4]=89 [options4]=17 [hopopts6]=0 [ends-ipv4]=253 [ends-ipv6]=59
	[cut-udp-3]=17 [swapped-ip4]=- [swapped-ip6]=- [other-echo]=- [vlan-echo]=- [cut-eth]=-
	[cut-ipv4]=- [cut-ipv4-19]=- [cut-ipv6]=- [cut-ipv6-39]=-)
declare -A proto_of # by kind, what was added in proto_map: lines "PROTOCOL PACKETS BYTES"

protocols() {
	python3 exercises/checks/records.py "$PROTO_PIN"
}

must_have_shape() {
	local shape
	shape=$(bpftool -j map show pinned "$PROTO_PIN" | jq -r \
		'"\(.type), key \(.bytes_key), value \(.bytes_value) bytes, \(.max_entries) entries"')
	[ "$shape" = 'percpu_array, key 4, value 16 bytes, 256 entries' ] || unsolved \
		'proto_map: percpu_array, key 4, value 16 bytes, 256 entries' "$shape" \
		'the definition of proto_map; headers/xdp_stats_kern.h defines xdp_stats_map in the same way'
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

must_have_gone_on() {
	local now sent
	sent=$(cat "$WORK/flooded")
	now=$(totals)
	grep -q "^XDP_PASS $sent $((sent * 60))$" <<<"$now" || unsolved \
		"$sent packets under XDP_PASS, counted by the previous program and by yours" "$now" \
		'whether every path through your program ends with
return xdp_stats_record_action(ctx, XDP_PASS);'
}

send_proto_kind() { # send_proto_kind KIND
	local old
	old=$(protocols)
	send_kind "$1"
	# fields of the new line, minus those of the old line with the same key
	proto_of[$1]=$(awk 'is_old { packets[$1] = $2; bytes[$1] = $3; next }
		$2 != packets[$1] + 0 || $3 != bytes[$1] + 0 {
			print $1, $2 - packets[$1], $3 - bytes[$1] }' \
		is_old=1 <(printf '%s' "$old") is_old=0 <(protocols))
}

must_pass_all() {
	local kind
	must_count_all
	must_return_what_it_counts
	for kind in "${!seen_of[@]}"; do
		[[ ${seen_of[$kind]} == XDP_PASS* ]] || unsolved "$(sent "$kind"): $(full_count "$kind" XDP_PASS)" \
			"${seen_of[$kind]}" 'the action: this program passes every packet'
	done
}

expected_of() { # expected_of KIND
	[ "${PROTOCOL_OF[$1]}" = - ] || full_count "$1" "${PROTOCOL_OF[$1]}"
}

is_right() { # is_right KIND
	[ "${proto_of[$1]}" = "$(expected_of "$1")" ]
}

report() { # report KIND LOOK-AT
	local expected
	expected=$(expected_of "$1")
	unsolved "added in proto_map (protocol, packets, bytes) by $(sent "$1"):
${expected:-nothing}" "${proto_of[$1]:-nothing}" "$2"
}

counts() { # counts KIND: is it in proto_map, under whatever?
	[ -n "${proto_of[$1]}" ]
}

# The signs of a wrong byte order, and of an EtherType that is not looked at.
diagnose_ethertype() {
	local kind
	for kind in swapped-ip4 swapped-ip6; do
		! counts $kind || counts other-echo || report $kind \
			'the byte order of the EtherType: the frame has it in network byte order, see bpf_htons()'
	done
	for kind in other-echo vlan-echo swapped-ip4 swapped-ip6; do
		! counts $kind || report $kind \
			'the EtherType: only frames that have that of IPv4 or IPv6 there are counted'
	done
}

diagnose_ends() {
	local kind other
	for kind in ends-ipv4 ends-ipv6; do
		other=udp${kind: -1}-echo
		counts $kind || ! is_right "$other" || report $kind \
			'the comparison with data_end, which is the first byte after the frame: this frame ends
where the IP header ends, so the header is complete'
	done
	for kind in cut-eth cut-ipv4 cut-ipv6 cut-ipv4-19 cut-ipv6-39; do
		! counts $kind || report $kind 'frames that end in a header: an incomplete IP header is not counted'
	done
}

look_at() { # look_at KIND, which is counted in another way
	local protocol packets bytes
	read -r protocol packets bytes <<<"${proto_of[$1]}"
	if [ "$1" = hopopts6 ] && ! counts "$1"; then
		echo 'the next header 0: it is a protocol number like the others, and a key of the map'
	elif ! counts "$1"; then
		[[ $1 == *6* ]] && echo -n 'IPv6: ' || echo -n 'IPv4: '
		echo 'the EtherType, the header that has the protocol number, and the entry of proto_map'
	elif [ "$1" = hopopts6 ] && [ "$protocol" != 0 ]; then
		echo 'the next header of the IPv6 header itself counts, here 0, whatever follows'
	elif [ "$protocol" != "${PROTOCOL_OF[$1]}" ]; then
		echo 'which byte of the header is used as key: protocol of struct iphdr, nexthdr of struct ipv6hdr'
	elif [ "$packets" != "${count_of[$1]}" ]; then
		echo 'how often a packet is counted in proto_map'
	else
		echo 'the bytes: those of the whole frame, data_end - data'
	fi
}

diagnose() {
	local kind
	diagnose_ethertype
	diagnose_ends
	for kind in udp4-echo udp6-echo hopopts6 "${!PROTOCOL_OF[@]}"; do
		is_right "$kind" || report "$kind" "$(look_at "$kind")"
	done
}

begin "$1"
need_c
compile_bpf "$answer"
make_lab
verify
load --progname xdp_pass_func
replace_under_flood
must_have_stats_map
[ -e "$PROTO_PIN" ] || unsolved "a map pinned at $PROTO_PIN" "$(ls "$BPFFS/$DEV")" \
	"the name of the map, which is the name of its variable: proto_map"
must_have_shape
must_have_gone_on
start_sender
for kind in $(shuf -e "${!PROTOCOL_OF[@]}"); do
	send_proto_kind "$kind"
done
must_pass_all
diagnose
solved "the program was replaced under $(cat "$WORK/flooded") frames and none is missing; \
proto_map counts ${#PROTOCOL_OF[@]} kinds of frames exactly"
