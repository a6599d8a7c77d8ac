# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Cases that this machine does not have, by means of bpf_calls.c: more possible CPUs, and
# a map that is replaced between two calls of the answer.

readonly POSSIBLE=/sys/devices/system/cpu/possible

# The shared object that is preloaded into the answer.
make_calls() {
	"${CC:-cc}" -D_GNU_SOURCE -O2 -shared -fPIC -Iheaders -isystem libbpf/root/usr/include \
		-o "$WORK/bpf_calls.so" exercises/checks/bpf_calls.c -ldl
}

real_cpus() {
	bpftool -j map dump pinned "$BPFFS/$DEV/xdp_stats_map" | jq '.[0].values | length'
}

# Until real_machine(), tools of the check would read the list, too.
other_machine() { # other_machine CPUS LIST: sets command
	local real
	real=$(real_cpus)
	printf '%s\n' "$2" >"$WORK/possible"
	mount --bind "$WORK/possible" "$POSSIBLE"
	own_command=("${command[@]}")
	command=(env "LD_PRELOAD=$WORK/bpf_calls.so" "EXERCISE_CPUS=$1" "EXERCISE_REAL_CPUS=$real" "${command[@]}")
}

real_machine() {
	umount "$POSSIBLE"
	command=("${own_command[@]}")
}

# Can bpftool be made to see the other machine? Not if it is linked statically.
has_other_machine() {
	local seen command=(bpftool -j map dump pinned "$BPFFS/$DEV/xdp_stats_map")
	other_machine 3 0-2
	seen=$("${command[@]}" | jq '.[0].values | length')
	real_machine
	[ "$seen" = 3 ]
}

# The totals are the same on a machine with other CPUs.
must_suit_machine() { # must_suit_machine CPUS LIST script|program [ARGUMENTS]
	local expected machine seen
	expected=$(totals)
	machine="on a machine with $1 possible CPUs ($POSSIBLE has $2), $(nproc --all) online"
	other_machine "$1" "$2"
	status=0
	run "${@:3}"
	real_machine
	if [ "$status" = 0 ] && [ "$(plain <"$WORK/stdout")" = "$(plain <<<"$expected")" ]; then
		return 0
	fi
	[ "$status" = 0 ] || seen="$(ending)
"
	unsolved "$machine:
$expected" "${seen:-}$(head -n 12 "$WORK/stdout" | grep . || echo 'nothing on stdout')" \
		"how many records there is room for, and how many are added up. The kernel writes one for
each possible CPU, whatever the size of the buffer: not a fixed number, nor one for each CPU
that is online. (The check simulates this machine.)"
}
