#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# --confirm and --rollback: what was before comes back, exactly, unless the load is confirmed.

load helper

STATE=$BPFFS/xdp_loader:state

setup() {
	need_kernel
	make_pair
}

teardown() {
	local pid
	for pid in $(watchers); do kill -KILL "$pid"; done
	remove_all
}

# The processes that wait: those of this sandbox that have a pending load open.
watchers() {
	local pid
	find /proc/[0-9]*/fd -lname "$STATE/*/pending" 2>/dev/null | cut -d / -f 3 | sort -u |
		while read -r pid; do
			[ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ] || echo "$pid"
		done
}

ended() { # ended PID...: wait for the end of processes
	local pid
	for pid; do timeout 60 tail --pid="$pid" -f /dev/null; done
}

# Programs and pins, by inode: what a rollback must restore.
everything() {
	attached veth0
	find "$BPFFS" -mindepth 1 -not -name '*.debug' -printf '%p %i %m\n' | sort
}

@test "not confirmed: program, pins and counters are as they were, and nothing else is left" {
	accepts loader --dev veth0
	flood 1000 60
	local before before_json id
	before=$(everything)
	before_json=$(loader --status --dev veth0 --json)
	id=$(attached veth0 | cut -d' ' -f2)
	accepts loader --dev veth0 --force --progname xdp_drop_func --confirm=1
	assert_contains "$output" "in 1 s program $id comes back, unless it is confirmed: xdp_loader --dev veth0 --confirm"
	assert_contains "$output" "new and empty: map $(jq -r '.interfaces[0].pins[0].map_id' <<<"$before_json") is kept until"
	flood 500 60
	ended "$(watchers)"
	assert_equal "$(everything)" "$before"
	flood 250 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_DROP)" "1250 75000 0 0"
}

@test "a map that the new object has not is kept, too, until the load is confirmed" {
	accepts loader --dev veth0 --filename "$OBJECTS/two_maps.o"
	accepts loader --dev veth0 --force --confirm=60
	assert_contains "$output" " is kept until the load is confirmed: the object has no such map"
	accepts loader --dev veth0 --rollback
	[ "$(ls "$BPFFS/veth0" | wc -l)" = 2 ]
}

@test "confirmed: the program stays, and nothing else is left" {
	accepts loader --dev veth0
	local old pid
	old=$(attached veth0)
	accepts loader --dev veth0 --force --progname xdp_drop_func --confirm=60
	local new pins
	new=$(attached veth0)
	pins=$(ls -i "$BPFFS/veth0")
	flood 100 60
	pid=$(watchers)
	accepts loader --dev veth0 --confirm
	assert_contains "$output" "confirmed on veth0: id ${new#* }, xdp_drop_func, native"
	assert_contains "$output" "program id ${old#* } is no longer kept"
	ended "$pid"
	assert_equal "$(attached veth0) $(ls -i "$BPFFS/veth0") $(ls "$BPFFS" | grep -v debug)" "$new $pins veth0"
	flood 100 60
	assert_equal "$(counted veth0 XDP_DROP)" "200 12000"
	rejects 1 "no load waits for confirmation" loader --dev veth0 --confirm
	rejects 1 "no load waits for confirmation" loader --dev veth0 --rollback
}

@test "--rollback: at once" {
	accepts loader --dev veth0 --filename "$OBJECTS/two_maps.o"
	flood 1000 60
	local before pid
	before=$(everything)
	accepts loader --dev veth0 --force --progname xdp_drop_func --confirm
	pid=$(watchers)
	flood 10 60
	accepts loader --dev veth0 --rollback
	assert_contains "$output" "attached to veth0 again: id $(attached veth0 | cut -d' ' -f2)"
	ended "$pid"
	assert_equal "$(everything)" "$before"
	flood 10 60
	assert_equal "$(counted veth0 XDP_PASS)" "1010 60600"
}

