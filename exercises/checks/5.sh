#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A program of your own: each kind of frame gets the right action, counted exactly.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly DROPPED=(udp6-echo udp6-echo-long udp6-echo-empty)
readonly PASSED=(udp6-from-7 udp6-1792 udp4-echo tcp4 tcp6-echo icmp6 hopopts6 vlan-echo
	other-echo cut-eth cut-ipv4 cut-ipv6 cut-udp-3 cut-udp-7)

# The difference between two totals, in lines "ACTION PACKETS BYTES".
added() { # added BEFORE AFTER
	local action packets bytes old_packets old_bytes
	while read -r action old_packets old_bytes && read -r _ packets bytes <&3; do
		[ "$packets $bytes" = "$old_packets $old_bytes" ] ||
			printf '%s %d %d\n' "$action" $((packets - old_packets)) $((bytes - old_bytes))
	done <<<"$1" 3<<<"$2"
}

look_at() { # look_at KIND, or "" if the packet was not counted at all
	case $1 in
	udp6-1792) echo 'the byte order: the packet has the port in network byte order, see bpf_htons()' ;;
	udp6-from-7) echo 'which of the two ports in the header is the destination' ;;
	other-echo | vlan-echo | udp4-echo) echo 'the EtherType: is it compared before the other fields?' ;;
	tcp6-echo | icmp6 | hopopts6) echo 'the next header of the IPv6 header: UDP is 17' ;;
	cut-*) echo 'frames that end in the middle of a header' ;;
	'') echo 'xdp_stats_record_action(), which counts a packet under an action and returns it' ;;
	*) echo 'part 5 of exercises/README.org, which defines what is dropped' ;;
	esac
}

try() { # try ACTION KIND
	local now count size seen
	count=$(random 1 40)
	size=$(send "$2" "$count")
	now=$(totals)
	seen=$(added "$last" "$now")
	last=$now
	[ "$seen" = "$1 $count $((count * size))" ] || unsolved \
		"$count frames of $size bytes ($(describe "$2")): $1 $count $((count * size))" \
		"${seen:-no packet counted}" "$(look_at "${seen:+$2}")"
}

begin "$1"
need_c
compile_bpf "$answer"
make_lab
verify
load --filename "$WORK/answer.o"
[ -e "$BPFFS/$DEV/xdp_stats_map" ] || unsolved 'a program that has xdp_stats_map' \
	'an object without that map' 'headers/xdp_stats_kern.h, and xdp_stats_record_action()'

start_sender
last=$(totals)
for kind in $(shuf -e "${DROPPED[@]}" "${PASSED[@]}"); do
	case " ${DROPPED[*]} " in
	*" $kind "*) try XDP_DROP "$kind" ;;
	*) try XDP_PASS "$kind" ;;
	esac
done
