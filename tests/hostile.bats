#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Other users, other network namespaces and other loaders on the same BPF file system.

load helper

setup() {
	need_kernel
	make_pair
	started=()
	# what nothing may happen to: it has the names that the loader works on
	mkdir -p /run/victim/veth0
	echo untouched | tee /run/victim/xdp_stats_map /run/victim/veth0/xdp_stats_map >/run/victim/1
	chmod 640 /run/victim/*_map
	victim=$(see_victim)
}

teardown() {
	local pid
	for pid in "${started[@]}"; do
		kill -KILL "$pid" || true
		wait "$pid" || true
	done 2>/dev/null
	ip netns delete elsewhere 2>/dev/null || true
	remove_all
	rm -rf /run/victim /run/pipe /run/xdp_loader.lock
}

as_user() {
	setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
}

# Root without CAP_SYS_ADMIN, and without the right to pass over modes.
without_admin() {
	setpriv --bounding-set -all,+bpf,+net_admin,+perfmon \
		--inh-caps -all,+bpf,+net_admin,+perfmon -- "$TOP/xdp_loader" "$@"
}

# Another network namespace, same interface name, same BPF file system.
make_elsewhere() {
	ip netns add elsewhere
	ip -n elsewhere link add veth0 type veth peer name in
	ip -n elsewhere link set dev veth0 up
}

elsewhere() {
	nsenter --net=/run/netns/elsewhere -- "$@"
}

# All that can be changed about a file, but for when it was read.
see_victim() {
	find /run/victim -printf '%p %u %g %m %s %T@ %C@\n' | sort
}

# In the background, until the test ends; returns when it says that it is at work.
user_at_work() { # user_at_work WHAT ARGUMENTS...
	local said=$BATS_TEST_TMPDIR/said.${#started[@]}
	python3 "$TOP/tests/hostile_user.py" "$@" >"$said" 2>&1 3>&- &
	started+=($!)
	until grep -q . "$said"; do sleep 0.05; done
}

kill_before() { # kill_before CALL ARGUMENTS...
	strace -qq -o /dev/null -e "trace=$1" -e "inject=$1:signal=KILL" \
		"$TOP/xdp_loader" "${@:2}" 2>/dev/null || [ $? = 137 ]
}

staged() {
	find "$BPFFS/xdp_loader:state" -name xdp_stats_map 2>/dev/null | wc -l
}

# The pinned map is one that the attached program uses.
assert_whole() { # assert_whole IFNAME
	local id
	id=$(attached "$1" | cut -d' ' -f2)
	bpftool -j prog show id "$id" | jq -e --argjson map "$(map_id "$1")" '.map_ids | index($map) != null'
}

# A pipe that is full and that nobody reads, open as descriptor 8.
make_full_pipe() {
	mkfifo /run/pipe
	exec 8<>/run/pipe
	dd if=/dev/zero of=/run/pipe bs=4096 oflag=nonblock status=none 2>/dev/null || true
}

#
# Other network namespaces
#

@test "staged pins of another network namespace stay, and are put in place from there" {
	make_elsewhere
	kill_before renameat2 --dev veth0
	assert_equal "$(staged)" 1
	[ ! -e "$BPFFS/veth0" ]
	accepts elsewhere "$TOP/xdp_loader" --dev veth0 --unload
	assert_equal "$(staged)" 1
	accepts elsewhere "$TOP/xdp_loader" --dev veth0
	accepts elsewhere "$TOP/xdp_loader" --dev veth0 --force
	accepts elsewhere "$TOP/xdp_loader" --dev veth0 --unload
	assert_equal "$(staged)" 0
}

@test "staged pins of another network namespace: load and unload without --force" {
	make_elsewhere
	kill_before renameat2 --dev veth0
	accepts elsewhere "$TOP/xdp_loader" --dev veth0
	assert_equal "$(staged)" 1
	rejects 30 "already attached" elsewhere "$TOP/xdp_loader" --dev veth0
	accepts elsewhere "$TOP/xdp_loader" --dev veth0 --unload
	assert_equal "$(staged)" 1
	rejects 30 "already attached" loader --dev veth0
	assert_contains "$stderr" "whose loader had been killed"
	assert_whole veth0
	flood 1000 64
	assert_equal "$(counted veth0 XDP_PASS)" "1000 64000"
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

@test "pins of another network namespace are not replaced by staged ones" {
	make_elsewhere
	kill_before renameat2 --dev veth0
	accepts elsewhere "$TOP/xdp_loader" --dev veth0
	local theirs
	theirs=$(map_id veth0)
	rejects 30 "already attached" loader --dev veth0
	rejects 40 "is in use by program" loader --dev veth0 --unload
	assert_equal "$(map_id veth0)" "$theirs"
	assert_equal "$(staged)" 1
	accepts loader --dev veth0 --unload --force
	assert_equal "$(staged)" 0
}

@test "without CAP_SYS_ADMIN pins of others count as in use, also staged ones" {
	make_elsewhere
	accepts elsewhere "$TOP/xdp_loader" --dev veth0
	local theirs
	theirs=$(map_id veth0)
	rejects 40 "cannot take over $BPFFS/veth0/xdp_stats_map" without_admin --dev veth0
	assert_contains "$stderr" "cannot find out whether a program uses map $theirs: Operation not permitted"
	assert_equal "$(attached veth0)" none
	rejects 40 "cannot find out" without_admin --dev veth0 --unload
	assert_equal "$(map_id veth0)" "$theirs"
	accepts without_admin --dev veth0 --force
	assert_whole veth0
	accepts without_admin --dev veth0 --unload --force
	# the same with what is staged
	accepts elsewhere "$TOP/xdp_loader" --dev veth0 --unload
	elsewhere strace -qq -o /dev/null -e inject=renameat2:signal=KILL "$TOP/xdp_loader" --dev veth0 \
		2>/dev/null || true
	assert_equal "$(staged)" 1
	accepts without_admin --dev veth0
	assert_equal "$(staged)" 1
	accepts without_admin --dev veth0 --unload --force
}

#
# Loaders that were killed
#

@test "killed right after the pins took their place, twice: the newer ones stay" {
	kill_before fchmod --dev veth0
	assert_whole veth0
	kill_before unlinkat --dev veth0 --force
	assert_whole veth0
	rejects 30 "already attached" loader --dev veth0
	assert_whole veth0
	assert_equal "$(staged)" 0
	flood 1000 64
	assert_equal "$(counted veth0 XDP_PASS)" "1000 64000"
}

@test "a kernel that goes pin by pin: killed while the staged pins are removed, and all stay" {
	local einval=(strace -qq -o /dev/null -e inject=renameat2:error=EINVAL)
	local two=(--dev veth0 --filename "$OBJECTS/two_maps.o" --force)
	accepts loader "${two[@]}"
	local pins
	pins=$(ls "$BPFFS/veth0")
	assert_equal "$(wc -l <<<"$pins")" 2
	# two unlinkat() for each pin that takes its place, then those of the staged ones; the
	# staged directory has two new pins and two previous ones
	"${einval[@]}" -e inject=unlinkat:signal=KILL:when=6 "$TOP/xdp_loader" "${two[@]}" 2>/dev/null ||
		[ $? = 137 ]
	assert_equal "$(find "$BPFFS/xdp_loader:state/veth0" -type f -printf '%f\n' | sort | xargs)" \
		"::lengths ::xdp_stats_map lengths"
	rejects 30 "already attached" "${einval[@]}" "$TOP/xdp_loader" --dev veth0
	assert_equal "$(ls "$BPFFS/veth0")" "$pins"
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

#
# Other users
#

@test "a user who locks everything that can be opened blocks no loader" {
	chmod 1777 "$BPFFS"
	accepts loader --dev veth0
	chmod 755 "$BPFFS/veth0"
	user_at_work lock "$BPFFS"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/said.0")" 2
	accepts loader --dev veth0 --force --wait 20
	accepts loader --dev veth0 --unload --wait 20
	accepts loader --dev veth0 --wait 20
}

# One thing of user 65534 at a path of bpffs.
plant() { # plant KIND PATH
	case $1 in
	empty) as_user mkdir "$2" ;;
	full) as_user mkdir -p "$2/mine" ;;
	symlink) as_user ln -s /run/victim "$2" ;;
	file)
		bpftool map create "$2" type array key 4 value 4 entries 1 name mine
		chown 65534 "$2"
		;;
	esac
}

# A planted entry with contents still exists, under another name.
assert_moved() {
	local moved
	moved=$(find "$BPFFS" -maxdepth 1 -name 'xdp_loader:moved:*' -user 65534)
	[ -n "$moved" ]
	assert_contains "$stderr" "out of the way, to $moved"
	rm -rf "$moved"
}

@test "the directory of the loader, created first by a user, blocks no loader" {
	local kind
	chmod 1777 "$BPFFS"
	for kind in empty full symlink file; do
		plant "$kind" "$BPFFS/xdp_loader:state"
		accepts loader --dev veth0
		case $kind in full | file) assert_moved ;; esac
		assert_whole veth0
		[ ! -e "$BPFFS/xdp_loader:state" ]
		plant "$kind" "$BPFFS/xdp_loader:state"
		accepts loader --dev veth0 --unload
		case $kind in full | file) assert_moved ;; esac
		assert_equal "$(attached veth0)" none
		[ ! -e "$BPFFS/xdp_loader:state" ] && [ ! -e "$BPFFS/veth0" ]
	done
	assert_equal "$(see_victim)" "$victim"
}

@test "the directory of the interface, created first by a user: replaced if it is empty" {
	local kind
	chmod 1777 "$BPFFS"
	for kind in empty symlink; do
		plant "$kind" "$BPFFS/veth0"
		accepts loader --dev veth0
		assert_equal "$stderr" ""
		assert_whole veth0
		assert_equal "$(stat -c '%u %a %F' "$BPFFS/veth0")" "0 700 directory"
		accepts loader --dev veth0 --unload
		plant "$kind" "$BPFFS/veth0"
		accepts loader --dev veth0 --unload
		as_user rm -r "$BPFFS/veth0"
	done
	assert_equal "$(see_victim)" "$victim"
}

@test "the directory of the interface, with files of a user: the owner is named; --force moves it aside" {
	local kind
	chmod 1777 "$BPFFS"
	for kind in full file; do
		plant "$kind" "$BPFFS/veth0"
		rejects 40 "it belongs to user 65534" loader --dev veth0
		assert_contains "$stderr" "--force"
		rejects 40 "it belongs to user 65534" loader --dev veth0 --unload
		accepts loader --dev veth0 --unload --force
		assert_equal "$(stat -c %u "$BPFFS/veth0")" 65534
		accepts loader --dev veth0 --force
		assert_moved
		assert_whole veth0
		accepts loader --dev veth0 --unload
		[ ! -e "$BPFFS/xdp_loader:state" ] && [ ! -e "$BPFFS/veth0" ]
	done
}

@test "a user who creates, renames and removes entries all the time blocks no loader" {
	local i
	chmod 1777 "$BPFFS"
	user_at_work plant "$BPFFS" xdp_loader:state veth0 xdp_loader:state:0
	user_at_work plant "$BPFFS" veth0 xdp_loader:state
	for i in $(seq 6); do
		accepts loader --dev veth0 --force
		assert_whole veth0
		accepts loader --dev veth0 --force --reuse-maps
		assert_whole veth0
		accepts loader --dev veth0 --unload --force
		assert_equal "$(attached veth0)" none
	done
	assert_equal "$(see_victim)" "$victim"
}

@test "a BPF file system of another user: rejected, and nothing outside is changed" {
	local i
	chown 65534 "$BPFFS"
	user_at_work swap "$BPFFS" /run/victim veth0 xdp_loader:state
	for i in 1 2 3; do
		rejects 40 "users other than root can rename its entries" loader --dev veth0 --force
		rejects 40 "cannot open the BPF file system on $BPFFS" loader --dev veth0 --unload --force
	done
	assert_equal "$(attached veth0)" none
	assert_equal "$(see_victim)" "$victim"
	# everybody may rename everything
	chown 0 "$BPFFS"
	chmod 777 "$BPFFS"
	rejects 40 "chmod go-w $BPFFS" loader --dev veth0
	assert_equal "$(see_victim)" "$victim"
}

forges() {
	python3 "$TOP/tests/hostile_user.py" forge "$BPFFS/veth0/xdp_stats_map" "$BPFFS/anew"
}

@test "a user who may read the counters cannot write to them" {
	chmod 1777 "$BPFFS"
	accepts loader --dev veth0
	chmod 755 "$BPFFS/veth0"
	chmod 644 "$BPFFS/veth0/xdp_stats_map"
	flood 1000 64
	run forges
	assert_contains "$output" "opened for writing"
	assert_contains "$output" "Operation not permitted"
	assert_equal "$(counted veth0 XDP_PASS)" "1000 64000"
	flood 1000 64
	accepts loader --dev veth0 --force --reuse-maps
	flood 1000 64
	assert_equal "$(counted veth0 XDP_PASS)" "3000 192000"
}

@test "the counters of an earlier loader are frozen with --reuse-maps" {
	chmod 1777 "$BPFFS"
	mkdir -m 755 "$BPFFS/veth0"
	bpftool map create "$BPFFS/veth0/xdp_stats_map" type percpu_array key 4 value 16 entries 5 \
		name xdp_stats_map
	chmod 644 "$BPFFS/veth0/xdp_stats_map"
	run forges
	assert_contains "$output" "written"
	rm "$BPFFS/anew"
	accepts loader --dev veth0 --reuse-maps
	run forges
	assert_contains "$output" "Operation not permitted"
	flood 1000 64
	assert_whole veth0
	run --separate-stderr stats --dev veth0 --once --json
	assert_equal "$status" 0
}

@test "a process that writes to the map all the time does not prevent the freeze" {
	mkdir -m 755 "$BPFFS/veth0"
	bpftool map create "$BPFFS/veth0/xdp_stats_map" type percpu_array key 4 value 16 entries 5 \
		name xdp_stats_map
	PYTHONPATH=$TOP/tests python3 "$TOP/tests/write_map.py" "$BPFFS/veth0/xdp_stats_map" \
		>"$BATS_TEST_TMPDIR/writer" 3>&- &
	started+=($!)
	until grep -q . "$BATS_TEST_TMPDIR/writer"; do sleep 0.05; done
	accepts loader --dev veth0 --reuse-maps
	until grep -q "Operation not permitted" "$BATS_TEST_TMPDIR/writer"; do sleep 0.05; done
}

#
# Other loaders
#

make_interfaces() { # make_interfaces COUNT: v1, v2, ...
	local i
	for i in $(seq "$1"); do
		echo "link add v$i type veth peer name p$i"
	done | ip -batch -
}

# How the processes have ended: "1 0 199 30" is one with status 0, 199 with 30.
statuses() { # statuses PID...
	local pid
	for pid in "$@"; do
		wait "$pid" && echo 0 || echo $?
	done >"$BATS_TEST_TMPDIR/statuses"
	results=$(sort "$BATS_TEST_TMPDIR/statuses" | uniq -c | xargs)
}

# One loader for each of v1, v2, ..., all at once.
load_each() { # load_each COUNT ARGUMENTS...
	local i pids=()
	for i in $(seq "$1"); do
		"$TOP/xdp_loader" --quiet --dev "v$i" "${@:2}" 3>&- &
		pids+=($!)
	done
	statuses "${pids[@]}"
	assert_equal "$results" "$1 0"
}

@test "12 programs with a long verification, on 12 interfaces at once" {
	make_interfaces 12
	load_each 12 --filename "$OBJECTS/slow_verify.o"
}

@test "100 loads on 100 interfaces at once" {
	make_interfaces 100
	load_each 100
	local i
	for i in $(seq 100); do
		assert_whole "v$i"
	done
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

@test "200 loaders on one interface at once: one loads, the others say that it is loaded" {
	local i pids=()
	for i in $(seq 200); do
		"$TOP/xdp_loader" --quiet --dev veth0 2>"$BATS_TEST_TMPDIR/$i" 3>&- &
		pids+=($!)
	done
	statuses "${pids[@]}"
	assert_equal "$results" "1 0 199 30"
	assert_equal "$(cat "$BATS_TEST_TMPDIR"/[0-9]* | grep -c 'already attached')" 199
	assert_whole veth0
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

@test "loaders that replace each other on one interface: all succeed" {
	local i pids=()
	for i in $(seq 40); do
		"$TOP/xdp_loader" --quiet --dev veth0 --force --reuse-maps 3>&- &
		pids+=($!)
	done
	statuses "${pids[@]}"
	assert_equal "$results" "40 0"
	assert_whole veth0
	[ ! -e "$BPFFS/xdp_loader:state" ]
}

@test "loaders that find no BPF file system mount only one" {
	umount "$BPFFS"
	make_interfaces 8
	local i pids=()
	for i in $(seq 8); do # slow enough for all to have found none
		strace -qq -o /dev/null -e inject=mount:delay_enter=1000000 \
			"$TOP/xdp_loader" --quiet --dev "v$i" 3>&- &
		pids+=($!)
	done
	statuses "${pids[@]}"
	assert_equal "$results" "8 0"
	assert_equal "$(grep -c " $BPFFS " /proc/self/mounts)" 1
	for i in $(seq 8); do assert_whole "v$i"; done
}

@test "loaders that find no BPF file system mount only one, even if a user locks the directory" {
	umount "$BPFFS"
	make_interfaces 4
	user_at_work lock "$BPFFS"
	local i pids=()
	for i in $(seq 4); do
		strace -qq -o /dev/null -e inject=mount:delay_enter=1000000 \
			"$TOP/xdp_loader" --quiet --dev "v$i" 3>&- &
		pids+=($!)
	done
	statuses "${pids[@]}"
	assert_equal "$results" "4 0"
	assert_equal "$(grep -c " $BPFFS " /proc/self/mounts)" 1
	for i in $(seq 4); do assert_whole "v$i"; done
}

# The loader with its output into a full pipe: others go on, and SIGTERM ends it.
stalls() { # stalls STREAM ARGUMENTS...
	local pid
	case $1 in
	stdout) "$TOP/xdp_loader" --dev veth0 "${@:2}" >&8 2>/dev/null 3>&- & ;;
	stderr) "$TOP/xdp_loader" --dev veth0 "${@:2}" 2>&8 >/dev/null 3>&- 8>&- & ;;
	esac
	pid=$!
	started+=("$pid")
	until grep -q pipe_write "/proc/$pid/stack"; do sleep 0.05; done
	accepts timeout 60 "$TOP/xdp_loader" --dev veth0 --force
	kill -0 "$pid"
	kill -TERM "$pid"
	run wait "$pid"
	run ! kill -0 "$pid"
	accepts loader --dev veth0 --unload
}

@test "a report that nobody reads blocks no other loader" {
	make_full_pipe
	stalls stdout
	stalls stdout --json
	# room for the steps before the lock, which are written at once
	dd if=/run/pipe of=/dev/null bs=4096 count=1 status=none
	head -c 3300 /dev/zero >&8
	stalls stderr --explain
	exec 8>&-
}

@test "after a second a waiting loader names the holder; --wait counts the whole time" {
	(umask 077 && mkdir -p "$BPFFS/xdp_loader:state/veth0")
	# each time that the directory is another one the wait begins again
	python3 "$TOP/tests/renew_lock.py" "$BPFFS/xdp_loader:state/veth0" >"$BATS_TEST_TMPDIR/said" 3>&- &
	started+=($!)
	until grep -q ready "$BATS_TEST_TMPDIR/said"; do sleep 0.05; done
	rejects 1 "cannot lock" timeout 60 "$TOP/xdp_loader" --dev veth0 --wait 2
	assert_contains "$stderr" "waiting for "
	assert_equal "$(grep -c "waiting for" <<<"$stderr")" 1
}
