#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Pin by hand: xdp_stats reads the map of the attached program, xdp_loader can remove all.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A field of what ip says about the attached program.
attached() { # attached .FIELD
	ip -d -j link show dev $DEV | jq -r ".[0].xdp$1 // empty"
}

must_be_attached() {
	local name
	[ -n "$(attached '')" ] || unsolved "an XDP program attached to $DEV" 'none is attached' \
		'ip link set dev IFNAME xdpdrv pinned PATH'
	[ "$(attached .mode)" = 1 ] || unsolved "a program in native mode on $DEV" \
		'one in skb mode' \
		'xdpdrv, the word of ip for native mode; xdpgeneric is skb mode'
	name=$(bpftool -j prog show id "$(attached .prog.id)" | jq -r .name)
	[ "$name" = xdp_pass_func ] || unsolved "xdp_pass_func attached to $DEV" "$name" \
		'which of the programs in the object is pinned at the path that ip gets:
bpftool prog show pinned PATH. prog load pins the first one, prog loadall each under its name'
}

must_be_readable() {
	local said
	said=$("$WORK/xdp_stats" --dev $DEV --once 2>&1) || unsolved \
		"xdp_stats --dev $DEV finds and reads the map" "$said" \
		'bpftool prog load OBJECT PATH pinmaps DIRECTORY, and which directory xdp_stats reads'
}

must_count() {
	local before after count
	before=$(packets XDP_PASS)
	count=$(random 100 9000)
	flood "$count" 60 || exit 1
	after=$(packets XDP_PASS)
	[ $((after - before)) = "$count" ] || unsolved \
		"$count packets more in the map under XDP_PASS, as many as were sent" \
		"$((after - before)) packets more in the pinned map
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
must_be_attached
must_be_readable
must_count
must_be_whole
must_come_apart
solved 'xdp_stats read the map that xdp_pass_func counts in, --status found no problem,
and after --unload nothing was left: an interface is all that an attached program needs'
