#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The exercises: every solution passes its check, and what a learner may well hand in
# instead is refused, with words that lead on.

load helper

setup() {
	need_kernel
	cd "$BATS_TEST_TMPDIR"
}

check() { # check N FILE
	run --separate-stderr timeout -k 5 50 "$TOP/exercises/check.sh" "$@" 3>&-
}

solves() { # solves N FILE
	check "$1" "$TOP/exercises/solutions/$2"
	assert_equal "$status $output" "0 exercise $1: solved" || { echo "$stderr" && return 1; }
}

refuses() { # refuses N FILE TEXT...
	local text
	check "$1" "$2"
	assert_equal "$status" 1 || { echo "$output $stderr" && return 1; }
	for text in "exercise $1: not solved yet" "expected: " "seen: " "look at: " "${@:3}"; do
		assert_contains "$output" "$text" || return 1
	done
}

# A solution with a mistake in it: mistake FILE SED-SCRIPT makes ./FILE.
mistake() {
	sed "$2" "$TOP/exercises/solutions/$1" >"$1"
	! cmp -s "$1" "$TOP/exercises/solutions/$1" || { echo "no mistake in $1" && return 1; }
}

@test "1: solution; nothing sent, another program, more than the number" {
	solves 1 1.sh
	refuses 1 "$TOP/exercises/start/1.sh" "under XDP_TX" "which program sends a packet back"
	echo 'echo "$COUNT"' >1.sh
	refuses 1 1.sh "nothing is pinned in /sys/fs/bpf/ex"
	mistake 1.sh 's/ --json.*//'
	refuses 1 1.sh "one line on stdout: "
	echo 'exit 5' >1.sh
	refuses 1 1.sh "exit status 5"
}

@test "2: two solutions; one CPU alone, nothing, xdp_stats itself" {
	solves 2 2.sh
	solves 2 2.py
	mistake 2.sh 's/\[\.values\[\]\.value\.\(rx_[a-z]*\)\] | add/.values[0].value.\1/g'
	refuses 2 2.sh "this is what CPU 0 has counted" "add them up"
	refuses 2 "$TOP/exercises/start/2.sh" "nothing on stdout"
	echo './xdp_stats --dev "$DEV" --once' >2.sh
	refuses 2 2.sh "xdp_stats is put away in this exercise"
}

@test "3: solution; nothing attached, two loads, a pin left behind, a stranger among the pins, skb" {
	solves 3 3.sh
	refuses 3 "$TOP/exercises/start/3.sh" "none is attached"
	mistake 3.sh 's/xdpdrv pinned .*/xdpdrv object xdp_prog_kern.o section xdp/'
	refuses 3 3.sh "packets more in the map" "loading an object twice"
	mistake 3.sh '/^rm/d'
	refuses 3 3.sh "nothing left in /sys/fs/bpf" "/sys/fs/bpf/program_for_ex" "the interface holds it"
	mistake 3.sh '/^rm/d; s,/program_for_,/,; s,^program=.*,&/prog,; /^bpftool/i mkdir /sys/fs/bpf/$DEV'
	refuses 3 3.sh "only maps belong there"
	mistake 3.sh 's/xdpdrv/xdpgeneric/'
	refuses 3 3.sh "a native program on ex"
}

@test "4: solution; unlinked first (in a shell, and as fast as can be), another shape, nothing done" {
	solves 4 4.sh
	refuses 4 "$TOP/exercises/start/4.sh" "as before"
	mistake 4.sh 's/^mv.*/rm "$PIN"; mv "$new" "$PIN"/'
	refuses 4 4.sh "No such file or directory" "the order"
	mistake 4.sh 's/^mv.*/python3 -c "import os; os.unlink(\\"$PIN\\"); os.rename(\\"$new\\", \\"$PIN\\")"/'
	refuses 4 4.sh "No such file or directory"
	mistake 4.sh 's/value 16/value 8/'
	refuses 4 4.sh "a map of the same shape" "value_size"
	mistake 4.sh '/^mv/i mv "$PIN" "$PIN-old"'
	refuses 4 4.sh "no other pin"
}

@test "5: solution; untouched, no bounds, no byte order, no EtherType, not C" {
	solves 5 5.c
	refuses 5 "$TOP/exercises/start/5.c" "UDP over IPv6 to port 7" "XDP_DROP"
	mistake 5.c '/data_end)/,+1d'
	refuses 5 5.c "a program that the verifier accepts" "drop_echo" "hint: "
	mistake 5.c 's/bpf_htons(port)/port/'
	refuses 5 5.c "XDP_"
	mistake 5.c 's/eth->h_proto == bpf_htons(ETH_P_IPV6) && //'
	refuses 5 5.c "the EtherType"
	mistake 5.c 's/return xdp_stats_record_action(ctx, \(.*\));/return \1;/'
	refuses 5 5.c "headers/xdp_stats_kern.h"
	mistake 5.c 's/udp->dest/udp->destination/'
	refuses 5 5.c "a program that compiles" "destination"
	refuses 5 "$TOP/exercises/start/1.sh" "a file that ends in .c"
}

