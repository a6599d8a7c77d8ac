#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The reader: what it prints, when, where to, and how it follows a pin.

load helper

setup() {
	need_kernel
	make_pair
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
	reader=
}

teardown() {
	[ -z "$reader" ] || kill "$reader" 2>/dev/null || true
	remove_all
}

start_reader() { # start_reader OPTIONS...: SIGINT as on a terminal, which & ignores
	rm -f "$out" # the output of a reader before it is not waited for
	env --default-signal=INT "$TOP/xdp_stats" "$@" >"$out" 2>"$err" 3>&- &
	reader=$!
}

wait_for() { # wait_for FILE TEXT: at most 5 s
	local i
	for i in $(seq 100); do
		grep -q -- "$2" "$1" 2>/dev/null && return 0
		sleep 0.05
	done
	printf 'no "%s" in:\n' "$2" && cat "$1"
	return 1
}

stop_reader() {
	kill -"${1:-TERM}" "$reader"
	wait "$reader" && status=0 || status=$?
	reader=
}

@test "the table: a heading and five rows of equal length" {
	accepts loader --dev veth0
	accepts flood 1000 60
	accepts stats --dev veth0 --count 1
	# where the ids are long, the title takes two lines
	local title rows=("${lines[@]: -6}")
	title=$(head -n -6 <<<"$output" | tr '\n' ' ' | tr -s ' ')
	[[ $title =~ ^veth0\ xdp_pass_func\ \(id\ $(attached veth0 | cut -d' ' -f2),\ native\)\ map\ $(map_id veth0)\ [0-9]{4}-[0-9]{2}-[0-9]{2}\ [0-9:]{8}\ over\ 0\.[0-9]{3}\ s\ $ ]]
	assert_equal "${rows[0]}" "action              packets           pps        bytes     bit/s"
	[[ ${rows[3]} =~ ^XDP_PASS\ +1000\ +0\ +60000\ +0$ ]]
	assert_equal "$(printf '%s\n' "${rows[@]}" | awk '{ print length }' | sort -u)" 64
	[ "$(awk 'length > 79' <<<"$output" | wc -l)" = 0 ]
	assert_contains "$stderr" "$BPFFS/veth0/xdp_stats_map"
	accepts stats --dev veth0 --count 1 --quiet
	assert_equal "$stderr" ""
}

@test "numbers are plain in a file, and grouped on a terminal if the locale does so" {
	accepts loader --dev veth0 --progname xdp_drop_func
	accepts flood 1234567 60
	accepts stats --dev veth0 --once
	assert_contains "$output" " 1234567 "
	local locales=/run/locales
	mkdir -p "$locales"
	localedef -i en_US -f UTF-8 "$locales/en_US.UTF-8" || skip "no source of an en_US locale"
	run env LOCPATH="$locales" LC_ALL=en_US.UTF-8 script -qec \
		"'$TOP/xdp_stats' --dev veth0 --once" /dev/null
	assert_contains "$output" " 1,234,567 "
}

@test "json: one valid object a line, null rates without a period" {
	accepts loader --dev veth0
	accepts stats --dev veth0 --count 2 --interval 0.1 --json
	assert_equal "${#lines[@]}" 2
	assert_equal "$stderr" ""
	local keys='["actions","ifname","lost","map_id","mode","period_s","pin","prog_id","prog_name","time"]'
	assert_equal "$(jq -c keys <<<"${lines[1]}")" "$keys"
	assert_equal "$(jq -c '.actions | keys_unsorted' <<<"${lines[1]}")" \
		'["XDP_ABORTED","XDP_DROP","XDP_PASS","XDP_TX","XDP_REDIRECT"]'
	# about the interval: a tick that came late makes the period after it shorter
	assert_equal "$(jq '.period_s > 0 and .period_s < 1' <<<"${lines[1]}")" true
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq -c '[.period_s, .actions.XDP_PASS.packets_per_s]' <<<"$output")" "[null,null]"
}

