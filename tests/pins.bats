#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The BPF file system and pins that are not as they should be.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

@test "bpffs missing: the loader mounts it and says so" {
	umount "$BPFFS"
	accepts loader --dev veth0
	assert_contains "$stderr" "mounted the BPF file system on $BPFFS"
	[ -e "$BPFFS/veth0/xdp_stats_map" ]
	assert_equal "$(stat -c %a "$BPFFS")" 1700
}

@test "bpffs missing: the reader says so, and how it may be hidden" {
	umount "$BPFFS"
	rejects 40 "cannot open $BPFFS/veth0/xdp_stats_map" stats --dev veth0
	assert_contains "$stderr" "nsenter --net"
	assert_contains "$stderr" "xdp_loader --dev IFNAME mounts one"
}

@test "nothing pinned: the path, and what to do" {
	rejects 40 "nothing is pinned there" stats --dev veth0
	assert_contains "$stderr" "$BPFFS/veth0/xdp_stats_map"
	assert_contains "$stderr" "xdp_loader --dev veth0"
}

refuses_dir() { # refuses_dir TEXT: load and unload alike, with nothing attached
	rejects 40 "$1" loader --dev veth0
	assert_equal "$(attached veth0)" none
	rejects 40 "$1" loader --dev veth0 --unload
}

@test "a pin directory of another user, open to others, a symlink, a file" {
	mkdir "$BPFFS/veth0"
	chown 65534 "$BPFFS/veth0"
	refuses_dir "belongs to another user"
	chown 0 "$BPFFS/veth0"
	chmod 777 "$BPFFS/veth0"
	refuses_dir "others may write to it"
	rmdir "$BPFFS/veth0"
	mkdir "$BPFFS/elsewhere"
	ln -s elsewhere "$BPFFS/veth0"
	refuses_dir "no real directory"
	rm "$BPFFS/veth0"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/veth0" type xdp
	refuses_dir "no real directory"
	[ -e "$BPFFS/veth0" ]
}

@test "a pin directory with something else in it: named and left alone" {
	mkdir "$BPFFS/veth0"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/veth0/a_program" type xdp
	refuses_dir "something that is not a pinned map"
	assert_contains "$stderr" "'a_program'"
	[ -e "$BPFFS/veth0/a_program" ]
	rm "$BPFFS/veth0/a_program"
	mkdir "$BPFFS/veth0/a_directory"
	refuses_dir "something that is not a pinned map"
	assert_contains "$stderr" "'a_directory'"
}

@test "an interface called tc, beside the directory of a tool" {
	mkdir -p "$BPFFS/tc/globals"
	ip link set dev veth0 name tc
	rejects 40 "'globals'" loader --dev tc
	[ -d "$BPFFS/tc/globals" ]
}

@test "an attached program keeps its own while its pins cannot be removed" {
	accepts loader --dev veth0
	mkdir "$BPFFS/veth0/a_directory"
	local before
	before=$(attached veth0)
	rejects 40 "'a_directory'" loader --dev veth0 --unload
	rejects 40 "'a_directory'" loader --dev veth0 --force
	assert_equal "$(attached veth0)" "$before"
	[ -e "$BPFFS/veth0/xdp_stats_map" ]
}

@test "the reader: a program, another shape, a directory under the map's name" {
	mkdir "$BPFFS/veth0"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/veth0/xdp_stats_map" type xdp
	rejects 40 "not a map, but a program, a link or a directory" stats --dev veth0
	rm "$BPFFS/veth0/xdp_stats_map"
	bpftool map create "$BPFFS/veth0/xdp_stats_map" type percpu_array key 4 value 24 entries 5 name x
	rejects 40 "value_size: pinned 24, expected 16" stats --dev veth0
	rm "$BPFFS/veth0/xdp_stats_map"
	bpftool map create "$BPFFS/veth0/xdp_stats_map" type percpu_array key 4 value 16 entries 4 name x
	rejects 40 "max_entries: pinned 4, expected 5" stats --dev veth0
	rm "$BPFFS/veth0/xdp_stats_map"
	bpftool map create "$BPFFS/veth0/xdp_stats_map" type hash key 4 value 16 entries 5 name x
	rejects 40 "type: pinned 1, expected 6" stats --dev veth0
	rm "$BPFFS/veth0/xdp_stats_map"
	mkdir "$BPFFS/veth0/xdp_stats_map"
	rejects 40 "not a map, but a program, a link or a directory" stats --dev veth0
}

