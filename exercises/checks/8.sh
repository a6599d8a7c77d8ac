#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Follow a reload: each map counts under a different action, so a block that is old, or
# made of two maps, can be recognized. Then the map is replaced at each point of the reading.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/calls.sh
source exercises/checks/calls.sh
# shellcheck source=exercises/checks/between.sh
source exercises/checks/between.sh

readonly PIN=$BPFFS/$DEV/xdp_stats_map CALLS=$WORK/calls
readonly COUNTS=(XDP_PASS XDP_DROP XDP_TX XDP_REDIRECT)
readonly PROGRAMS=(xdp_pass_func xdp_drop_func xdp_tx_func xdp_redirect_func)
readonly SAME_MAP="how to distinguish two maps: by the map's id (bpf_obj_get_info_by_fd()), not by the pin"
readonly BLOCKS=20 # a right answer shows a change after one or two blocks

# The lines after STAGE reloads and before the next reload.
lines_of() { # lines_of STAGE
	awk -v stage="$1" '/^replaced/ { n++ } n + 0 == stage' "$WORK/stdout"
}

reloads_seen() {
	grep -c '^replaced' "$WORK/stdout" || true
}

last_block() {
	tail -n 5 "$WORK/stdout" | grep . || echo 'nothing on stdout'
}

blocks() {
	grep -c '^XDP_PASS ' "$WORK/stdout" || true
}

# How often the answer has slept: its own measure of time.
sleeps() {
	awk '/^voluntary_ctxt_switches/ { n = $2 } END { print n + 0 }' "/proc/$reader/status" 2>/dev/null ||
		echo 0
}

must_run() { # must_run WHEN
	kill -0 "$reader" 2>/dev/null || unsolved "it runs until it is stopped" "it ended $1; last:
$(last_block)" 'the loop, and what it does when nothing is pinned for a moment'
}

# Has the answer had its chance? It has if it printed BLOCKS blocks, or slept as often
# without printing any. Sets had_chance.
judge_chance() { # judge_chance TICK BLOCKS-BEFORE SLEEPS-BEFORE
	local printed=$(($(blocks) - $2))
	had_chance=no
	if [ "$printed" -ge "$BLOCKS" ] || [ "$1" -ge $((PATIENCE * 10)) ]; then
		had_chance=yes
	elif [ "$printed" = 0 ] && [ "$1" -ge 5 ] && [ $(($(sleeps) - $3)) -ge "$BLOCKS" ]; then
		had_chance=yes
	fi
}

must_show() { # must_show STAGE LINE WHEN LOOK-AT
	local tick had_chance=no blocks_before sleeps_before
	blocks_before=$(blocks) sleeps_before=$(sleeps)
	for ((tick = 0; ; tick++)); do
		! lines_of "$1" | grep -qxF "$2" || return 0
		must_run "$3"
		[ "$had_chance" = no ] || break
		judge_chance "$tick" "$blocks_before" "$sleeps_before"
		sleep 0.1
	done
	[ "$(reloads_seen)" -le "$1" ] || unsolved "$1 lines that begin with 'replaced' $3" \
		"$(reloads_seen): $(grep '^replaced' "$WORK/stdout" | tail -n 1)" "$SAME_MAP"
	unsolved "$2, within $BLOCKS blocks $3" "$(reloads_seen) lines that begin with 'replaced'; last:
$(last_block)" "$4"
}

