#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Your own xdp_stats: prints the totals if there is a map of the right shape, else fails.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PIN=$BPFFS/$DEV/xdp_stats_map

must_print_totals() {
	local expected seen
	expected=$(totals)
	run program "$DEV"
	must_succeed
	seen=$(awk '{ $1 = $1; print }' "$WORK/stdout")
	[ "$(sort <<<"$seen")" = "$(sort <<<"$expected")" ] || unsolved "$expected" \
		"$(head -n 12 <<<"${seen:-nothing on stdout}")" \
		'a look-up writes one record for each possible CPU: make room for all and add them up'
}

# The status must come from the program itself; above 127 it was ended by a signal.
must_refuse() { # must_refuse WHAT [ARGUMENTS]
	run program "${@:2}"
	if [ "$status" -gt 0 ] && [ "$status" -lt 128 ] && [ -s "$WORK/stderr" ] && [ ! -s "$WORK/stdout" ]; then
		return 0
	fi
	unsolved "with $1: a message on stderr, nothing on stdout, an exit status from 1 to 127" \
		"exit status $status, $(wc -l <"$WORK/stderr") lines on stderr, $(wc -l <"$WORK/stdout") on stdout" \
		'bpf_obj_get(), which fails if nothing is pinned; bpf_obj_get_info_by_fd(), which gives type and sizes'
}

must_refuse_shape() { # must_refuse_shape TYPE KEY VALUE ENTRIES [FLAGS]
	bpftool map create "$PIN" type "$1" key "$2" value "$3" entries "$4" name xdp_stats_map
	must_refuse "a pinned map of another shape ($1, key $2, value $3, $4 entries)" "$DEV"
	rm "$PIN"
}

begin "$1"
need_c
make_ready
need_wall
make_lab
put_away xdp_stats

fill_map
must_print_totals

must_refuse 'no argument'
load --unload
must_refuse 'nothing pinned' "$DEV"
mkdir "$BPFFS/$DEV"
must_refuse_shape percpu_array 4 24 5
must_refuse_shape percpu_array 4 8 5
must_refuse_shape percpu_array 4 16 4
must_refuse_shape percpu_array 4 16 256
must_refuse_shape array 4 16 5
must_refuse_shape percpu_hash 8 16 5
bpftool prog load "$WORK/xdp_prog_kern.o" "$PIN"
must_refuse 'a pinned program in place of the map' "$DEV"
