#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Count what is sent back: the number printed is what the map has. The lab sends a few
# frames more than the script asks for, so that the script has to read the map.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

must_be_attached() {
	[ -e "$BPFFS/$DEV/xdp_stats_map" ] || unsolved "a program attached to $DEV, its map pinned" \
		"nothing is pinned in $BPFFS/$DEV when the script has ended" \
		"./xdp_loader --dev \"\$DEV\", and leave the program attached"
}

must_have_counted() {
	local counted extra=0 look
	extra=$(add_up <"$WORK/extra")
	counted=$(packets XDP_TX)
	[ "$counted" != $((COUNT + extra)) ] || return 0
	look="how many frames are sent: flood --count \"\$COUNT\""
	[ "$counted" != 0 ] ||
		look='which program sends a packet back: xdp_prog_kern.c has one for each action, --progname chooses'
	unsolved "under XDP_TX: COUNT=$COUNT packets, and $extra of the other sender" "$(totals)" "$look"
}

must_have_printed() {
	local counted look seen
	counted=$(packets XDP_TX)
	seen=$(cat "$WORK/stdout")
	[ "$seen" != "$counted" ] || return 0
	look='xdp_stats --once --json and jq for the number; >&2 for all other output'
	[ "$seen" != "$COUNT" ] ||
		look="where the number comes from: this is COUNT, but the map has also what another sender sent"
	unsolved "one line on stdout: $counted" "$(head -n 8 <<<"${seen:-nothing on stdout}")" "$look"
}

begin "$1"
COUNT=$(random 1000 60000)
export COUNT
make_ready
make_lab
add_sender
run script
must_succeed
must_be_attached
must_have_counted
must_have_printed
solved "the map counted $(packets XDP_TX) packets under XDP_TX, and you read that number from it"
