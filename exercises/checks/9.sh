#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A filter that is set from outside: the object is loaded with several values of its
# constant, and drops other frames each time.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/frames.sh
source exercises/checks/frames.sh

# By kind, the EtherType of the frame.
declare -rA TYPE_OF=([udp6-echo]=0x86dd [cut-eth]=0x86dd [icmp6]=0x86dd [udp4-echo]=0x0800
	[ospf4]=0x0800 [swapped-ip4]=0x0008 [swapped-ip6]=0xdd86 [other-echo]=0x88b5
	[vlan-echo]=0x8100 [arp]=0x0806 [zero-echo]=0)
# By EtherType, a kind with the two bytes of it in the wrong order.
declare -rA SWAPPED=([0x86dd]=swapped-ip6 [0x0800]=swapped-ip4)

must_take() { # must_take ETHERTYPE: load the object with this value, or with its own
	local said
	if said=$(loader --force --reuse-maps --filename "$WORK/answer.o" ${1:+--set "ethertype=$1"} 2>&1); then
		must_have_stats_map
		return 0
	fi
	case $said in
	*'cannot set'*)
		unsolved "a constant of the program that takes the value: --set ethertype=$1" "$said" \
			'the declaration of ethertype, and what the message says of it' ;;
	esac
	unsolved 'xdp_loader --force --reuse-maps replaces the program' "$said" \
		'whether the program takes xdp_stats_map from headers/xdp_stats_kern.h'
}

drops() { # drops KIND
	[[ ${seen_of[$1]} == XDP_DROP* ]]
}

report() { # report KIND ACTION LOOK-AT
	unsolved "$how, $(sent "$1"): $(full_count "$1" "$2")" "${seen_of[$1]}" "$3"
}

must_drop() { # must_drop KIND
	local swapped=${SWAPPED[$value]:-}
	drops "$1" && return 0
	[ -z "$swapped" ] || ! drops "$swapped" || report "$swapped" XDP_PASS \
		'the byte order: --set gives a number of this machine, the frame has it in network byte order'
	[ "$1" != cut-eth ] || ! drops udp6-echo || report "$1" XDP_DROP \
		'the comparison with data_end, which is the first byte after the frame: this frame ends
where the Ethernet header ends, so the header is complete'
	report "$1" XDP_DROP \
		'where ethertype is read: is it compared with the EtherType of the frame, each time?'
}

must_pass() { # must_pass KIND
	[[ ${seen_of[$1]} == XDP_PASS* ]] && return 0
	[ "$how" != 'without --set' ] || report "$1" XDP_PASS \
		'what ethertype is unless it is set: 0, and 0 means that nothing is dropped'
	[ "$value" != 0 ] || report "$1" XDP_PASS 'the value 0, which means that nothing is dropped'
	[ "$1" != vlan-echo ] || report "$1" XDP_PASS \
		'the VLAN tag: 0x8100 is the EtherType of such a frame, whatever comes after the tag'
	report "$1" XDP_PASS "the comparison: the whole EtherType of the frame with the value that was set"
}

try_value() { # try_value ETHERTYPE, or "" for what the object has
	local kind
	must_take "$1"
	value=${1:-0} how=${1:+with --set ethertype=$1} how=${how:-without --set}
	for kind in $(shuf -e "${!TYPE_OF[@]}"); do send_kind "$kind"; done
	must_count_all
	must_return_what_it_counts
	for kind in "${!TYPE_OF[@]}"; do
		[ "$value" = 0 ] || [ "${TYPE_OF[$kind]}" != "$value" ] || must_drop "$kind"
	done
	for kind in "${!TYPE_OF[@]}"; do
		[ "${TYPE_OF[$kind]}" = "$value" ] || must_pass "$kind"
	done
	[ "$value" != 0 ] || must_pass zero-echo
}

begin "$1"
need_c
compile_bpf "$answer"
make_lab
verify
load
start_sender
try_value ''
# those first that show a wrong byte order
for type in $(shuf -e 0x86dd 0x0800) $(shuf -e 0x88b5 0x8100); do try_value "$type"; done
try_value 0
solved "one object, and six values of its constant: each time it dropped the frames of that
EtherType and no others, and its counters went on"
