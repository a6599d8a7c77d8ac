#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A demonstration of the toolkit in half a minute. It prints each command before it
# runs it, so that the commands can be repeated by hand. It removes everything that it
# made, also when it is interrupted.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# sudo and plain su leave out the directory of ip
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

readonly LAB=xdpdemo
readonly T=(testenv/testenv.sh --name "$LAB")
readonly PINGS=10 FRAMES=1000000 SWAPPED=3000000
reader=
sender=

title() {
	printf '\n--- %s\n' "$1"
}

run() {
	printf '$ %s\n' "$*"
	"$@"
}

# xdp_stats runs beside the next commands, as in a second terminal.
start_reader() {
	printf '$ %s &\n' "$*"
	exec {reports}< <(exec "$@")
	reader=$!
}

# A process group of its own can be stopped with all its processes.
start_sender() { # start_sender FUNCTION
	set -m
	"$1" &
	sender=$!
	set +m
}

# Shows the reports until one is complete that began after the sender had ended: it
# counts all packets, however long they took.
show_reports() {
	local line last=no
	while IFS= read -r -u "$reports" line; do
		printf '%s\n' "$line"
		[[ $line == XDP_REDIRECT* ]] || continue
		[ "$last" = no ] || break
		kill -0 "$sender" 2>/dev/null || last=yes
	done
	stop "$reader"
	reader=
	exec {reports}<&-
	wait "$sender"
	sender=
}

stop() { # stop PID, or -PID for a process group
	kill -- "$1" 2>/dev/null || true
	wait "${1#-}" 2>/dev/null || true
}

counted() { # counted ACTION: packets
	./xdp_stats --dev $LAB --once --json --quiet |
		sed -n "s/.*\"$1\":{\"packets\":\([0-9]*\).*/\1/p"
}

# No packet may be missing. There can be a few more: where the ring of the receiver was
# full, the kernel at times reports a frame as dropped that has arrived.
compare() { # compare SENT
	local passed dropped
	passed=$(counted XDP_PASS)
	dropped=$(counted XDP_DROP)
	printf '\nsent: %d packets, counted: %d (%d passed, %d dropped)\n' "$1" \
		$((passed + dropped)) "$passed" "$dropped"
	[ $((passed + dropped)) -ge "$1" ]
}

# Both programs take turns as long as the sender runs.
swap_programs() {
	local -r load=(./xdp_loader --dev "$LAB" --force --reuse-maps --quiet --progname)
	local swaps=0
	printf '$ %s\n' "${load[*]} xdp_drop_func" "${load[*]} xdp_pass_func"
	echo '...'
	while kill -0 "$sender" 2>/dev/null; do
		"${load[@]}" xdp_drop_func
		"${load[@]}" xdp_pass_func
		swaps=$((swaps + 2))
	done
	wait "$sender"
	sender=
	printf 'swapped %d times\n' "$swaps"
}

send_pings_and_frames() {
	run "${T[@]}" ping -c $PINGS -i 0.2 -q
	run "${T[@]}" flood --count $FRAMES
}

send_frames() {
	run "${T[@]}" flood --count $SWAPPED
}

clean_up() {
	trap - EXIT INT TERM
	[ -z "$sender" ] || stop "-$sender"
	[ -z "$reader" ] || stop "$reader"
	[ ! -e /run/xdp-testenv/$LAB ] || "${T[@]}" teardown
}

if [ "$(id -u)" != 0 ]; then
	echo 'demo: only root can load XDP programs' >&2
	echo 'hint: sudo make demo' >&2
	echo 'hint: or, without root: testenv/vm.sh testenv/demo.sh' >&2
	exit 1
fi
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title 'Make a lab: a veth pair, one end of it in a network namespace'
if [ -e /run/xdp-testenv/$LAB ]; then run "${T[@]}" reset; else run "${T[@]}" setup; fi

title 'Attach a program that passes every packet, and pin its map'
run ./xdp_loader --dev $LAB

title 'Read that map in another process while packets arrive'
start_reader ./xdp_stats --dev $LAB --interval 1
start_sender send_pings_and_frames
show_reports
compare $((PINGS + FRAMES))

title 'Replace the program again and again while packets arrive; the map stays'
start_sender send_frames
swap_programs
run ./xdp_stats --dev $LAB --once --quiet
compare $((PINGS + FRAMES + SWAPPED))

title 'Detach the program; this also removes the pins'
run ./xdp_loader --dev $LAB --unload
run ls /sys/fs/bpf/$LAB || true

title 'Remove the lab'
run "${T[@]}" teardown
