#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A program of your own: each kind of frame gets the right action, counted exactly.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/frames.sh
source exercises/checks/frames.sh

readonly DROPPED=(udp6-echo udp6-echo-long udp6-echo-empty)
readonly PASSED=(other-echo swapped-both swapped-ip6 udp6-1792 udp6-263 udp6-from-7 vlan-echo tcp6-echo
	icmp6 hopopts6 udp4-echo tcp4 options4 ends-ipv4 ends-ipv6 cut-eth cut-ipv4 cut-ipv6 cut-ipv6-39
	cut-udp-3 cut-udp-7)

drops() { # drops KIND...: does the program drop all of these?
	local kind
	for kind in "$@"; do
		[[ ${seen_of[$kind]} == XDP_DROP* ]] || return 1
	done
}

report() { # report ACTION KIND LOOK-AT
	unsolved "$(sent "$2"): $(full_count "$2" "$1")" "${seen_of[$2]}" "$3"
}

# It drops the wrong frames and not the right ones: the signs of a wrong byte order.
diagnose_order() {
	! drops swapped-both || report XDP_PASS swapped-both \
		'the byte order of EtherType and port: the frame has both in network byte order, see bpf_htons()'
	! drops swapped-ip6 || report XDP_PASS swapped-ip6 \
		'the byte order of the EtherType: the frame has it in network byte order, see bpf_htons()'
	! drops udp6-1792 || report XDP_PASS udp6-1792 \
		'the byte order of the port: the frame has it in network byte order, see bpf_htons()'
	! drops udp6-from-7 || report XDP_PASS udp6-from-7 \
		'which of the two ports in the header is the destination'
}

diagnose_ports() {
	local kind
	! drops udp6-1792 udp6-263 udp6-from-7 || report XDP_PASS udp6-263 \
		'the destination port: all ports are treated alike'
	! drops udp6-from-7 || report XDP_PASS udp6-from-7 'the two ports: only the destination counts'
	for kind in udp6-263 udp6-1792; do
		! drops $kind || report XDP_PASS $kind 'the port: compare all of its 16 bits'
	done
}

look_at() { # look_at KIND, which is not passed
	if ! drops "$1"; then
		echo 'the action of this path: what is not dropped is passed, with XDP_PASS, also if it ends early'
		return 0
	fi
	case $1 in
	other-echo | swapped-* | udp4-echo) echo 'the EtherType: compare it with bpf_htons(ETH_P_IPV6)' ;;
	vlan-echo) echo 'frames with a VLAN tag: their EtherType is not that of IPv6, and they are passed' ;;
	tcp6-echo | icmp6) echo 'the next header of the IPv6 header: UDP is IPPROTO_UDP, 17' ;;
	hopopts6) echo 'IPv6 extension headers: UDP after one of them is passed' ;;
	cut-*) echo 'frames that end in a header: the comparison with data_end is for the whole UDP header' ;;
	*) echo 'part 5 of exercises/README.org, which defines what is dropped' ;;
	esac
}

diagnose() {
	local kind
	drops udp6-echo || diagnose_order
	! drops udp6-echo || diagnose_ports
	for kind in "${PASSED[@]}"; do
		[[ ${seen_of[$kind]} == XDP_PASS* ]] || report XDP_PASS "$kind" "$(look_at "$kind")"
	done
	[[ ${seen_of[udp6-echo]} == XDP_[DP]* ]] || report XDP_DROP udp6-echo 'the action: to drop is XDP_DROP'
	drops udp6-echo || report XDP_DROP udp6-echo \
		'the three comparisons that lead to XDP_DROP: EtherType, next header, destination port'
	drops udp6-echo-empty || report XDP_DROP udp6-echo-empty \
		'the comparison with data_end, which is the first byte after the frame: this frame ends
where the UDP header ends, so the header is complete'
	drops udp6-echo-long || report XDP_DROP udp6-echo-long 'the length: the data after the UDP header does not matter'
}

begin "$1"
need_c
compile_bpf "$answer"
make_lab
verify
load --filename "$WORK/answer.o"
must_have_stats_map
start_sender
for kind in $(shuf -e "${DROPPED[@]}" "${PASSED[@]}"); do
	send_kind "$kind"
done
must_count_all
must_return_what_it_counts
diagnose
solved "$((${#DROPPED[@]} + ${#PASSED[@]})) kinds of frames, \
also cut and in the wrong byte order: dropped or passed as asked, and counted as that"
