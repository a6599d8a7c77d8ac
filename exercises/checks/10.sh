#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Find where the packets go: the script runs in labs in which packets get lost for another
# reason each. It names the reason and the number, and no more are lost afterwards.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly AFTER=100 # frames to see whether it is mended; fewer than a queue takes

losses() {
	"$WORK/xdp_loader" --losses"${1:-}" --quiet
}

# Lines "REASON PACKETS" of what was lost; "not counted" if nobody counts.
lost() {
	"$WORK/xdp_stats" --dev $DEV --once --json --quiet | jq -r '
		if .lost then .lost | to_entries[] | select(.value > 0) | "\(.key) \(.value)"
		else "not counted" end'
}

attached_id() {
	ip -d -j link show dev $DEV | jq '.[0].xdp.prog.id // 0'
}

received() { # what arrived at the other end
	inside ip -j -s link show dev veth0 | jq '.[0].stats64.rx.packets'
}

# Nobody takes the packets that come back.
break_lab() { # break_lab PROGRAM
	inside ip link set dev veth0 xdp off
	losses '=off'
	load --force --progname "$1"
	id=$(attached_id)
}

must_have_left_it() {
	[ "$(attached_id)" = "$id" ] || unsolved "program $id attached to $DEV, as before the script" \
		"$("$WORK/xdp_loader" --dev $DEV --status || true)" \
		'what is mended: not the program on DEV, which counts and returns the right action'
	[ "$(lost)" != 'not counted' ] || unsolved 'lost packets are counted when the script has ended' \
		'they are not' 'xdp_loader --losses, without =off at the end'
}

look_at() { # look_at REASON PACKETS: what was printed in place of them
	local said
	said=$(cat "$WORK/stdout")
	case $said in
	*' 0'$'\n'*) echo 'which reason: the one whose number is not 0' ;;
	'') echo 'stdout, where the line must be: xdp_stats --once --json has .lost' ;;
	"$1 $COUNT") echo 'how many were lost: not how many you sent, for there is another sender, too' ;;
	"$1 0") echo 'when the counting begins: xdp_loader --losses comes before the frames' ;;
	"$1" | "$1 "*) echo 'the number: all that were lost, read when flood has ended' ;;
	*"$1"*) echo 'the form: one line, the reason and the number, and nothing else' ;;
	*) echo "the reason: its name under .lost in the output of xdp_stats --once --json. It is another
one in each lab, so read it from there" ;;
	esac
}

# A few packets can be counted after flood has ended.
must_have_named() {
	local reason number said_reason said_number rest
	read -r reason number < <(lost) || unsolved "$COUNT frames sent, after xdp_loader --losses" \
		'no loss was counted' 'the order: first count losses, then send frames, then read, then mend'
	read -r said_reason said_number rest <"$WORK/stdout" || true
	if [[ "$said_reason ${rest:-}" == "$reason " && $said_number =~ ^[0-9]{1,9}$ ]] &&
		[ "$(wc -l <"$WORK/stdout")" = 1 ] && [ "$said_number" -le "$number" ] &&
		[ "$said_number" -ge $((number - 64)) ] && [ "$said_number" -gt 0 ]; then
		return 0
	fi
	unsolved "one line on stdout: $reason $number" \
		"$(head -n 8 "$WORK/stdout" | grep . || echo 'nothing on stdout')" "$(look_at "$reason" "$number")"
}

must_be_mended() {
	local action=$1 before counted arrived
	before=$(lost) counted=$(packets "$action") arrived=$(received)
	flood $AFTER 60
	[ "$(packets "$action")" = $((counted + AFTER)) ] || unsolved \
		"$AFTER packets more under $action" "$(totals)" 'the program on DEV: it stays as it was'
	[ "$(lost)" = "$before" ] || unsolved "no more packets lost after the script, of $AFTER that were sent" \
		"$("$WORK/xdp_stats" --dev $DEV --once --quiet | grep '^lost')" \
		'the other end of the veth: without --json, xdp_stats says what is missing there.
testenv/testenv.sh exec runs a command there, and the lesson shows which one'
	[ "$(received)" -ge $((arrived + AFTER)) ] || unsolved "$AFTER packets arrive at veth0" \
		"$(($(received) - arrived))" 'the other end of the veth, veth0'
}

try() { # try PROGRAM ACTION
	COUNT=$(random 600 5000)
	export COUNT
	break_lab "$1"
	run script
	must_have_left_it
	must_succeed
	must_have_named
	must_be_mended "$2"
	reasons+=", $(lost | cut -d ' ' -f 1)"
}

begin "$1"
make_ready
make_lab
add_sender
load
losses || exit 1 # a kernel that cannot count them is not the fault of the answer
reasons=
try xdp_redirect_func XDP_REDIRECT
try xdp_tx_func XDP_TX
solved "you found the reasons (${reasons#, }), and $AFTER packets more arrived each time"