@test "rates are those of the period" {
	accepts loader --dev veth0
	start_reader --dev veth0 --json --interval 0.5 --count 3
	wait_for "$out" period_s
	accepts flood 10000 1000
	wait "$reader"
	reader=
	# over all periods, rate times period adds up to what was sent
	assert_equal "$(jq -s '[.[] | .actions.XDP_PASS.packets_per_s * .period_s] | add / 100 | round' "$out")" 100
	assert_equal "$(jq -s '[.[] | .actions.XDP_PASS.bits_per_s * .period_s] | add / 1e6 | round' "$out")" 80
}

# However late this machine is, the deadlines are not: they are what is compared.
@test "ticks do not drift: they are on time at the end as at the beginning" {
	accepts loader --dev veth0
	accepts stats --dev veth0 --json --interval 0.02 --count 101
	assert_equal "${#lines[@]}" 101
	# how late each is, in an interval that begins with the first; most are on time
	jq -s '[.[1:][].time] as $t | [$t[] | ((. - $t[0]) * 1000 + 10) % 20] as $late |
		($late[:30] | sort | .[15]) as $a | ($late[-30:] | sort | .[15]) as $b |
		($a - $b) | fabs' <<<"$output" >"$BATS_TEST_TMPDIR/drift"
	echo "# drift in 100 ticks of 20 ms: $(cat "$BATS_TEST_TMPDIR/drift") ms" >&3
	jq -e '. < 4' "$BATS_TEST_TMPDIR/drift"
}

@test "every report is in the file at once" {
	accepts loader --dev veth0
	start_reader --dev veth0 --interval 60
	wait_for "$out" action
	assert_equal "$(grep -c ^XDP_ "$out")" 5
	stop_reader
}

@test "head ends it cleanly; a full disk is reported" {
	accepts loader --dev veth0
	run bash -c "'$TOP/xdp_stats' --dev veth0 --interval 0.05 -q | head -n 1; exit \${PIPESTATUS[0]}"
	assert_equal "$status" 0
	assert_equal "${#lines[@]}" 1
	run --separate-stderr bash -c "'$TOP/xdp_stats' --dev veth0 --interval 0.05 >/dev/full"
	assert_equal "$status" 1
	assert_contains "$stderr" "No space left"
}

@test "Ctrl-C and SIGTERM end it quietly" {
	accepts loader --dev veth0
	local signal
	for signal in INT TERM; do
		start_reader --dev veth0 --quiet
		wait_for "$out" XDP_REDIRECT
		stop_reader $signal
		assert_equal "$status" 0
		assert_equal "$(cat "$err")" ""
	done
}

@test "a reload is followed: an event, a new baseline, no negative rate" {
	accepts loader --dev veth0
	accepts flood 5000 60
	start_reader --dev veth0 --json --interval 0.1
	wait_for "$out" period_s
	local old new
	old=$(map_id veth0)
	accepts loader --dev veth0 --force
	new=$(map_id veth0)
	wait_for "$out" "\"event\":\"map-replaced\",\"map_id\":$new,\"previous_map_id\":$old"
	accepts flood 300 60
	wait_for "$out" '"packets":300'
	accepts loader --dev veth0 --unload
	wait_for "$out" '"event":"unpinned"'
	accepts loader --dev veth0
	wait_for "$out" "\"event\":\"pinned\",\"map_id\":$(map_id veth0),"
	wait_for "$out" "\"map_id\":$(map_id veth0),\"period_s\":0"
	stop_reader
	assert_equal "$(jq -s '[.[].actions // {} | .[].packets_per_s | select(. != null and . < 0)] | length' "$out")" 0
	# the first report of a new map has no rates
	assert_equal "$(jq -s --argjson id "$new" '[.[] | select(.map_id == $id and .actions)][0].period_s' "$out")" null
}

@test "events as text are on stderr" {
	accepts loader --dev veth0
	start_reader --dev veth0 --interval 0.1 --quiet
	wait_for "$out" XDP_REDIRECT
	local old
	old=$(map_id veth0)
	accepts loader --dev veth0 --force
	wait_for "$err" "veth0: map $old replaced by map $(map_id veth0), counting anew"
	old=$(map_id veth0)
	accepts loader --dev veth0 --unload
	wait_for "$err" "veth0: map $old unpinned, waiting for another"
	accepts loader --dev veth0
	wait_for "$err" "veth0: map $(map_id veth0) pinned, counting anew"
	stop_reader
}