# The session is cut off by the command that it runs: the answer to the next one comes when the
# old program is back and TCP sends it again.
@test "a lock-out: the TCP session that loads a DROP lives on" {
	ip addr add 192.0.2.1/24 dev veth0
	inside ip addr add 192.0.2.2/24 dev in
	mkfifo "$BATS_TEST_TMPDIR/ready"
	python3 "$TOP/tests/session.py" serve 192.0.2.1 2222 >"$BATS_TEST_TMPDIR/ready" 3>&- &
	read -r _ <"$BATS_TEST_TMPDIR/ready"
	accepts loader --dev veth0
	local before
	before=$(everything)
	accepts timeout 60 nsenter --net=/run/netns/peer python3 "$TOP/tests/session.py" run 192.0.2.1 2222 \
		"$TOP/xdp_loader --dev veth0 --force --progname xdp_drop_func --confirm=3" "echo alive"
	assert_contains "$output" "comes back"
	assert_contains "$output" "alive"
	echo "# the answer came after $(tail -n 1 <<<"$output") s" >&3
	[ "$(tail -n 1 <<<"$output" | cut -d. -f1)" -ge 2 ]
	assert_equal "$(everything)" "$before"
	# and without --confirm it would not: the session gets no answer any more
	wait
}

@test "under traffic, with -M: every packet is counted once, before, between and after" {
	accepts loader --dev veth0
	local before sent=$BATS_TEST_TMPDIR/sent stop=$BATS_TEST_TMPDIR/stop
	before="$(attached veth0) $(map_id veth0)"
	# two floods at once are exact only with sockets
	(until [ -e "$stop" ]; do flood 1000 60 --socket >/dev/null && echo 1000; done >"$sent" 2>/dev/null) 3>&- &
	local sender=$! pass drop
	until [ -s "$sent" ]; do :; done
	accepts loader --dev veth0 --force --reuse-maps --progname xdp_drop_func --confirm=1
	pass=$(counted veth0 XDP_PASS)
	ended "$(watchers)"
	flood 1000 60 --socket
	touch "$stop"
	wait "$sender"
	assert_equal "$(attached veth0) $(map_id veth0)" "$before"
	drop=$(counted veth0 XDP_DROP)
	[ "${pass% *}" -gt 0 ] && [ "${drop% *}" -gt 0 ]
	[ "$(counted veth0 XDP_PASS | cut -d' ' -f1)" -ge "$((${pass% *} + 1000))" ]
	pass=$(counted veth0 XDP_PASS)
	echo "# passed ${pass% *}, dropped ${drop% *}" >&3
	assert_equal "$((${pass% *} + ${drop% *}))" "$(($(paste -sd+ "$sent") + 1000))"
}

@test "nothing attached before: it is detached; with pins of an earlier program, too" {
	accepts loader --dev veth0 --confirm=1
	assert_contains "$output" "in 1 s it is detached"
	ended "$(watchers)"
	assert_equal "$(everything)" none
	accepts loader --dev veth0
	ip link set dev veth0 xdp off
	local before
	before=$(everything)
	accepts loader --dev veth0 --confirm=60
	accepts loader --dev veth0 --rollback
	assert_contains "$output" "detached from veth0"
	assert_equal "$(everything)" "$before"
}

@test "the other mode, and a program that iproute2 has loaded" {
	accepts loader --dev veth0 --skb-mode
	local before
	before=$(everything)
	accepts loader --dev veth0 --force --confirm=1
	[[ $(attached veth0) == native* ]]
	ended "$(watchers)"
	assert_equal "$(everything)" "$before"
	accepts loader --dev veth0 --unload
	ip link set dev veth0 xdp obj "$TOP/xdp_prog_kern.o" sec xdp
	before=$(everything)
	accepts loader --dev veth0 --force -S --confirm=1
	ended "$(watchers)"
	assert_equal "$(everything)" "$before"
}

# Native mode, which the old program has, does not go with such an MTU of the other end.
@test "a rollback that fails leaves all as it is, and is tried again" {
	accepts loader --dev veth0
	local before now
	before=$(everything)
	accepts loader --dev veth0 --force --skb-mode --confirm=1
	now=$(everything)
	inside ip link set dev in mtu 9000
	rejects 30 "cannot roll back the load on veth0: veth: Peer MTU is too large" loader --dev veth0 --rollback
	assert_equal "$(attached veth0) $(find "$BPFFS" -name xdp_stats_map -printf '%i\n' | sort | xargs)" \
		"$(head -n 1 <<<"$now") $(sed -n 's/.*xdp_stats_map \([0-9]*\) .*/\1/p' <<<"$now" | sort | xargs)"
	# the process that waits tries as well: the id of the descriptor changes with each attach
	timeout 60 bash -c 'exec ip monitor link dev veth0 | grep -m 1 -q veth0'
	inside ip link set dev in mtu 1500
	ended "$(watchers)"
	assert_equal "$(everything)" "$before"
}

