# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# For exercise 8: the map is replaced, or its pin removed, between two calls of the answer,
# at each call of a reading. All maps differ in all counters, so a block tells its map.

# Another map, ready to be renamed to PIN; sets stage, and line to what must be shown then.
make_next_map() {
	stage=$((stage + 1))
	exercises/checks/make_map.sh "$PIN-new" $((stage + 1))00000000
	"$WORK/xdp_stats" --pin "$PIN-new" --once --json |
		jq -r '.actions | to_entries[] | "\(.key) \(.value.packets) \(.value.bytes)"' >"$WORK/next"
	sed "s/^/$stage /" "$WORK/next" >>"$WORK/maps"
	line=$(grep '^XDP_PASS' "$WORK/next")
}

# Waits until the answer stands before call POSITION of a reading. Fails if it does not get
# there, as after its last call.
hold_at() { # hold_at POSITION
	local tick had_chance=no blocks_before sleeps_before
	blocks_before=$(blocks) sleeps_before=$(sleeps)
	echo "$1" >"$CALLS/next"
	mv "$CALLS/next" "$CALLS/pause"
	for ((tick = 0; ; tick++)); do
		[ ! -e "$CALLS/paused" ] || return 0
		must_run 'while it read'
		[ "$had_chance" = no ] || break
		judge_chance "$tick" "$blocks_before" "$sleeps_before"
		sleep 0.02
	done
	! rm "$CALLS/pause" 2>/dev/null # or else it has got there just now
}

let_go() {
	rm "$CALLS/paused"
}

replace_at() { # replace_at POSITION
	make_next_map
	hold_at "$1" || { mv -T "$PIN-new" "$PIN" && return; }
	mv -T "$PIN-new" "$PIN"
	let_go
}

# Time for two rounds of the answer, by its own measure.
wait_for_sleeps() {
	local sleeps_before tick
	sleeps_before=$(sleeps)
	for ((tick = 0; tick < 20; tick++)); do
		[ $(($(sleeps) - sleeps_before)) -lt 2 ] || break
		sleep 0.05
	done
}

remove_at() { # remove_at POSITION: and put another map there when it has noticed
	local before
	make_next_map
	if hold_at "$1"; then
		before=$(wc -l <"$WORK/stdout")
		rm "$PIN"
		let_go
		wait_for_sleeps
		must_run "when the pin was removed between two of its calls"
		must_be_silent "$before"
	fi
	mv -T "$PIN-new" "$PIN"
}

# A pin that is gone for a moment, and is one of the same map again, is no replacement.
return_same_map() {
	mv "$PIN" "$BPFFS/aside"
	wait_for_sleeps
	must_run 'when the pin was gone for a moment'
	mv "$BPFFS/aside" "$PIN"
	wait_for_sleeps
	must_run 'when the pin of the same map was back'
	[ "$(reloads_seen)" = "$stage" ] || unsolved \
		"$stage lines that begin with 'replaced': the pin was gone for a moment, then it led to the same map" \
		"$(reloads_seen): $(grep '^replaced' "$WORK/stdout" | tail -n 1)" "$SAME_MAP"
}

# How many calls it makes from one reading to the next; 0 if they cannot be seen.
calls_of_a_reading() {
	local tick had_chance=no blocks_before sleeps_before
	blocks_before=$(blocks) sleeps_before=$(sleeps)
	for ((tick = 0; ; tick++)); do
		[ ! -s "$CALLS/length" ] || break
		[ "$had_chance" = no ] || break
		judge_chance "$tick" "$blocks_before" "$sleeps_before"
		sleep 0.1
	done
	cat "$CALLS/length" 2>/dev/null || echo 0
}

must_have_followed() {
	must_show "$stage" "$line" "after the map was replaced between two of its calls" \
		'what it does when the pin leads to another map, or to none, in the middle of a reading'
}

follow_between_calls() {
	local length position
	mkdir "$CALLS"
	stage=-1
	make_next_map
	mv -T "$PIN-new" "$PIN"
	command=(env "LD_PRELOAD=$WORK/bpf_calls.so" "EXERCISE_CALLS=$CALLS" "${command[@]}")
	start_reader
	must_show 0 "$line" 'after it began' 'whether it reads whatever map is pinned when it begins'
	length=$(calls_of_a_reading)
	for ((position = 0; position < length && position < 24; position++)); do
		replace_at $position
		must_have_followed
	done
	must_be_whole "$WORK/maps"
	for ((position = 0; position < length && position < 24; position++)); do
		remove_at $position
		must_have_followed
	done
	must_be_whole "$WORK/maps"
	return_same_map
	end_reader
}