id_of() { # id_of IFNAME: of the attached program
	attached "$1" | cut -d' ' -f2
}

@test "who counts: a program that is attached, replaced or detached is an event" {
	local first second
	accepts loader --dev veth0
	first=$(id_of veth0)
	start_reader --dev veth0 --json --interval 0.05
	wait_for "$out" "\"prog_id\":$first,\"prog_name\":\"xdp_pass_func\",\"mode\":\"native\""
	accepts loader --dev veth0 --force --reuse-maps --progname xdp_drop_func
	second=$(id_of veth0)
	wait_for "$out" "\"event\":\"program-replaced\",\"prog_id\":$second,\"prog_name\":\"xdp_drop_func\",\"mode\":\"native\",\"previous_prog_id\":$first,"
	ip link set dev veth0 xdp off
	wait_for "$out" "\"event\":\"detached\",\"previous_prog_id\":$second,"
	wait_for "$out" '"prog_id":0,"prog_name":null,"mode":null'
	bpftool prog load "$TOP/xdp_prog_kern.o" "$BPFFS/other" type xdp
	bpftool net attach xdpgeneric pinned "$BPFFS/other" dev veth0
	wait_for "$out" "\"event\":\"attached\",\"prog_id\":$(id_of veth0),.*\"mode\":\"skb\""
	stop_reader
	jq -es 'all(.[]; .pin)' "$out"
	# each is told once
	assert_equal "$(jq -r 'select(.event) | .event' "$out" | xargs)" "program-replaced detached attached"
}

@test "who counts, in words" {
	local first second
	accepts loader --dev veth0
	first=$(id_of veth0)
	start_reader --dev veth0 --interval 0.05 --quiet
	wait_for "$out" "^veth0  xdp_pass_func (id $first, native)  map "
	accepts loader --dev veth0 --force --reuse-maps --skb-mode --progname xdp_drop_func
	second=$(id_of veth0)
	wait_for "$err" "veth0: program $first replaced by program $second (xdp_drop_func, skb)"
	ip link set dev veth0 xdpgeneric off
	wait_for "$err" "veth0: program $second detached, packets are not counted any more"
	wait_for "$out" "^veth0  no program  map "
	ip link delete dev veth0
	stop_reader
}

@test "who counts, without privileges: the id and the mode, not the name" {
	accepts loader --dev veth0
	chmod a+rx "$BPFFS" "$BPFFS/veth0"
	chmod a+r "$BPFFS/veth0/xdp_stats_map"
	accepts setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		"$TOP/xdp_stats" --dev veth0 --once --quiet
	assert_contains "$output" "veth0  id $(id_of veth0), native  map "
}

@test "who counts: the kernel tells nobody of a bpf_link, so it is asked again" {
	accepts loader --dev veth0
	ip link set dev veth0 xdp off
	bpftool prog load "$TOP/xdp_prog_kern.o" "$BPFFS/linked" type xdp
	start_reader --dev veth0 --json --interval 0.05
	wait_for "$out" '"prog_id":0'
	python3 "$TOP/tests/hold_link.py" "$BPFFS/linked" veth0 3>&- &
	local holder=$! i
	for i in 1 2 3; do wait_for "$out" '"event":"attached"' && break; done
	kill "$holder"
	stop_reader
	grep -q '"event":"attached"' "$out"
}

@test "a pin of the wrong kind is reported once, and so is its end" {
	accepts loader --dev veth0
	start_reader --dev veth0 --interval 0.05 --quiet
	wait_for "$out" XDP_REDIRECT
	accepts loader --dev veth0 --force --filename "$OBJECTS/other_shape.o"
	wait_for "$err" "value_size: pinned 24, expected 16"
	sleep 0.3
	assert_equal "$(grep -c value_size "$err")" 1
	accepts loader --dev veth0 --force
	wait_for "$err" "pinned, counting anew"
	stop_reader
}