@test "replaced meanwhile: nothing is rolled back, and what was kept is removed" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --confirm=1
	local pid now
	pid=$(watchers)
	ip -force link set dev veth0 xdp obj "$OBJECTS/no_maps.o" sec xdp
	now=$(attached veth0)
	ended "$pid"
	assert_equal "$(attached veth0)" "$now"
	[ ! -e "$STATE" ]
	# the next loader finds it before the time is over
	accepts loader --dev veth0 --force --confirm=60
	pid=$(watchers) now=$(attached veth0)
	ip link set dev veth0 xdp off
	rejects 1 "no load waits for confirmation" loader --dev veth0 --rollback
	assert_contains "$stderr" "program ${now#* }, which was to be confirmed, is not attached"
	ended "$pid"
	assert_equal "$(attached veth0)" none
	[ ! -e "$STATE" ]
}

pending() { # pending: of --status
	loader --status --dev veth0 --json | jq -c '.interfaces[0].pending | [.program_id, .previous_id, .watched]'
}

@test "the process that waits is killed: the next loader says so, and both ways work" {
	accepts loader --dev veth0
	local before old answer pid
	before=$(everything)
	old=$(attached veth0 | cut -d' ' -f2)
	for answer in rollback confirm; do
		accepts loader --dev veth0 --force --progname xdp_drop_func --confirm=60
		pid=$(watchers)
		assert_equal "$(pending)" "[$(attached veth0 | cut -d' ' -f2),$old,true]"
		kill -KILL "$pid"
		ended "$pid"
		assert_equal "$(pending)" "[$(attached veth0 | cut -d' ' -f2),$old,false]"
		accepts loader --dev veth0 --status
		assert_contains "$output" "the process that would roll back was killed; xdp_loader --dev veth0 --confirm keeps it"
		rejects 30 "the process that would take it back was killed" loader --dev veth0 --force
		assert_contains "$stderr" "hint: keep it with: xdp_loader --dev veth0 --confirm"
		assert_contains "$stderr" "hint: go back with: xdp_loader --dev veth0 --rollback"
		accepts loader --dev veth0 "--$answer"
		[ "$answer" = confirm ] || assert_equal "$(everything)" "$before"
	done
	assert_contains "$(loader --status)" xdp_drop_func
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
}

@test "the loader is killed before, at and after the attach: the process that waits goes back" {
	accepts loader --dev veth0
	local before fault
	before=$(everything)
	# sendto() 2 attaches, renameat2() exchanges the pins, renameat() 2 begins the time
	for fault in sendto:signal=KILL:when=2 renameat2:signal=KILL:when=1 renameat:signal=KILL:when=2; do
		run strace -qq -o /dev/null -e "trace=${fault%%:*}" -e "inject=$fault" \
			"$TOP/xdp_loader" --dev veth0 --force --progname xdp_drop_func --confirm=1
		assert_equal "$status" 137
		[ -n "$(watchers)" ]
		ended "$(watchers)"
		assert_equal "$(everything)" "$before"
	done
}

# The kernel frees a program a little after the last pin and descriptor of it is gone.
@test "after both answers the other program is gone from the kernel" {
	local old new
	accepts loader --dev veth0
	for answer in rollback confirm; do
		old=$(attached veth0 | cut -d' ' -f2)
		accepts loader --dev veth0 --force --confirm=60
		new=$(attached veth0 | cut -d' ' -f2)
		accepts loader --dev veth0 "--$answer"
		[ "$answer" = confirm ] || old=$new
		timeout 60 bash -c "until ! bpftool prog show id $old; do :; done" >/dev/null 2>&1
	done
}

@test "signals of a session, and the end of its terminal, do not end the wait" {
	accepts loader --dev veth0
	local before pid signal
	before=$(everything)
	python3 - "$TOP/xdp_loader" <<-'EOF2'
		import os, pty, sys
		pid, master = pty.fork()
		if not pid:
		    os.execv(sys.argv[1], [sys.argv[1], "--dev", "veth0", "--force", "--confirm=2"])
		os.read(master, 1)  # its report begins: the load is done
		os.close(master)
		os.waitpid(pid, 0)
	EOF2
	pid=$(watchers)
	for signal in HUP INT QUIT TERM TSTP ALRM USR1 PIPE; do kill -"$signal" "$pid"; done
	# a session of its own, nothing open of the loader's, and it keeps no directory in use
	assert_equal "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f4)" "$pid"
	assert_equal "$(readlink "/proc/$pid/cwd") $(readlink "/proc/$pid/fd/"[0-2] | sort -u)" "/ /dev/null"
	assert_equal "$(readlink "/proc/$pid/fd/"* | grep -vE "^/dev/null$|inotify|/veth0/pending$" || true)" ""
	assert_equal "$(cat "/proc/$pid/maps" | grep -c bpf-map || true)" 0
	ended "$pid"
	assert_equal "$(everything)" "$before"
}

