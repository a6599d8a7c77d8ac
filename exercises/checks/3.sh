#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Pin by hand: xdp_stats reads the map of the attached program, xdp_loader can remove all.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

attached() {
	ip -d link show dev $DEV | grep -o 'prog/xdp id [0-9]*' || true
}

must_be_readable() {
	local said
	said=$("$WORK/xdp_stats" --dev $DEV --once 2>&1) || unsolved \
		"xdp_stats --dev $DEV finds and reads the map" "$said" \
		'bpftool prog load OBJECT PATH pinmaps DIRECTORY, and which directory xdp_stats reads'
}

must_count() {
	local before after count
	before=$(totals | add_up)
	count=$(random 100 9000)
	flood "$count" 60 2>"$WORK/flood" || unsolved "a native program on $DEV" \
		"$(head -n 1 "$WORK/flood")" 'xdpdrv, the word of ip for native mode'
	after=$(totals | add_up)
	[ $((after - before)) = "$count" ] || unsolved "$count packets more in the map, as many as were sent" \
		"$((after - before)) more in the pinned map
$("$WORK/xdp_loader" --dev $DEV --status)" \
		'which map the attached program uses: loading an object twice makes two maps'
}

must_be_whole() {
	local state
	state=$("$WORK/xdp_loader" --dev $DEV --status --json | jq -r '.interfaces[0].state')
	[ "$state" = ok ] || unsolved "xdp_loader --dev $DEV --status: ok" \
		"$("$WORK/xdp_loader" --dev $DEV --status)" \
		"whether the pinned map belongs to the attached program, and whether $BPFFS/$DEV has only maps"
}

must_come_apart() {
	local said rest
	said=$(loader --unload 2>&1) || unsolved "xdp_loader --dev $DEV --unload removes everything" "$said" \
		"what else is in $BPFFS/$DEV: only maps may be there"
	rest=$(find "$BPFFS" -mindepth 1 -not -name '*.debug')
	[ -z "$rest" ] || unsolved "nothing left in $BPFFS after xdp_loader --unload" "$rest" \
		'the pin of the program: an attached program is held by the interface and needs no pin'
}

begin "$1"
make_ready
make_lab
put_away xdp_loader
run script
must_succeed
[ -n "$(attached)" ] || unsolved "an XDP program attached to $DEV" 'none is attached' \
	'ip link set dev IFNAME xdpdrv pinned PATH'
must_be_readable
must_count
must_be_whole
must_come_apart