@test "6: solution; no second map, another shape, IPv4 alone, packets not counted" {
	solves 6 6.c
	refuses 6 "$TOP/exercises/start/6.c" "a map pinned at /sys/fs/bpf/ex/proto_map"
	mistake 6.c 's/BPF_MAP_TYPE_PERCPU_ARRAY/BPF_MAP_TYPE_ARRAY/'
	refuses 6 6.c "proto_map: percpu_array" "array, key 4"
	mistake 6.c 's/return ip6->nexthdr/return -1/'
	refuses 6 6.c "in proto_map" "which header the protocol number is in"
	mistake 6.c 's/return xdp_stats_record_action(ctx, XDP_PASS)/return XDP_PASS/; s/__u32 key = protocol/&, a = XDP_PASS/; s/if (protocol < 0)/bpf_map_lookup_elem(\&xdp_stats_map, \&a);\n&/'
	refuses 6 6.c "packets under XDP_PASS" "every way through your program"
}

@test "7: solution; one CPU alone, no refusal, <bpf/libbpf.h>" {
	solves 7 7.c
	refuses 7 "$TOP/exercises/start/7.c" "nothing on stdout"
	mistake 7.c 's/cpu < cpus/cpu < 1/'
	refuses 7 7.c "add them up"
	mistake 7.c 's/check_shape(path, &info)/0 \&\& &/; s/calloc(cpus/calloc(64 * cpus/'
	refuses 7 7.c "with a pinned map of another shape (percpu_array, key 4, value 24, 5 entries)" "bpf_obj_get_info_by_fd()"
	mistake 7.c 's,#include <bpf/bpf.h>,&\n#include <bpf/libbpf.h>,'
	refuses 7 7.c "and not <bpf/libbpf.h>"
}

@test "8: solution; one that ends, keeps its map, keeps its output, mistakes a reload, dies in a gap" {
	solves 8 8.c
	refuses 8 "$TOP/exercises/solutions/7.c" "goes on until it is stopped" "it ended after its first block"
	mistake 8.c 's/int err, fd = open_map(path, &id);/static __u32 id; static int fd = -1; int err; if (fd < 0) fd = open_map(path, \&id);/; s/^\t__u32 id = 0;//; s/^\tclose(fd);$//'
	refuses 8 8.c "after reload 1" "the descriptor: it stays with the old map"
	mistake 8.c 's/return fflush(stdout) ? -EIO : err/return err/'
	refuses 8 8.c "nothing on stdout" "fflush(stdout)"
	mistake 8.c 's/id != \*last_id)/path)/'
	refuses 8 8.c "replaced"
	mistake 8.c 's/^\t\tif (err && .*/\t\tif (err)/'
	refuses 8 8.c "it ended when the pin had gone"
}

@test "the list, the place of the answers, and what is asked for wrongly" {
	# a project with no answers yet, built elsewhere
	mkdir project
	ln -s "$TOP"/{xdp_loader,xdp_stats,xdp_prog_kern.o,build,headers,libbpf,tests,testenv} project
	cp -r "$TOP/exercises" project
	rm -rf project/exercises/answers
	cd project
	accepts exercises/check.sh
	assert_contains "$output" "begin: cp exercises/start/3.sh exercises/answers/"
	assert_contains "$output" "begin: cp exercises/answers/7.c exercises/answers/8.c"
	assert_equal "$(grep -c '^ [1-8]  ' <<<"$output")" 8
	rejects 1 "there is no answer to exercise 3 yet: looked for exercises/answers/3.sh" exercises/check.sh 3
	assert_contains "$stderr" "hint: begin with: cp exercises/start/3.sh exercises/answers/"
	rejects 1 "there is no exercise '99'" exercises/check.sh 99
	rejects 1 "there is no exercise 'abc'" exercises/check.sh abc
	rejects 1 "there is no file 'none.sh'" exercises/check.sh 3 none.sh
	cp exercises/start/1.sh exercises/answers/
	accepts exercises/check.sh
	assert_contains "$output" "check: make exercise N=1"
	cp exercises/solutions/1.sh exercises/answers/
	accepts exercises/check.sh 1
	accepts exercises/check.sh
	assert_contains "$(head -n 1 <<<"$output")" "  solved"
	touch -d 'next minute' exercises/answers/1.sh
	accepts exercises/check.sh
	assert_contains "$(head -n 1 <<<"$output")" "check: make exercise N=1"
	cp exercises/solutions/2.* exercises/answers/
	rejects 1 "there are several answers to exercise 2" exercises/check.sh 2
	rejects 1 "takes root" setpriv --reuid 65534 --clear-groups exercises/check.sh 1
	rm xdp_stats
	rejects 1 "xdp_stats is not built" exercises/check.sh 1
}

@test "what an answer leaves running ends with the check" {
	cp "$TOP/exercises/solutions/1.sh" .
	echo 'setsid sleep 4711 & sleep 4711 &' >>1.sh
	check 1 1.sh
	assert_equal "$output" "exercise 1: solved"
	! grep -lsz '^4711$' /proc/[0-9]*/cmdline
	echo 'sleep 4711' >1.sh
	refuses 1 1.sh "it was still running"
	! grep -lsz '^4711$' /proc/[0-9]*/cmdline
}

@test "README: every exercise has its parts, and what it names exists" {
	local readme=$TOP/exercises/README.org n file
	for n in 1 2 3 4 5 6 7 8; do
		local text
		text=$(sed -n "/^\* $n\. /,/^\* [^$n]/p" "$readme")
		for part in "Goal: " "| answer | " "| gets " "=make exercise N=$n=" "Hint: "; do
			assert_contains "$text" "$part"
		done
	done
	for file in $(grep -oE '=(exercises|headers|testenv)/[A-Za-z0-9_./]*=' "$readme" | tr -d =); do
		[ -e "$TOP/$file" ] || [ "$file" = exercises/answers/ ] || { echo "no $file" && return 1; }
	done
}