@test "no root: what is missing is named" {
	local user="setpriv --reuid 65534 --regid 65534 --clear-groups"
	local bin=/run/bin # where everybody can go
	mkdir "$bin"
	cp "$TOP/xdp_loader" "$TOP/xdp_stats" "$TOP/xdp_prog_kern.o" "$bin"
	rejects 40 "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN" $user "$bin/xdp_loader" --dev veth0
	accepts loader --dev veth0
	rejects 40 "Permission denied" $user "$bin/xdp_stats" --dev veth0
	chmod 700 "$BPFFS"
	rejects 40 "Permission denied" $user "$bin/xdp_loader" --dev veth0
}

@test "CAP_BPF and CAP_NET_ADMIN suffice where no packet pointer is subtracted" {
	chmod 1777 "$BPFFS"
	run --separate-stderr setpriv --bounding-set -all,+bpf,+net_admin --inh-caps -all,+bpf,+net_admin \
		"$TOP/xdp_loader" --dev veth0 --progname xdp_pass_frags_func
	assert_equal "$stderr" ""
	assert_equal "$status" 0
	accepts loader --dev veth0 --unload
	rejects 40 "pointer" setpriv --bounding-set -all,+bpf,+net_admin --inh-caps -all,+bpf,+net_admin \
		"$TOP/xdp_loader" --dev veth0
	assert_contains "$stderr" CAP_PERFMON
}

@test "what cannot be cleared out of the state directory is named" {
	local state=$BPFFS/xdp_loader:state/veth0
	(umask 077 && mkdir -p "$state/77/x")
	rejects 40 "$state/77" loader --dev veth0
	assert_contains "$stderr" "something that is not a pinned map"
	rmdir "$state/77/x"
	accepts loader --dev veth0
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

@test "a mistyped interface mounts nothing" {
	umount "$BPFFS"
	rejects 2 "no interface" loader --dev nosuch0
	run mountpoint -q "$BPFFS"
	[ "$status" -ne 0 ]
}

# Another process holds the lock on an interface, in $holder.
hold_lock() { # hold_lock IFNAME
	(umask 077 && mkdir -p "$BPFFS/xdp_loader:state/$1")
	flock --no-fork "$BPFFS/xdp_loader:state/$1" sleep 600 3>&- &
	holder=$!
	until ! flock --nonblock "$BPFFS/xdp_loader:state/$1" true; do sleep 0.1; done
}

@test "a lock that another process holds: wait, say for whom, and no longer than --wait" {
	local holder waiting
	hold_lock veth0
	rejects 1 "cannot lock $BPFFS/xdp_loader:state for veth0" loader --dev veth0 --wait 0.2
	assert_contains "$stderr" "held the lock for 200 ms"
	assert_equal "$(attached veth0)" none
	"$TOP/xdp_loader" --dev veth0 2>"$BATS_TEST_TMPDIR/waiting" >/dev/null 3>&- &
	waiting=$!
	until grep -q "waiting for process $holder, which works on veth0" "$BATS_TEST_TMPDIR/waiting"; do
		sleep 0.1
	done
	# other interfaces do not wait
	ip link add dev other type veth peer name otherpeer
	accepts loader --dev other
	kill "$holder"
	wait "$holder" || true
	wait "$waiting"
	assert_equal "$(attached veth0 | cut -d' ' -f1)" native
	[ ! -e "$BPFFS/xdp_loader:state" ]
}
