# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# For answers that print the five totals: are they right, and if not, what are they?

# The counters of one CPU, in the form of the answer.
of_cpu() { # of_cpu CPU
	local key packets bytes
	while read -r key packets bytes; do
		printf '%s %d %d\n' "${ACTIONS[key]}" "$packets" "$bytes"
	done < <(python3 exercises/checks/records.py "$BPFFS/$DEV/xdp_stats_map" "$1")
}

# One form for the same text: sorted lines, single blanks.
plain() {
	awk 'NF { $1 = $1; print }' | sort
}

numbers() { # all numbers of a text, sorted
	grep -oE '[0-9]+' | sort -n || true
}

columns() { # columns FIELD...: of the expected totals, as plain text
	awk -v fields="$*" '{ n = split(fields, f, " "); line = ""
		for (i = 1; i <= n; i++) line = line " " $f[i]; print line }' | plain
}

has_all() { # has_all TEXT NUMBERS: is each number somewhere in the text?
	[ -z "$(comm -13 <(numbers <<<"$1" | sort -u) <(sort -u <<<"$2"))" ]
}

# What totals that are not the expected ones may be.
look_at_totals() { # look_at_totals EXPECTED SEEN
	local cpu packets
	packets=$(awk '{ print $2 }' <<<"$1")
	for cpu in 0 $(($(nproc --all) - 1)); do
		[ "$(plain <<<"$2")" != "$(of_cpu "$cpu" | plain)" ] || {
			echo "the other CPUs: these are the counters of CPU $cpu alone. A look-up in a
per-CPU map gives one record for each possible CPU: add them up"
			return 0
		}
	done
	if [ "$(plain <<<"$2")" = "$(columns 1 3 2 <<<"$1")" ]; then
		echo 'the order in struct datarec: packets come first, then bytes'
	elif [ "$(columns 2 3 <<<"$1")/$(columns 1 <<<"$1")" = "$(columns 2 3 <<<"$2")/$(columns 1 <<<"$2")" ]; then
		echo 'the names: key 0 is XDP_ABORTED, then XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT'
	elif has_all "$2" "$(numbers <<<"$1")"; then
		echo 'the form: the numbers are right; one line an action, "XDP_PASS PACKETS BYTES", and nothing else'
	elif has_all "$2" "$packets"; then
		echo 'the bytes: the packets are right; each line has packets and bytes'
	else
		echo "the path $BPFFS/$DEV/xdp_stats_map, and which record belongs to which CPU and key: \
key 0 is XDP_ABORTED; each key has a record for each possible CPU, to be added up"
	fi
}

# Compares what the answer has printed.
must_be_totals() { # must_be_totals EXPECTED
	local seen
	seen=$(head -n 12 "$WORK/stdout")
	[ "$(plain <"$WORK/stdout")" = "$(plain <<<"$1")" ] && return 0
	[ -n "$seen" ] || unsolved "$1" 'nothing on stdout' \
		'where the lines are printed: stdout, one line for each of the five actions'
	unsolved "$1" "$seen" "$(look_at_totals "$1" "$seen")"
}
