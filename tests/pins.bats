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

@test "bpffs missing: the reader says so, and why it may be hidden" {
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
	mkdir -p "$BPFFS/veth0/theirs"
	chown 65534 "$BPFFS/veth0"
	refuses_dir "belongs to user 65534"
	chown 0 "$BPFFS/veth0"
	rmdir "$BPFFS/veth0/theirs"
	chmod 777 "$BPFFS/veth0"
	refuses_dir "others may write to it"
	rmdir "$BPFFS/veth0"
	mkdir "$BPFFS/elsewhere"
	ln -s elsewhere "$BPFFS/veth0"
	refuses_dir "not a real directory"
	rm "$BPFFS/veth0"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/veth0" type xdp
	refuses_dir "not a real directory"
	[ -e "$BPFFS/veth0" ]
}

@test "a pin directory with something else in it: named and not changed" {
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

@test "a program and its pins stay while the pins cannot be removed" {
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
	rejects 40 "type: pinned hash, expected percpu_array" stats --dev veth0
	rm "$BPFFS/veth0/xdp_stats_map"
	mkdir "$BPFFS/veth0/xdp_stats_map"
	rejects 40 "not a map, but a program, a link or a directory" stats --dev veth0
}

@test "without root: missing capabilities are named" {
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

@test "CAP_BPF and CAP_NET_ADMIN are enough if no packet pointers are subtracted" {
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

@test "what cannot be removed from the state directory is named" {
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

@test "a lock of another process: wait, name the process, no longer than --wait" {
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

@test "an interface that is renamed while its program is loaded: undone and reported" {
	# the loader waits before it stages the pins, and the name changes meanwhile
	strace -qq -f -e trace=mkdirat -e inject=mkdirat:delay_enter=3000000:when=3 -o "$BATS_TEST_TMPDIR/trace" \
		"$TOP/xdp_loader" --dev veth0 2>"$BATS_TEST_TMPDIR/stderr" >/dev/null 3>&- &
	local loader=$!
	until [ -d "$BPFFS/xdp_loader:state/veth0" ]; do sleep 0.1; done
	sleep 0.5
	ip link set dev veth0 down
	ip link set dev veth0 name renamed0
	wait "$loader" || true
	assert_contains "$(cat "$BATS_TEST_TMPDIR/stderr")" "the interface has been renamed"
	assert_equal "$(attached renamed0)" none
	assert_equal "$(find "$BPFFS" -mindepth 1 -maxdepth 1 ! -name '*.debug')" ""
}

@test "names with control characters: shown escaped, in a form that can be typed" {
	local name=$'v\e[31m'
	ip link set dev veth0 down
	ip link set dev veth0 name "$name"
	accepts loader --dev "$name" --explain
	[[ $output$stderr != *$'\e'* ]] || { echo "an escape gets through" && return 1; }
	assert_contains "$output" 'attached to v\x1b[31m: id'
	rejects 30 'cannot attach to v\x1b[31m' loader --dev "$name"
	# the hint can be typed as it stands
	local command
	command=$(sed -n 's/.*remove it with: xdp_loader //p' <<<"$stderr")
	accepts bash -c "'$TOP/xdp_loader' $command"
	assert_equal "$(attached "$name")" none
	mkdir "$BPFFS/$name"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/$name"/$'x\nv0: ok' type xdp
	rejects 40 'x\x0av0: ok' loader --dev "$name"
	rejects 40 'a\x0ab.o: No such file' loader --dev "$name" --filename $'a\nb.o' --unload --force ||
		rejects 2 "" loader --dev "$name" --filename $'a\nb.o' --unload --force
}

@test "commands in hints are quoted for a shell" {
	ip link set dev veth0 down
	ip link set dev veth0 name '$(id)'
	accepts loader --dev '$(id)'
	rejects 30 "xdp_loader --dev '\$(id)' --unload=" loader --dev '$(id)'
	accepts loader --dev '$(id)' --unload
	ip link set dev '$(id)' name '--json'
	accepts loader --dev --json
	accepts loader --dev --json --unload
}

@test "--unload --force removes pinned maps and leaves other entries" {
	accepts loader --dev veth0
	mkdir "$BPFFS/veth0/a_directory"
	rejects 40 "--unload --force removes only the maps" loader --dev veth0 --unload
	accepts loader --dev veth0 --unload --force
	assert_contains "$output" "left $BPFFS/veth0/a_directory: it is not a pinned map"
	assert_equal "$(attached veth0)" none
	assert_equal "$(ls "$BPFFS/veth0")" a_directory
}

@test "a dangling symlink, and a file system mounted on the directory: found before the attach" {
	accepts loader --dev veth0
	local before
	before=$(attached veth0)
	ln -s /nonexistent "$BPFFS/veth0/dangling"
	rejects 40 "'dangling'" loader --dev veth0 --force
	assert_equal "$(attached veth0)" "$before"
	rm "$BPFFS/veth0/dangling"
	mount -t bpf bpf "$BPFFS/veth0"
	rejects 40 "another file system is mounted there" loader --dev veth0 --force
	assert_equal "$(attached veth0)" "$before"
	umount "$BPFFS/veth0"
	accepts loader --dev veth0 --force
}

@test "hundreds of alternative names, no descriptors, no /proc" {
	local i
	accepts loader --dev veth0
	for i in $(seq 400); do
		echo "link property add dev veth0 altname a-rather-long-alternative-name-of-the-interface-$i"
	done | ip -batch -
	accepts loader --status
	assert_contains "$output" "veth0: ok"
	accepts loader --dev veth0 --force --skb-mode
	run bash -c "ulimit -n 4; '$TOP/xdp_loader' --status --dev veth0 2>&1" 3>&-
	assert_contains "$output" "Too many open files"
	run bash -c "ulimit -n 5; '$TOP/xdp_loader' --dev veth0 --force 2>&1" 3>&-
	assert_equal "$status" 40
	assert_contains "$output" "hint: too few file descriptors: ulimit -n 1024"
	accepts unshare --mount --propagation private sh -c "umount -l /proc
		'$TOP/xdp_loader' --dev veth0 --force --reuse-maps"
}

@test "without CAP_SYS_ADMIN: exact replacement by the pin of the program, and back" {
	local caps="setpriv --bounding-set -all,+bpf,+net_admin,+perfmon --inh-caps -all,+bpf,+net_admin,+perfmon"
	accepts $caps "$TOP/xdp_loader" --dev veth0
	accepts strace -f -qq -e trace=sendto -o "$BATS_TEST_TMPDIR/trace" $caps "$TOP/xdp_loader" --dev veth0 -F
	accepts $caps "$TOP/xdp_loader" --dev veth0 -F -S
	assert_equal "$(attached veth0 | cut -d' ' -f1)" skb
	# native is refused: the skb program comes back
	inside ip link set dev in mtu 9000
	local before
	before=$(attached veth0)
	rejects 30 "MTU" $caps "$TOP/xdp_loader" --dev veth0 -F -A
	assert_equal "$(attached veth0)" "$before"
	accepts $caps "$TOP/xdp_loader" --dev veth0 --unload
	[ ! -e "$BPFFS/xdp_loader:state" ]
	# one that somebody else has attached is neither lost nor taken
	inside ip link set dev in mtu 1500
	accepts loader --dev veth0 --skb-mode
	before=$(attached veth0)
	rejects 30 "it cannot be attached again" $caps "$TOP/xdp_loader" --dev veth0 -F -N
	rejects 40 "cannot find out" $caps "$TOP/xdp_loader" --dev veth0 --unload
	run --separate-stderr $caps "$TOP/xdp_loader" --dev veth0 -F -A
	[ "$(attached veth0)" != none ]
}