@test "several interfaces, and all of them, also later ones" {
	ip link add dev e0.1 type veth peer name e1
	accepts loader --dev veth0
	accepts loader --dev e0.1
	mkdir "$BPFFS/foreign"
	accepts stats --dev veth0 --dev e0.1 --dev veth0 --once --json
	assert_equal "$(jq -r .ifname <<<"$output" | tr '\n' ' ')" "e0.1 veth0 "
	accepts stats --all --once --json
	assert_equal "$(jq -r .ifname <<<"$output" | tr '\n' ' ')" "e0.1 veth0 "
	start_reader --all --json --interval 0.1
	wait_for "$out" e0.1
	accepts loader --dev e1
	wait_for "$out" '"ifname":"e1","event":"pinned"'
	wait_for "$out" '"ifname":"e1","map_id":[0-9]*,"period_s":0'
	stop_reader
}

@test "nothing pinned: no such interface, or no program" {
	rejects 40 "nothing is pinned there" stats --dev nosuch --once
	assert_contains "$stderr" "there is no interface 'nosuch'"
	rejects 40 "nothing is pinned there" stats --dev veth0 --once
	assert_contains "$stderr" "xdp_loader --dev veth0"
}

pin_many() { # pin_many COUNT: the map of veth0 under so many names more
	local i
	for i in $(seq "$1"); do
		mkdir "$BPFFS/many$i"
		bpftool map pin id "$(map_id veth0)" "$BPFFS/many$i/xdp_stats_map"
	done
}

@test "the reports of a tick are written together, in writes that a pipe takes as a whole" {
	accepts loader --dev veth0
	pin_many 60
	strace -qq -e trace=write -s 100000 -o "$BATS_TEST_TMPDIR/trace" \
		"$TOP/xdp_stats" --all --json --quiet --once >"$BATS_TEST_TMPDIR/out"
	assert_equal "$(jq -r .ifname <"$BATS_TEST_TMPDIR/out" | wc -l)" 61
	local writes
	writes=$(wc -l <"$BATS_TEST_TMPDIR/trace")
	echo "# 61 reports in $writes writes" >&3
	[ "$writes" -le 15 ]
	run ! grep -v '}\\n", [0-9]*) *= ' "$BATS_TEST_TMPDIR/trace"
	[ "$(sed -n 's/.*) *= //p' "$BATS_TEST_TMPDIR/trace" | sort -n | tail -n 1)" -le 4096 ]
}

@test "a signal does not split a report, even on a slow pipe" {
	accepts loader --dev veth0
	pin_many 60
	local i
	for i in 1 2 3 4 5; do
		mkfifo "$BATS_TEST_TMPDIR/pipe$i"
		"$TOP/xdp_stats" --all --json --quiet --interval 0.01 \
			>"$BATS_TEST_TMPDIR/pipe$i" 2>/dev/null 3>&- &
		local reader=$!
		exec 8<"$BATS_TEST_TMPDIR/pipe$i"
		sleep 0.5 # until the pipe is full
		kill "$reader"
		wait "$reader"
		cat <&8 >"$BATS_TEST_TMPDIR/out"
		exec 8<&-
		[ "$(wc -c <"$BATS_TEST_TMPDIR/out")" -gt 40000 ]
		assert_equal "$(tail -c 2 "$BATS_TEST_TMPDIR/out")" "}"
	done
}

@test "--all with nothing pinned waits; --once then fails" {
	rejects_nothing() { run --separate-stderr stats --all --once; }
	rejects_nothing
	assert_equal "$status" 40
	assert_contains "$stderr" "no xdp_stats_map that can be read"
	start_reader --all --json --interval 0.1
	sleep 0.3
	accepts loader --dev veth0
	wait_for "$out" '"event":"pinned"'
	stop_reader
}