must_be_pure() { # must_be_pure STAGE: every block shows only the map of that stage
	local stray
	stray=$(lines_of "$1" | awk -v action="${COUNTS[$1]}" '
		!/^(replaced|XDP_)/ || (/^XDP_/ && $1 != action && $2 + $3 != 0)' | head -n 3)
	[ -z "$stray" ] || unsolved \
		"after $1 reloads only zeros, except for ${COUNTS[$1]}, under which that map counts" \
		"$stray" 'where the line is printed: after the last block of the old map, before the first of the new one'
}

# The form of all blocks and, with what the maps have, their counters.
must_be_whole() { # must_be_whole [MAPS]
	local verdict
	verdict=$(python3 exercises/checks/judge_blocks.py "$WORK/stdout" "$@")
	[ -z "$verdict" ] || unsolved "$(jq -r .expected <<<"$verdict")" "$(jq -r .seen <<<"$verdict")" \
		"$(jq -r .look <<<"$verdict")"
}

count_under() { # count_under STAGE: sends frames, sets line to what must be shown then
	local count size
	count=$(random 100 9000) size=$(random 60 1500)
	flood "$count" "$size"
	line=$(totals | grep "^${COUNTS[$1]} ")
}

start_reader() {
	: >"$WORK/stdout" # here, because the shell below may be slow to open them
	: >"$WORK/stderr"
	"${command[@]}" "$DEV" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
	reader=$!
}

# Ten blocks take a second. A slow machine makes that longer, for the answer and for the
# ticks of this loop; nothing makes it shorter.
must_tick() {
	local before start tick took_ms
	start=${EPOCHREALTIME//[.,]/}
	before=$(blocks)
	for ((tick = 0; tick < 50; tick++)); do
		must_run 'after its first block'
		[ $(($(blocks) - before)) -lt 10 ] || break
		sleep 0.1
	done
	took_ms=$(((${EPOCHREALTIME//[.,]/} - start) / 1000))
	[ "$tick" = 50 ] || [ "$took_ms" -lt 600 ] || return 0
	unsolved 'about 10 blocks in a second' \
		"$(($(blocks) - before)) blocks in $took_ms ms" \
		'usleep(100000), and fflush(stdout) after each block'
}

follow_first_map() {
	count_under 0
	start_reader
	must_show 0 "$line" 'after it began' \
		'bpf_map_lookup_elem() and, as stdout is a file here, fflush(stdout)'
	must_tick
	count_under 0
	must_show 0 "$line" 'after more packets came' 'whether the map is read again for each block'
	# new pins of the same map
	load --force --reuse-maps
	count_under 0
	must_show 0 "$line" 'after a reload with --reuse-maps, which leaves the same map' \
		"$SAME_MAP"
}

follow_reload() { # follow_reload STAGE
	load --force --progname "${PROGRAMS[$1]}"
	count_under "$1"
	must_show "$1" "$line" "after reload $1, and a line that begins with 'replaced' before it" \
		'the descriptor: it stays with the old map for ever. Only the path leads to the new one'
	must_be_pure $(($1 - 1))
	must_be_pure "$1"
}

must_be_silent() { # must_be_silent LINES: no more than the block that was under way
	[ $(($(wc -l <"$WORK/stdout") - $1)) -le 5 ] || unsolved 'no block while nothing is pinned' \
		"$(last_block)" 'which map is read then: a descriptor that is still open belongs to the old one'
}

# While nothing is pinned there must be no block. One can be under way at first.
survive_gap() {
	local before sleeps_before tick
	load --unload
	before=$(wc -l <"$WORK/stdout")
	sleeps_before=$(sleeps)
	for ((tick = 0; tick < 20; tick++)); do
		[ $(($(sleeps) - sleeps_before)) -lt 8 ] || break
		sleep 0.1
	done
	must_run 'when the pin had gone'
	must_be_silent "$before"
}

end_reader() {
	kill "$reader"
	wait "$reader" 2>/dev/null || true
}

# The first block is right on a machine with more CPUs.
must_have_room() { # must_have_room CPUS LIST
	local expected tick
	expected=$(totals)
	other_machine "$1" "$2"
	{ # without the message of the shell about a crash
		start_reader
		for ((tick = 0; tick < PATIENCE * 10; tick++)); do
			[ "$(wc -l <"$WORK/stdout")" -lt 5 ] || break
			kill -0 "$reader" || break
			sleep 0.1
		done
		kill "$reader" || true
		wait "$reader" || true
	} 2>/dev/null
	real_machine
	[ "$(head -n 5 "$WORK/stdout" | sort)" = "$(sort <<<"$expected")" ] || unsolved \
		"on a machine with $1 possible CPUs ($POSSIBLE has $2):
$expected" "$(head -n 5 "$WORK/stdout" | grep . || echo 'nothing on stdout')" \
		'how many records there is room for, and how many are added up; make exercise N=7 says more'
}

begin "$1"
need_c
make_ready
need_wall
make_calls
make_lab
put_away xdp_stats
load
follow_first_map
follow_reload 1
follow_reload 2
survive_gap
follow_reload 3
must_run 'at the end'
must_be_whole
end_reader
fill_map
must_have_room 5000 0-4999
follow_between_calls
solved "three reloads, a pin that was gone, and $stage maps that came between two calls of bpf(2):
every block had the counters of one map, on its side of the line 'replaced'"
