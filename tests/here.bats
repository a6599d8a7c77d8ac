#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Where BPF cannot be used: why, and the virtual machine in its place.

load helper

setup() {
	need_kernel
}

teardown() {
	remove_all
}

# The checkout may be in a directory that only root can enter.
copy_programs() {
	COPY="$BATS_TEST_TMPDIR/parent with blanks/copy"
	mkdir -p "$COPY"
	chmod 0711 "$(dirname "$COPY")" # a user can pass through it, but not read it
	tar -C "$TOP" -c --exclude=./build --exclude=.git . | tar -x -C "$COPY"
	chown -R 65534:65534 "$COPY"
	chmod a+rx "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$BATS_RUN_TMPDIR"
	cd "$COPY"
}

need_machine() {
	[ -e "$TOP/build/vm/kernel/vmlinuz" ] || skip "no kernel: see build/tests/lab-kernel.log"
}

as_user() { # as_user COMMAND...: without any privilege
	setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent "$@"
}

@test "root with all capabilities: nothing is said" {
	accepts "$TOP/testenv/here.sh"
	assert_equal "$output$stderr" ""
}

@test "a user, root without capabilities, a user namespace: each is named" {
	copy_programs
	run --separate-stderr as_user testenv/here.sh
	[ "$status" = 1 ]
	assert_contains "$stderr" "this process lacks CAP_NET_ADMIN CAP_SYS_ADMIN CAP_PERFMON CAP_BPF"
	assert_contains "$stderr" "try the same with sudo"
	[[ $stderr != *container* ]]
	run --separate-stderr setpriv --bounding-set=-bpf,-perfmon,-net_admin,-sys_admin "$TOP/testenv/here.sh"
	[ "$status" = 1 ]
	assert_contains "$stderr" "this process lacks CAP_NET_ADMIN CAP_SYS_ADMIN CAP_PERFMON CAP_BPF"
	[[ $stderr != *sudo* ]]
	run --separate-stderr unshare --user --map-root-user "$TOP/testenv/here.sh"
	[ "$status" = 1 ]
	assert_contains "$stderr" "this is a user namespace"
}

@test "what only the lab needs is tried, too" {
	run --separate-stderr setpriv --bounding-set=-net_admin "$TOP/testenv/here.sh"
	[ "$status" = 1 ]
	assert_contains "$stderr" "this process lacks CAP_NET_ADMIN"
	[[ $stderr != *xdp_loader* ]]
	run --separate-stderr unshare --mount sh -c "mount -o remount,ro /run && '$TOP/testenv/here.sh'"
	[ "$status" = 1 ]
	assert_contains "$stderr" "/run cannot be written to"
}

@test "before make, and with a file that cannot be read: unknown" {
	copy_programs
	chmod 0 xdp_prog_kern.o
	run --separate-stderr as_user testenv/here.sh
	[ "$status" = 2 ]
	assert_contains "$stderr" "xdp_prog_kern.o cannot be read"
	rm xdp_loader
	run --separate-stderr testenv/here.sh
	[ "$status" = 2 ]
	assert_contains "$stderr" "the programs are not built"
}

@test "vm.sh: --help, an unknown option" {
	accepts "$TOP/testenv/vm.sh" --help
	assert_contains "$output" "vm.sh [COMMAND"
	assert_contains "$output" "kvm or tcg."
	[[ $output != *"set -eu"* ]]
	rejects 125 "unknown option '--hlep'" "$TOP/testenv/vm.sh" --hlep
}

# child_of PID NAME: the process below it whose name begins so; a bare system has no pgrep
child_of() {
	local child
	for child in $(cat "/proc/$1/task/$1/children"); do
		[[ $(cat "/proc/$child/comm" 2>/dev/null) != "$2"* ]] || { echo "$child" && return 0; }
	done
	return 1
}

@test "vm.sh ends its machine when it is ended" {
	need_machine
	ACCEL=tcg "$TOP/testenv/vm.sh" true 3>&- &
	local script=$! machine='' status=0
	for _ in {1..300}; do
		machine=$(child_of $script qemu-system) && break
		sleep 0.1
	done
	[ -n "$machine" ]
	kill $script
	wait $script || status=$?
	assert_equal $status 143
	for _ in {1..50}; do
		[ -e /proc/$machine ] || return 0
		sleep 0.1
	done
	false
}

@test "vm.sh in a terminal: the size of the terminal, the status" {
	need_machine
	run script --quiet --return --command \
		"stty rows 33 cols 111; ACCEL=tcg '$TOP/testenv/vm.sh' bash -c 'stty size; exit 5'" /dev/null </dev/null
	assert_equal "$status" 5
	assert_contains "$output" "33 111"
	assert_contains "$output" "starting the machine"
}

@test "vm.sh, as a user: the command is root there, its output and status come back" {
	need_machine
	local namespace=() kernel=$TOP/build/vm/kernel script='id -u; echo to stderr >&2; touch made
		ip link add veth0 type veth peer name veth1 && ./xdp_loader --dev veth0 --quiet &&
		./xdp_stats --dev veth0 --once | tail -n 1; echo lost >/etc/lost; exit 7'
	copy_programs
	# the user needs the kernel, too
	as_user test -r "$TOP/build/vm/kernel/vmlinuz" || cp -a "$TOP/build/vm/kernel" "$COPY/kernel"
	[ ! -d "$COPY/kernel" ] || kernel=$COPY/kernel
	# there, the files of root belong to nobody
	! as_user unshare --user --map-root-user true || namespace=(unshare --user --map-root-user)
	run --separate-stderr as_user "${namespace[@]}" env ACCEL=tcg KERNEL="$kernel" testenv/vm.sh bash -c "$script" < <(echo)
	assert_equal "$status" 7 || { echo "$stderr" && return 1; }
	assert_equal "${lines[0]}" 0
	assert_contains "$output" XDP_REDIRECT
	assert_contains "$stderr" "to stderr"
	assert_contains "$stderr" "stdin is not passed"
	assert_equal "$(stat -c %u made)" 65534
	[ ! -e /etc/lost ]
}