@test "without standard streams, and with a standard output that nobody reads" {
	accepts loader --dev veth0
	local before
	before=$(everything)
	"$TOP/xdp_loader" --dev veth0 --force --confirm=1 <&- >&- 2>&- || true
	ended "$(watchers)"
	assert_equal "$(everything)" "$before"
	mkfifo "$BATS_TEST_TMPDIR/full"
	exec 7<>"$BATS_TEST_TMPDIR/full"
	python3 -c 'import os; os.set_blocking(7, False)
try:
    while True: os.write(7, bytes(4096))
except BlockingIOError: os.set_blocking(7, True)'
	"$TOP/xdp_loader" --dev veth0 --force --confirm=1 >&7 3>&- &
	local blocked=$!
	local pid=
	until [ -n "$pid" ]; do pid=$(watchers | grep -vx "$blocked" || true); done
	ended "$pid"
	assert_equal "$(everything)" "$before"
	kill "$blocked"
	exec 7<&-
}

# In a /dev of its own, with the socket of a system log.
@test "a rollback by itself is written to the system log" {
	accepts loader --dev veth0
	local old new
	old=$(attached veth0 | cut -d' ' -f2)
	run timeout 60 unshare --mount --propagation private bash -euc '
		mount -t tmpfs tmpfs /dev
		mknod -m 666 /dev/null c 1 3
		python3 -c "
import socket, subprocess
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(\"/dev/log\")
subprocess.run([\"$1\", \"--dev\", \"veth0\", \"--force\", \"--confirm=1\", \"--quiet\"], check=True)
print(log.recv(4096).decode())"' - "$TOP/xdp_loader"
	assert_equal "$status" 0
	new=$(sed -n 's/.*: veth0: program \([0-9]*\) was not confirmed.*/\1/p' <<<"$output")
	[ "$new" -gt "$old" ]
	assert_contains "$output" "veth0: program $new was not confirmed: program $old is attached again"
}

@test "another load while one is pending is refused; an unload ends it" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --confirm=60
	local now pid option
	now=$(everything) pid=$(watchers)
	for option in --force --confirm=9 --dry-run; do
		rejects 30 "waits for confirmation, for" loader --dev veth0 "$option" --force
		assert_contains "$stderr" "xdp_loader --dev veth0 --confirm"
		assert_contains "$stderr" "xdp_loader --dev veth0 --rollback"
	done
	assert_equal "$(everything)" "$now"
	accepts loader --dev veth0 --unload
	assert_contains "$output" "is no longer kept for a rollback"
	ended "$pid"
	assert_equal "$(everything)" none
}

@test "without CAP_SYS_ADMIN: refused before the attach where the old program cannot be opened" {
	accepts loader --dev veth0
	local few=(setpriv --bounding-set "-all,+bpf,+net_admin,+perfmon" --inh-caps
		"-all,+bpf,+net_admin,+perfmon" --) before
	before=$(everything)
	rejects 30 "it cannot be kept for --confirm without CAP_SYS_ADMIN" \
		"${few[@]}" "$TOP/xdp_loader" --dev veth0 --force --confirm=9
	assert_equal "$(everything)" "$before"
	accepts loader --dev veth0 --unload
	# one that such a loader has attached has a pin
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0
	before=$(attached veth0)
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --force --confirm=1
	ended "$(watchers)"
	assert_equal "$(attached veth0)" "$before"
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --force --confirm=60
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --rollback
	assert_equal "$(attached veth0)" "$before"
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --force --confirm=60
	accepts "${few[@]}" "$TOP/xdp_loader" --dev veth0 --confirm
	accepts loader --dev veth0 --unload
	assert_equal "$(everything)" none
}

@test "the interface is renamed: rolled back all the same, and by its old name" {
	accepts loader --dev veth0
	local before answer
	before=$(everything)
	accepts loader --dev veth0 --force --progname xdp_drop_func --confirm=1
	ip link set dev veth0 name other
	ended "$(watchers)"
	ip link set dev other name veth0
	assert_equal "$(everything)" "$before"
	for answer in rollback confirm; do
		accepts loader --dev veth0 --force --confirm=60
		ip link set dev veth0 name other
		rejects 1 "the load waits under the name that the interface had then" loader --dev other "--$answer"
		assert_contains "$stderr" "hint: use this name: xdp_loader --dev veth0 --$answer"
		accepts loader --dev veth0 "--$answer"
		ip link set dev other name veth0
		[ "$answer" = confirm ] || assert_equal "$(everything)" "$before"
		assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
	done
}

@test "the interface is deleted: what was kept is removed" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --confirm=1
	local pid
	pid=$(watchers)
	ip link delete dev veth0
	ended "$pid"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
	ip netns delete peer
	make_pair
	accepts loader --dev veth0 --confirm=60
	ip link delete dev veth0
	rejects 1 "no load waits" loader --dev veth0 --confirm
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
}

@test "the same name in another network namespace is left alone" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --confirm=60
	local now
	now=$(everything)
	inside ip link add dev veth0 type veth peer name x
	rejects 30 "in another network namespace, program $(attached veth0 | cut -d' ' -f2) waits" \
		inside "$TOP/xdp_loader" --dev veth0 --force
	rejects 1 "in another network namespace" inside "$TOP/xdp_loader" --dev veth0 --confirm
	rejects 30 "in another network namespace" inside "$TOP/xdp_loader" --dev veth0 --rollback
	rejects 30 "in another network namespace" inside "$TOP/xdp_loader" --dev veth0 --unload --force
	assert_equal "$(everything)" "$now"
	accepts loader --dev veth0 --rollback
}

