#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The toolkit in half a minute. Each command is shown before it runs, so that it
# can be repeated by hand. However it ends, it takes everything away again.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly LAB=xdpdemo
readonly T="testenv/testenv.sh --name $LAB"
reader=

title() {
	printf '\n--- %s\n' "$1"
}

run() {
	printf '$ %s\n' "$*"
	"$@"
}

# The reader goes on in the background, as it would in a terminal of its own.
start_reader() {
	printf '$ %s &\n' "$*"
	"$@" &
	reader=$!
}

clean_up() {
	trap - EXIT INT TERM
	[ -z "$reader" ] || kill "$reader" 2>/dev/null || true
	[ ! -e /run/xdp-testenv/$LAB ] || $T teardown
}

if [ "$(id -u)" != 0 ]; then
	echo 'demo: loading XDP programs takes root' >&2
	echo 'hint: sudo make demo' >&2
	exit 1
fi
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title 'A lab: a veth pair, one end of it in a network namespace'
if [ -e /run/xdp-testenv/$LAB ]; then run $T reset; else run $T setup; fi

title 'Attach a program that passes every packet, and pin its map'
run ./xdp_loader --dev $LAB

title 'Read that map from another process while packets arrive'
start_reader ./xdp_stats --dev $LAB --interval 2 --count 3
run $T ping -c 10 -i 0.2 -q
run $T flood --count 1000000
wait "$reader"

title 'Replace it by a program that drops: no packet passes in between'
run ./xdp_loader --dev $LAB --force --progname xdp_drop_func
start_reader ./xdp_stats --dev $LAB --interval 2 --count 3
run $T flood --count 2000000
wait "$reader"
reader=

title 'Detach it, and the pins are gone, too'
run ./xdp_loader --dev $LAB --unload
run ls /sys/fs/bpf/$LAB || true

title 'Remove the lab'
run $T teardown
