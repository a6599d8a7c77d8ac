#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Replace a pin without a gap: another map each time, and no moment without one.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly TIMES=10 # a gap of some microseconds would hide from one look

pins() {
	find "$BPFFS" -type f -not -name '*.debug'
}

replace_once() {
	local before=$id
	run 10
	must_succeed
	id=$(map_id "$PIN")
	[ -n "$id" ] || unsolved "a map pinned at $PIN" "$(pins | grep . || echo 'no pin at all')" \
		'what rename(2) does, and mv -T'
	[ "$id" != "$before" ] || unsolved "another map than map $before pinned at $PIN" \
		"map $before, as before" 'bpftool map create, which makes and pins a new one'
}

must_be_whole() {
	"$WORK/xdp_stats" --dev $DEV --once >/dev/null 2>"$WORK/stats" || unsolved \
		'a map of the same shape' "$(head -n 1 "$WORK/stats")" \
		'the type, the sizes and the number of entries: headers/xdp_stats_kern_user.h'
	[ "$(pins)" = "$PIN" ] || unsolved "$PIN and no other pin when the script has ended" \
		"$(pins)" 'the old map: nothing but its pin holds it'
}

# Asks for the path until its input ends, then says what it found.
open_all_the_time() {
	python3 tests/open_pin.py "$PIN" <"$WORK/stop" >"$WORK/opened" &
	opener=$!
	exec 8>"$WORK/stop"
}

begin "$1"
export PIN=$BPFFS/$DEV/xdp_stats_map
mkdir "$BPFFS/$DEV"
bpftool map create "$PIN" type percpu_array key 4 value 16 entries 5 name xdp_stats_map
make_ready
mkfifo "$WORK/stop"
id=$(map_id "$PIN")
replace_once
must_be_whole
open_all_the_time
for ((i = 0; i < TIMES; i++)); do replace_once 8>&-; done
exec 8>&-
wait "$opener"

read -r opens failures _ <"$WORK/opened"
[ "$failures" = 0 ] || unsolved "a map at $PIN whenever it is opened, while the script runs $TIMES times" \
	"$failures of $opens attempts to open it failed: No such file or directory" \
	'the order: a pin that is removed first is missing until the next one is there. Which call puts one name in the place of another at once?'
