#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Replace a pin without a gap: a new map each time, and a map at every moment.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly TIMES=5

pins() {
	find "$BPFFS" -type f -not -name '*.debug'
}

replace_once() {
	local before=$id
	run script
	must_succeed
	id=$(map_id "$PIN")
	[ -n "$id" ] || unsolved "a map pinned at $PIN" "$(pins | grep . || echo 'no pin at all')" \
		'what rename(2) does, and mv -T'
	[ "$id" != "$before" ] || unsolved "another map than map $before pinned at $PIN" \
		"map $before, the same as before" 'bpftool map create, which makes and pins a new map'
}

shape() { # shape PIN
	bpftool -j map show pinned "$1" | jq -r \
		'"\(.type), key \(.bytes_key), value \(.bytes_value) bytes, \(.max_entries) entries"'
}

must_be_whole() {
	[ "$(shape "$PIN")" = "$first_shape" ] || unsolved "a map of the same shape: $first_shape" \
		"$(shape "$PIN")" \
		'type, key, value and entries of bpftool map create: headers/xdp_stats_kern_user.h'
	[ "$(pins)" = "$PIN" ] || unsolved "$PIN and no other pin when the script has ended" \
		"$(pins)" 'what the script has pinned elsewhere: a pin that is not removed keeps its map'
}

# Opens the path again and again until its input ends, then prints its counters.
watch_pin() {
	mkfifo "$WORK/stop"
	python3 exercises/checks/watch_pin.py "$PIN" <"$WORK/stop" >"$WORK/watched" &
	watcher=$!
	exec 8>"$WORK/stop"
	until [ -s "$WORK/watched" ]; do
		kill -0 "$watcher" || exit 1
		sleep 0.02
	done
}

must_have_no_gap() {
	local looks misses removals
	read -r looks misses removals < <(tail -n 1 "$WORK/watched")
	[ "$misses $removals" = '0 0' ] || unsolved \
		"something pinned at $PIN at every moment, while the script runs $TIMES times" \
		"removed or renamed $removals times; $misses of $looks attempts to open it failed: No such file or directory" \
		'the order: when a pin is removed or renamed, none is there until the next one is made.
Which call replaces one name by another in one step?'
}

begin "$1"
make_ready
export PIN=$BPFFS/$DEV/xdp_stats_map
mkdir "$BPFFS/$DEV"
bpftool map create "$PIN" type percpu_array key 4 value 16 entries 5 name xdp_stats_map
id=$(map_id "$PIN")
first_shape=$(shape "$PIN")
replace_once
must_be_whole
watch_pin
for ((i = 0; i < TIMES; i++)); do replace_once 8>&-; done
exec 8>&-
wait "$watcher"
must_have_no_gap
solved "the pin was replaced $TIMES times, and at every moment one of the two maps was there"
