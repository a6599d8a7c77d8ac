# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# For programs that read packets: frames of exercises/frames.py, what they were counted
# under, and what the program returned. All kinds are sent before one is reported, because
# a mistake shows best in one of them: see diagnose() in the checks.

declare -A count_of size_of # by kind: how many were sent, and the size of one
declare -A seen_of          # what was added in xdp_stats_map: lines "ACTION PACKETS BYTES"

# One sender for the whole check: starting Python takes longer than sending.
start_sender() {
	mkfifo "$WORK/kinds" "$WORK/sizes"
	inside python3 exercises/frames.py - <"$WORK/kinds" >"$WORK/sizes" &
	exec 6>"$WORK/kinds" 7<"$WORK/sizes"
	mkdir "$WORK/frames"
	python3 exercises/frames.py --write "$WORK/frames"
	python3 exercises/frames.py >"$WORK/frames.txt"
	last=$(totals)
}

describe() { # describe KIND
	sed -n "s/^$1 .* bytes  //p" "$WORK/frames.txt"
}

# The difference between two totals, in lines "ACTION PACKETS BYTES".
added() { # added BEFORE AFTER
	local action packets bytes old_packets old_bytes
	while read -r action old_packets old_bytes && read -r _ packets bytes <&3; do
		[ "$packets $bytes" = "$old_packets $old_bytes" ] ||
			printf '%s %d %d\n' "$action" $((packets - old_packets)) $((bytes - old_bytes))
	done <<<"$1" 3<<<"$2"
}

# Sends a random number of frames and waits until the program has had them.
send_kind() { # send_kind KIND: sets count_of, size_of, seen_of
	local now
	count_of[$1]=$(random 1 40)
	printf '%s %d\n' "$1" "${count_of[$1]}" >&6
	read -r "size_of[$1]" <&7 || exit 1 # fails when the sender has ended
	now=$(totals)
	seen_of[$1]=$(added "$last" "$now")
	last=$now
}

sent() { # sent KIND: how to call these frames
	printf '%d frames of %d bytes (%s)' "${count_of[$1]}" "${size_of[$1]}" "$(describe "$1")"
}

full_count() { # full_count KIND ACTION: what must have been added
	printf '%s %d %d' "$2" "${count_of[$1]}" $((count_of[$1] * size_of[$1]))
}

# Each frame is counted once. Under which action is not looked at here.
must_count_all() {
	local kind action packets bytes
	for kind in "${!seen_of[@]}"; do
		[ -n "${seen_of[$kind]}" ] || unsolved "$(sent "$kind") counted under an action" \
			'no packet counted' 'xdp_stats_record_action(), which counts a packet under an action
and returns it: every path through the program must end with it'
		read -r action packets bytes <<<"${seen_of[$kind]}"
		[ "$(wc -l <<<"${seen_of[$kind]}") $packets" = "1 ${count_of[$kind]}" ] ||
			unsolved "$(sent "$kind") counted once each" "${seen_of[$kind]}" \
				'how often a packet is counted: one call of xdp_stats_record_action() on each path'
		[ "$bytes" = $((packets * size_of[$kind])) ] || unsolved \
			"$(sent "$kind"): $(full_count "$kind" "$action")" "${seen_of[$kind]}" \
			'the bytes: those of the whole frame, data_end - data'
	done
}

# What becomes of a packet is what the program returns, whatever it counts.
must_return_what_it_counts() {
	local kind action
	for kind in "${!seen_of[@]}"; do
		action=$(returned "$WORK/frames/$kind")
		# empty: this kernel cannot run it on such a frame
		[ "${action:-${seen_of[$kind]%% *}}" = "${seen_of[$kind]%% *}" ] || unsolved \
			"$(sent "$kind"): the action that is counted is also returned" \
			"counted under ${seen_of[$kind]%% *}, but the program returned $action" \
			"the return statement. This counts an action and returns the same one:
return xdp_stats_record_action(ctx, ACTION);"
	done
	last=$(totals) # a program that is run so counts, too
}