@test "several interfaces: each by itself" {
	ip link add dev veth1 type veth peer name in1
	ip link set dev veth1 up
	accepts loader --dev veth0 --dev veth1
	local before
	before="$(everything) $(attached veth1)"
	accepts loader --dev veth0 --dev veth1 --force --confirm=60
	assert_equal "$(watchers | wc -l)" 2
	accepts loader --dev veth0 --confirm
	run --separate-stderr loader --dev veth0 --dev veth1 --rollback
	assert_equal "$status" 1
	assert_contains "$stderr" "cannot roll back the load on veth0: no load waits"
	assert_contains "$output" "attached to veth1 again"
	assert_contains "$before" "$(attached veth1)"
	accepts loader --dev veth0 --dev veth1 --force --confirm=1
	ended $(watchers)
	assert_contains "$before" "$(attached veth1)"
	assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "veth0 veth1 "
	# one of them cannot be attached: nothing is pending
	ip tuntap add dev without mode tun
	rejects 30 "cannot attach to without: Underlying driver does not support XDP" \
		loader --dev veth0 --dev without --force --confirm=60
	assert_contains "$stderr" "nothing is changed on any of the 2 interfaces"
	assert_equal "$(watchers)" ""
	assert_equal "$(ls "$BPFFS" | grep -v debug | tr '\n' ' ')" "veth0 veth1 "
}

