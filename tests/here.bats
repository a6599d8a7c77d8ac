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
	COPY=$BATS_TEST_TMPDIR/copy
	mkdir "$COPY"
	tar -C "$TOP" -c --exclude=./build --exclude=.git . | tar -x -C "$COPY"
	chown -R 65534:65534 "$COPY"
	chmod a+rx "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$BATS_RUN_TMPDIR"
	cd "$COPY"
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

@test "vm.sh, as a user: the command is root there, its output and status come back" {
	[ -e "$TOP/build/vm/kernel/vmlinuz" ] || skip "no kernel: see build/tests/lab-kernel.log"
	local kernel=$TOP/build/vm/kernel script='id -u; echo to stderr >&2; touch made
		ip link add veth0 type veth peer name veth1 && ./xdp_loader --dev veth0 --quiet &&
		./xdp_stats --dev veth0 --once | tail -n 1; echo lost >/etc/lost; exit 7'
	copy_programs
	# the user needs the kernel, too
	as_user test -r "$TOP/build/vm/kernel/vmlinuz" || cp -a "$TOP/build/vm/kernel" "$COPY/kernel"
	[ ! -d "$COPY/kernel" ] || kernel=$COPY/kernel
	run --separate-stderr as_user env ACCEL=tcg KERNEL="$kernel" testenv/vm.sh bash -c "$script"
	assert_equal "$status" 7 || { echo "$stderr" && return 1; }
	assert_equal "${lines[0]}" 0
	assert_contains "$output" XDP_REDIRECT
	assert_contains "$stderr" "to stderr"
	assert_equal "$(stat -c %u made)" 65534
	[ ! -e /etc/lost ]
}