@test "without batch look-ups each entry is read" {
	accepts loader --dev veth0
	accepts flood 1000 60
	# open, information, then the batch: the third bpf() fails as on an old kernel
	run --separate-stderr strace -qq -o "$BATS_TEST_TMPDIR/trace" -e trace=bpf \
		-e inject=bpf:error=EINVAL:when=3 "$TOP/xdp_stats" --dev veth0 --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 1000
	assert_equal "$(grep -c 'MAP_LOOKUP_BATCH.*(INJECTED)' "$BATS_TEST_TMPDIR/trace")" 1
	assert_equal "$(grep -c MAP_LOOKUP_ELEM "$BATS_TEST_TMPDIR/trace")" 5
}

@test "a hundred interfaces with a low limit of descriptors" {
	local i
	accepts loader --dev veth0
	for i in $(seq 100); do
		mkdir "$BPFFS/many$i"
		bpftool map pin pinned "$BPFFS/veth0/xdp_stats_map" "$BPFFS/many$i/xdp_stats_map"
	done
	run --separate-stderr bash -c "ulimit -Sn 20; '$TOP/xdp_stats' --all --once --json"
	assert_equal "$status" 0
	assert_equal "${#lines[@]}" 101
}

@test "a pin that could not be read is read when it can be" {
	accepts loader --dev veth0
	cp "$TOP/xdp_stats" /run/xdp_stats
	chmod 755 "$BPFFS" "$BPFFS/veth0"
	chmod 644 "$BPFFS/veth0/xdp_stats_map"
	setpriv --reuid 65534 --clear-groups /run/xdp_stats --dev veth0 --json --interval 0.05 \
		>"$out" 2>"$err" 3>&- &
	reader=$!
	wait_for "$out" period_s
	accepts loader --dev veth0 --force
	chmod 600 "$BPFFS/veth0/xdp_stats_map"
	accepts loader --dev veth0 --force
	wait_for "$err" "Permission denied"
	chmod 644 "$BPFFS/veth0/xdp_stats_map"
	wait_for "$out" "\"map_id\":$(map_id veth0),\"period_s\":0"
	assert_equal "$(grep -c denied "$err")" 1
	stop_reader
}

@test "an alternative name works like the name of the interface, with one note" {
	ip link property add dev veth0 altname other0
	accepts loader --dev veth0
	accepts stats --dev other0 --dev veth0 --count 2 --interval 0.05 --json
	assert_equal "$(jq -r .ifname <<<"$output" | tr '\n' ' ')" "veth0 veth0 "
	assert_equal "$stderr" "xdp_stats: other0 is another name of veth0"
	accepts stats --dev other0 --once --quiet
	assert_equal "$stderr" ""
	accepts loader --dev veth0 --unload
	rejects 40 "cannot open $BPFFS/veth0/xdp_stats_map" stats --dev other0 --once
}

@test "pins of an interface that is gone can be read" {
	accepts loader --dev veth0
	accepts flood 1000 60
	ip link delete dev veth0
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 1000
}

@test "a program that does not count: said, and no load is proposed" {
	compile "$BATS_TEST_TMPDIR/silent.o" <<<'#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		SEC("xdp") int a_program_that_counts_nothing(struct xdp_md *ctx) { return XDP_PASS; }'
	ip link set dev veth0 xdp obj "$BATS_TEST_TMPDIR/silent.o" sec xdp
	rejects 40 "a_program_that_counts_nothing, native" stats --dev veth0 --once
	assert_contains "$stderr" "hint: the attached program uses no map, so it counts nothing"
	[[ $stderr != *xdp_loader\ * ]]
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$TOP/xdp_stats" --dev veth0 --once
	[ "$status" = 40 ]
	[[ $stderr != *xdp_loader\ * ]]
	ip link set dev veth0 xdp off
}

