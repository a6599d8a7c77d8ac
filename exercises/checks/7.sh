#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Your own xdp_stats: prints the totals if there is a map of the right shape, else fails.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/totals.sh
source exercises/checks/totals.sh
# shellcheck source=exercises/checks/calls.sh
source exercises/checks/calls.sh

readonly PIN=$BPFFS/$DEV/xdp_stats_map

# The status must come from the program itself; above 127 it was ended by a signal.
must_refuse() { # must_refuse WHAT LOOK-AT [ARGUMENTS]
	local seen
	run program "${@:3}"
	if [ "$status" -gt 0 ] && [ "$status" -lt 128 ] && [ -s "$WORK/stderr" ] && [ ! -s "$WORK/stdout" ]; then
		return 0
	fi
	seen="$(ending); $(wc -l <"$WORK/stderr") lines on stderr, $(wc -l <"$WORK/stdout") on stdout"
	[ ! -s "$WORK/stdout" ] || seen+="
$(head -n 5 "$WORK/stdout")"
	unsolved "with $1: a message on stderr, nothing on stdout, an exit status from 1 to 127" \
		"$seen" "$2"
}

must_refuse_shape() { # must_refuse_shape TYPE KEY VALUE ENTRIES
	if [ "$*" = 'percpu_hash 4 16 5' ]; then # with its five keys
		exercises/checks/make_map.sh "$PIN" 1 percpu_hash
	else
		bpftool map create "$PIN" type "$1" key "$2" value "$3" entries "$4" name xdp_stats_map
	fi
	must_refuse "a pinned map of another shape ($1, key $2, value $3, $4 entries)" \
		'bpf_obj_get_info_by_fd(): compare type, key_size, value_size and max_entries before
the first look-up' "$DEV"
	rm "$PIN"
}

# Counters that need more than 32 bits.
must_print_large_numbers() {
	local seen
	exercises/checks/make_map.sh "$PIN" 1000000000
	run program "$DEV"
	must_succeed
	seen=$(plain <"$WORK/stdout")
	[ "$seen" = "$(totals | plain)" ] || unsolved "from a map that has counted for a long time:
$(totals)" \
		"${seen:-nothing on stdout}" 'the type of the sums: a record has numbers of 64 bits (%llu)'
	rm "$PIN"
}

must_refuse_shapes() {
	must_refuse_shape percpu_array 4 24 5
	must_refuse_shape percpu_array 4 8 5
	must_refuse_shape percpu_array 4 16 4
	must_refuse_shape percpu_array 4 16 256
	must_refuse_shape array 4 16 5
	must_refuse_shape percpu_hash 4 16 5
	must_refuse_shape percpu_hash 8 16 5
}

begin "$1"
need_c
make_ready
need_wall
make_calls
make_lab
put_away xdp_stats

fill_map
expected=$(totals)
run program "$DEV"
must_succeed
must_be_totals "$expected"
must_suit_machine 5000 0-4999 program "$DEV"
must_suit_machine 8 0-3,8-11 program "$DEV"
must_suit_machine 1 0 program "$DEV"

must_refuse 'no argument' 'argc, before argv[1] is used'
load --unload
must_refuse 'nothing pinned' 'bpf_obj_get(), which fails if nothing is pinned there' "$DEV"
mkdir "$BPFFS/$DEV"
must_print_large_numbers
must_refuse_shapes
bpftool prog load "$WORK/xdp_prog_kern.o" "$PIN"
must_refuse 'a pinned program in place of the map' \
	'bpf_obj_get(), which opens a pin of anything. A program has no key_size' "$DEV"
solved 'it prints the totals, also on machines with 1, 8 and 5000 possible CPUs, and
refuses no argument, no pin, a pinned program, and maps of seven other shapes'
