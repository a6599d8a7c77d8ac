#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Follow a reload: each map in its turn counts under an action of its own, so that a
# block that is stale, or made of two maps, shows.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ACTIONS=(XDP_PASS XDP_DROP XDP_TX XDP_REDIRECT)
readonly PROGRAMS=(xdp_pass_func xdp_drop_func xdp_tx_func xdp_redirect_func)
readonly SAME_MAP="what tells two maps apart: the map's id (bpf_obj_get_info_by_fd()), not its pin"

# The lines that came after STAGE reloads and before the next.
lines_of() { # lines_of STAGE
	awk -v stage="$1" '/^replaced/ { n++ } n + 0 == stage' "$WORK/stdout"
}

reloads_seen() {
	grep -c '^replaced' "$WORK/stdout" || true
}

last_block() {
	tail -n 5 "$WORK/stdout" | grep . || echo 'nothing on stdout'
}

must_run() { # must_run WHEN
	kill -0 "$reader" 2>/dev/null || unsolved "it goes on until it is stopped" "it ended $1; last:
$(last_block)" 'the loop, and what it does when nothing is pinned for a moment'
}

# Wait for a line; 2 s are 20 blocks.
must_show() { # must_show STAGE LINE WHEN LOOK-AT
	local i
	for ((i = 0; i < 20; i++)); do
		! lines_of "$1" | grep -qxF "$2" || return 0
		sleep 0.1
	done
	must_run "$3"
	[ "$(reloads_seen)" -le "$1" ] || unsolved "$1 lines that begin with 'replaced' $3" \
		"$(reloads_seen): $(grep '^replaced' "$WORK/stdout" | tail -n 1)" "$SAME_MAP"
	unsolved "$2, within 2 s $3" "$(reloads_seen) lines that begin with 'replaced'; last:
$(last_block)" "$4"
}

must_be_pure() { # must_be_pure STAGE: every block is of the map of its time alone
	local stray
	stray=$(lines_of "$1" | awk -v action="${ACTIONS[$1]}" '
		!/^(replaced|XDP_)/ || (/^XDP_/ && $1 != action && $2 + $3 != 0)' | head -n 3)
	[ -z "$stray" ] || unsolved \
		"after $1 reloads, zeros but for ${ACTIONS[$1]}, under which that map's packets are" \
		"$stray" 'when replaced is said: before the first block of the new map, and after the last of the old one'
}

count_under() { # count_under STAGE: floods, and sets line to what is then to be shown
	local count size
	count=$(random 100 9000) size=$(random 60 1500)
	flood "$count" "$size"
	line=$(totals | grep "^${ACTIONS[$1]} ")
}

start_reader() {
	: >"$WORK/stderr"
	"${command[@]}" "$DEV" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null &
	reader=$!
}

must_tick() {
	local before after
	must_run 'after its first block'
	before=$(grep -c '^XDP_PASS ' "$WORK/stdout")
	sleep 1
	after=$(grep -c '^XDP_PASS ' "$WORK/stdout")
	[[ $((after - before)) =~ ^([4-9]|1[0-5])$ ]] || unsolved \
		'about 10 blocks in a second' "$((after - before))" 'usleep(100000), and fflush(stdout) after each block'
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

# While nothing is pinned there is nothing to show: the last block would be stale.
survive_gap() {
	local before
	load --unload
	sleep 0.3
	before=$(wc -l <"$WORK/stdout")
	sleep 0.5
	must_run 'when the pin had gone'
	[ "$(wc -l <"$WORK/stdout")" = "$before" ] || unsolved 'no block while nothing is pinned' \
		"$(last_block)" 'what is read then: a descriptor that is still open, of a map that nobody counts in'
}

begin "$1"
need_c
make_ready
need_wall
make_lab
put_away xdp_stats
load
follow_first_map
follow_reload 1
follow_reload 2
survive_gap
follow_reload 3
must_run 'at the end'