@test "where bpffs cannot exchange directories: each name, back to its map" {
	accepts loader --dev veth0 --filename "$OBJECTS/two_maps.o"
	flood 1000 60
	local old=(strace -qq -f -o /dev/null -e trace=renameat2 -e inject=renameat2:error=EINVAL:when=1+) before
	ids() { attached veth0; for pin in "$BPFFS"/veth0/*; do echo "$pin $(bpftool -j map show pinned "$pin" | jq .id)"; done; }
	before=$(ids)
	accepts "${old[@]}" "$TOP/xdp_loader" --dev veth0 --force --confirm=1
	assert_equal "$(ids)" "$before"
	assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
	accepts loader --dev veth0 --unload
	local objects=("$TOP/xdp_prog_kern.o" "$OBJECTS/two_maps.o" "$OBJECTS/variables.o") from to
	for from in "${objects[@]}"; do
		accepts loader --dev veth0 --filename "$from"
		before=$(ids)
		for to in "${objects[@]}"; do
			accepts "${old[@]}" "$TOP/xdp_loader" --dev veth0 --force --filename "$to" --confirm=1
			assert_equal "$(ids)" "$before"
			assert_equal "$(ls "$BPFFS" | grep -v debug)" veth0
		done
		accepts loader --dev veth0 --unload
	done
}

@test "the pins are gone or changed meanwhile: the program comes back all the same" {
	accepts loader --dev veth0
	local before
	before=$(everything)
	accepts loader --dev veth0 --force --confirm=60
	rm -r "$BPFFS/veth0"
	accepts loader --dev veth0 --rollback
	assert_equal "$(everything)" "$before"
	accepts loader --dev veth0 --force --confirm=60
	mkdir "$BPFFS/veth0/theirs"
	accepts loader --dev veth0 --rollback
	assert_equal "$(attached veth0)" "$(head -n 1 <<<"$before")"
	find "$STATE" -name theirs -exec rmdir {} +
	rejects 30 "already attached" loader --dev veth0
	assert_equal "$(everything)" "$before"
}

@test "JSON and --status: what is pending, and the answers" {
	accepts loader --dev veth0
	local old new
	old=$(attached veth0 | cut -d' ' -f2)
	assert_equal "$(loader --status --json | jq -c '.interfaces[0].pending')" null
	accepts loader --dev veth0 --force --confirm --progname xdp_drop_func --json
	new=$(attached veth0 | cut -d' ' -f2)
	assert_equal "$(jq -c '.pending | [.program_id, .previous_id, .seconds_left > 58, .seconds_left <= 60, .watched]' <<<"$output")" \
		"[$new,$old,true,true,true]"
	accepts loader --status
	assert_contains "$output" "  pending  program id $old comes back in "
	assert_contains "$output" "xdp_loader --dev veth0 --confirm keeps it, --rollback goes back now"
	accepts loader --dev veth0 --json --rollback
	assert_equal "$(jq -c '[.action, .program.id, .program.name, .detached.id]' <<<"$output")" \
		"[\"rollback\",$old,\"xdp_pass_func\",$new]"
	accepts loader --dev veth0 --json --force --confirm=9
	accepts loader --dev veth0 --json --confirm
	assert_equal "$(jq -c '[.action, .program.id]' <<<"$output")" "[\"confirm\",$(attached veth0 | cut -d' ' -f2)]"
}

@test "--explain" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --confirm=60 --explain
	assert_contains "$stderr" "a process of its own waits for the confirmation"
	assert_contains "$stderr" "the time for the confirmation begins: 60 s"
	accepts loader --dev veth0 --confirm --explain
	assert_contains "$stderr" "what was kept for a rollback is removed"
	accepts loader --dev veth0 --force --confirm=60 --explain
	accepts loader --dev veth0 --rollback --explain
	assert_contains "$stderr" "the pins have changed places again"
}

@test "--confirm alone never loads; options that contradict it" {
	rejects 1 "no load waits for confirmation" loader --dev veth0 --confirm
	rejects 1 "no load waits for confirmation" loader --dev veth0 --confirm --verbose --wait 1 --explain
	assert_equal "$(everything)" none
	rejects 2 "contradict" loader --dev veth0 --confirm --rollback
	rejects 2 "contradict" loader --dev veth0 --confirm=5 --unload
	rejects 2 "contradict" loader --dev veth0 --rollback --status
	rejects 2 "options for loading" loader --dev veth0 --rollback --force
	rejects 2 "from 1 to 86400" loader --dev veth0 --confirm=0
	rejects 2 "from 1 to 86400" loader --dev veth0 --confirm=x
	accepts loader --dev veth0 --confirm 60
	accepts loader --dev veth0 --rollback
	accepts loader --dev veth0 --confirm --native-mode
	accepts loader --dev veth0 --rollback
	assert_equal "$(everything)" none
}

@test "a load that is not attached, or changes nothing, leaves nothing pending" {
	accepts loader --dev veth0
	accepts loader --dev veth0 --force --reuse-maps --confirm=60
	assert_contains "$output" "unchanged: veth0 has this program already"
	rejects 1 "no load waits for confirmation" loader --dev veth0 --confirm
	local before
	before=$(everything)
	rejects 30 "does not support XDP in native mode" loader --dev lo --confirm=60
	assert_equal "$(everything)" "$before"
	run strace -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:error=ENOMEM "$TOP/xdp_loader" --dev veth0 --force --confirm=60
	assert_equal "$status" 40
	assert_equal "$(everything)" "$before"
	assert_equal "$(watchers)" ""
}