@test "a map of another name: the loader and the reader name the command that reads it" {
	compile "$BATS_TEST_TMPDIR/other.o" <<<'#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		#include "xdp_stats_kern_user.h"
		struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, XDP_ACTION_MAX);
			__type(key, __u32); __type(value, struct datarec); } verdicts SEC(".maps");
		SEC("xdp") int p(struct xdp_md *ctx) { __u32 key = XDP_PASS;
			struct datarec *record = bpf_map_lookup_elem(&verdicts, &key);
			if (record) record->rx_packets++; return XDP_PASS; }'
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/other.o"
	assert_contains "$output" "verdicts holds counters: xdp_stats --dev veth0 --map verdicts"
	rejects 40 "hint: verdicts can be read: xdp_stats --dev veth0 --map verdicts" stats --dev veth0 --once
	flood 10 60
	accepts stats --map verdicts --dev veth0 --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 10
	accepts stats --map verdicts --all --once --json
	assert_equal "$(jq -r .ifname <<<"$output")" veth0
	accepts stats --pin "$BPFFS/veth0/verdicts" --once --json
	assert_equal "$(jq -c '[.ifname, .pin, .actions.XDP_PASS.packets]' <<<"$output")" \
		"[null,\"$BPFFS/veth0/verdicts\",10]"
	accepts stats --pin "$BPFFS/veth0/verdicts" --once --quiet
	assert_contains "$output" "$BPFFS/veth0/verdicts  map"
	rejects 2 "no pin can have this name" stats --dev veth0 --map ../x
	rejects 2 "contradicts" stats --all --pin "$BPFFS/veth0/verdicts"
	rejects 40 "nothing is pinned there" stats --pin "$BPFFS/nosuch" --once
}

