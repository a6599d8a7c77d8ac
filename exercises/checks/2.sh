#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Read the map without xdp_stats: each action on each CPU has its own random counters.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The counters of one CPU, in the form of the answer.
of_cpu() { # of_cpu CPU
	bpftool -j map dump pinned "$BPFFS/$DEV/xdp_stats_map" | jq -r --argjson cpu "$1" '
		["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"] as $names |
		.[].formatted | .key as $key | .values[] | select(.cpu == $cpu).value |
		"\($names[$key]) \(.rx_packets) \(.rx_bytes)"'
}

begin "$1"
make_ready
make_lab
fill_map
put_away xdp_stats
run script
must_succeed

expected=$(totals)
seen=$(awk '{ $1 = $1; print }' "$WORK/stdout")
[ "$(sort <<<"$seen")" != "$(sort <<<"$expected")" ] || exit 0

look="the path $BPFFS/\$DEV/xdp_stats_map; the key is the number of the action, beginning with 0 for XDP_ABORTED"
[ -n "$seen" ] || seen='nothing on stdout'
for cpu in 0 $(($(nproc --all) - 1)); do
	[ "$seen" != "$(of_cpu "$cpu")" ] || look="the other CPUs: these are the counters of \
CPU $cpu alone. A look-up in a per-CPU map gives one record for each possible CPU: add them up"
done
unsolved "$expected" "$(head -n 12 <<<"$seen")" "$look"