@test "other pins of the interface are listed, and no load is proposed" {
	accepts loader --dev veth0
	mv "$BPFFS/veth0/xdp_stats_map" "$BPFFS/veth0/other"
	rejects 40 "hint: other can be read: xdp_stats --dev veth0 --map other" stats --dev veth0 --once
	assert_contains "$stderr" "pinned for veth0: other"
	assert_contains "$stderr" "attached to veth0: id $(attached veth0 | cut -d' ' -f2), xdp_pass_func, native"
	[[ $stderr != *xdp_loader\ * ]]
	flood 10 60
	accepts stats --dev veth0 --once --json --map other
	assert_equal "$(jq -c '[.actions.XDP_PASS.packets, .pin]' <<<"$output")" "[10,\"$BPFFS/veth0/other\"]"
	mv "$BPFFS/veth0/other" "$BPFFS/veth0/"$'nl\nhint: sudo x\e[2J'
	rejects 40 'pinned for veth0: nl\x0ahint: sudo x\x1b[2J' stats --dev veth0 --once
	[[ $stderr != *$'\e'* ]]
	rm "$BPFFS/veth0"/*
	rejects 40 "no such map of the attached program is pinned" stats --dev veth0 --once
	ip link set dev veth0 xdp off
	rejects 40 "hint: load a program that counts: xdp_loader --dev veth0" stats --dev veth0 --once
	assert_contains "$stderr" "attached to veth0: nothing"
	bpftool prog load "$TOP/xdp_prog_kern.o" "$BPFFS/veth0/xdp_stats_map" type xdp
	rejects 40 "bpftool prog show pinned $BPFFS/veth0/xdp_stats_map" stats --dev veth0 --once
	[[ $stderr != *xdp_loader* ]]
}

@test "no permission: the hints, one after the other, solve it" {
	local user="setpriv --reuid 65534 --regid 65534 --clear-groups" i command commands=
	cp "$TOP/xdp_stats" /run/xdp_stats
	accepts loader --dev veth0
	chmod 700 "$BPFFS"
	for i in 1 2 3; do
		rejects 40 "Permission denied" $user /run/xdp_stats --dev veth0 --once
		command=$(grep -o 'chmod .*' <<<"$stderr")
		commands+="$command;"
		bash -c "$command"
	done
	accepts $user /run/xdp_stats --dev veth0 --once
	assert_equal "$commands" \
		"chmod a+x $BPFFS;chmod a+x $BPFFS/veth0;chmod a+r $BPFFS/veth0/xdp_stats_map;"
	chmod 755 "$BPFFS"
	chmod 700 "$BPFFS/veth0"
	rejects 40 "you may not enter 1 of the directories" $user /run/xdp_stats --all --once
	chmod 700 "$BPFFS"
	rejects 40 "chmod a+rx $BPFFS" $user /run/xdp_stats --all --once
	[[ $stderr != *xdp_loader* ]]
}

refuse_bpf() { # refuse_bpf WHEN OPTIONS...: that call of bpf(2) is not permitted
	strace -qq -o /dev/null -e trace=bpf -e inject=bpf:error=EPERM:when="$1" "$TOP/xdp_stats" "${@:2}"
}

@test "bpf(2) forbidden: no chmod is proposed; a map that cannot be read is a failure" {
	accepts loader --dev veth0
	rejects 40 "cannot open $BPFFS/veth0/xdp_stats_map: Operation not permitted" \
		refuse_bpf 1 --dev veth0 --once
	assert_contains "$stderr" "seccomp filter"
	[[ $stderr != *chmod* ]]
	rejects 40 "cannot read $BPFFS/veth0/xdp_stats_map: Operation not permitted" \
		refuse_bpf 3 --dev veth0 --once
	# told once, and reading goes on when it can
	run --separate-stderr refuse_bpf 3..5 --dev veth0 --json --interval 0.01 --count 6
	assert_equal "$status" 0
	assert_equal "$(grep -c "cannot read" <<<"$stderr")" 1
	assert_equal "$(jq -s '[.[] | select(.event == "unreadable")] | length' <<<"$output")" 1
	assert_equal "$(jq -s '[.[] | select(.actions)] | length' <<<"$output")" 4
}

@test "json: what cannot be read is an event, and a failure is an object" {
	accepts loader --dev veth0
	start_reader --dev veth0 --interval 0.05 --json
	wait_for "$out" period_s
	accepts loader --dev veth0 --force --filename "$OBJECTS/other_shape.o"
	wait_for "$out" '"event":"unreadable"'
	wait_for "$err" "not a map of XDP statistics"
	stop_reader
	assert_equal "$(jq -c 'select(.event == "unreadable") | keys' "$out")" \
		'["cause","error","event","hint","ifname","pin","time"]'
	run --separate-stderr stats --dev veth0 --once --json
	assert_equal "$status" 40
	assert_equal "$(jq -c keys <<<"$output")" '["cause","error","exit_code","hint"]'
	assert_equal "$stderr" ""
	run --separate-stderr stats --bogus --json
	assert_equal "$(jq .exit_code <<<"$output")" 2
	assert_equal "$stderr" ""
}

# What --explain has told, without numbers: one line for each step.
steps() { # steps FILE
	grep -E '^ *[0-9]+\. ' "$1" | sed -E 's/^ *[0-9]+\. //; s/[0-9]+/N/g'
}

@test "--explain prints each step once per map, with commands that can be typed" {
	ip link set dev veth0 down
	ip link set dev veth0 name '$(id)'
	ip link set dev '$(id)' up
	accepts loader --dev '$(id)'
	start_reader --dev '$(id)' --explain --interval 0.05
	wait_for "$out" XDP_REDIRECT
	sleep 0.3
	assert_equal "$(steps "$err" | wc -l)" 3
	accepts loader --dev '$(id)' --force
	wait_for "$err" '^ *6\. '
	sleep 0.3
	stop_reader
	assert_equal "$(steps "$err" | sort | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" "2 2 2 "
	assert_contains "$(cat "$err")" "of map $(map_id '$(id)'),"
	local command count=0
	while read -r command; do
		count=$((count + 1))
		accepts bash -c "$command"
		assert_contains "$output" xdp_stats_map || assert_contains "$output" rx_packets
	done < <(sed -n 's/^ *by hand: //p' "$err" | sort -u)
	assert_equal "$count" 2
}

@test "--explain: five look-ups if there is no batch look-up" {
	accepts loader --dev veth0
	run --separate-stderr strace -qq -o /dev/null -e trace=bpf -e inject=bpf:error=EINVAL:when=3 \
		"$TOP/xdp_stats" --dev veth0 --once --explain
	assert_contains "$stderr" "it is read in five, one for each action"
	[[ $stderr != *"in one call:"* ]]
}

@test "/sys may show other CPUs than the kernel has: the counts are right" {
	local list cpus pin=$BPFFS/byhand/xdp_stats_map
	cpus=$(nproc --all)
	mkdir "$BPFFS/byhand"
	bpftool map create "$pin" type percpu_array key 4 value 16 entries 5 name xdp_stats_map
	# bpftool writes the same record for every CPU
	bpftool map update pinned "$pin" key 2 0 0 0 value 7 0 0 0 0 0 0 0 9 0 0 0 0 0 0 0
	bpftool map update pinned "$pin" key 4 0 0 0 value 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0
	for list in "$(cat /sys/devices/system/cpu/possible)" 0 0-7 0-1000 0-100000 rubbish ''; do
		printf '%s\n' "$list" >/run/possible
		mount --bind /run/possible /sys/devices/system/cpu/possible
		run --separate-stderr stats --dev byhand --once --json --explain
		umount /sys/devices/system/cpu/possible
		assert_equal "$status" 0
		assert_equal "$(jq -c '[.actions[] | .packets, .bytes]' <<<"$output")" \
			"[0,0,0,0,$((7 * cpus)),$((9 * cpus)),0,0,$cpus,$((2 * cpus))]"
		[ "$list" = "$(cat /sys/devices/system/cpu/possible)" ] ||
			assert_contains "$stderr" "one for each of $cpus CPUs"
		mount --bind /run/possible /sys/devices/system/cpu/possible
		run --separate-stderr strace -qq -o /dev/null -e inject=bpf:error=EINVAL:when=3 \
			"$TOP/xdp_stats" --dev byhand --once --json
		umount /sys/devices/system/cpu/possible
		assert_equal "$(jq -c '.actions.XDP_PASS | [.packets, .bytes]' <<<"$output")" \
			"[$((7 * cpus)),$((9 * cpus))]"
	done
}

@test "--all forgets the names of pins that are gone" {
	accepts loader --dev veth0
	pin_many 100
	start_reader --all --json --interval 0.05
	wait_for "$out" many100
	rm -r "$BPFFS"/many*
	wait_for "$out" '"ifname":"many99","event":"unpinned"'
	sleep 0.3
	assert_equal "$(grep -c unpinned "$out")" 100
	timeout -s INT 1 strace -qq -o "$BATS_TEST_TMPDIR/trace" -p "$reader" || true
	grep -q 'veth0/xdp_stats_map' "$BATS_TEST_TMPDIR/trace"
	run ! grep many "$BATS_TEST_TMPDIR/trace"
	pin_many 1
	wait_for "$out" '"ifname":"many1","event":"pinned"'
	stop_reader
}

@test "SIGINT that was ignored stays ignored" {
	accepts loader --dev veth0
	env --ignore-signal=INT "$TOP/xdp_stats" --dev veth0 --quiet --interval 0.05 >"$out" 2>"$err" 3>&- &
	reader=$!
	wait_for "$out" XDP_REDIRECT
	kill -INT "$reader"
	: >"$out"
	wait_for "$out" XDP_REDIRECT
	stop_reader TERM
	assert_equal "$status" 0
}

@test "--per-cpu: the CPU that has counted, in the table and as JSON" {
	accepts loader --dev veth0
	inside taskset -c 1 "$TOP/build/flood" --dev in --count 100 --socket
	inside taskset -c 0 "$TOP/build/flood" --dev in --count 10 --socket
	accepts stats --dev veth0 --once --json --per-cpu
	assert_equal "$(jq -c '[.cpus[] | [.cpu, .actions.XDP_PASS.packets]]' <<<"$output")" "[[0,10],[1,100]]"
	assert_equal "$(jq '[.cpus[].actions.XDP_PASS.bytes] | add == 6600' <<<"$output")" true
	accepts stats --dev veth0 --once --per-cpu --quiet
	assert_equal "$(grep -A2 XDP_PASS <<<"$output" | tail -n 2 | awk '{ print $1, $2, $3 }' | xargs)" \
		"CPU 0 10 CPU 1 100"
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq .cpus <<<"$output")" null
}
