#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The exercises: the checks accept every solution and reject likely mistakes with a
# message that helps. EXERCISES=all tries more mistakes.

load helper

setup() {
	need_kernel
	cd "$BATS_TEST_TMPDIR"
	jobs=()
}

check() { # check N FILE
	run --separate-stderr timeout -k 5 500 "$TOP/exercises/check.sh" "$@" 3>&-
}

solves() { # solves N FILE
	check "$1" "$TOP/exercises/solutions/$2"
	assert_equal "$status $output" "0 exercise $1: solved" || { echo "$stderr" && return 1; }
}

# A check waits more than it works: three at a time, and then what they found.
beside() { # beside COMMAND...
	while [ "$(jobs -pr | wc -l)" -ge 3 ]; do wait -n || true; done
	"$@" >"said.${#jobs[@]}" 2>&1 3>&- &
	jobs+=($!)
}

# What is left out to save time, unless EXERCISES=all.
also() { # also COMMAND...
	[ "${EXERCISES:-}" != all ] || beside "$@"
}

all_of_them() {
	local i failed=0
	for i in "${!jobs[@]}"; do
		wait "${jobs[i]}" || { cat "said.$i" && failed=1; }
	done
	return "$failed"
}

refuses() { # refuses N FILE TEXT...
	local text
	check "$1" "$2"
	assert_equal "$status" 1 || { echo "$output $stderr" && return 1; }
	for text in "exercise $1: not solved yet" "expected: " "seen: " "look at: " "${@:3}"; do
		assert_contains "$output" "$text" || return 1
	done
}

# A solution with a mistake in it, as ./NAME.
mistake() { # mistake NAME SOLUTION SED-SCRIPT
	sed "$3" "$TOP/exercises/solutions/$2" >"$1"
	! cmp -s "$1" "$TOP/exercises/solutions/$2" || { echo "no mistake in $1" && return 1; }
}

@test "1: solution; nothing sent, another program, more than the number" {
	beside solves 1 1.sh
	beside refuses 1 "$TOP/exercises/start/1.sh" "under XDP_TX" "which program sends a packet back"
	echo 'echo "$COUNT"' >echo.sh
	beside refuses 1 echo.sh "nothing is pinned in /sys/fs/bpf/ex"
	mistake table.sh 1.sh 's/ --json.*//'
	also refuses 1 table.sh "one line on stdout: "
	echo 'echo no >&2; exit 5' >exit.sh
	also refuses 1 exit.sh "exit status 5" "stderr:   no"
	all_of_them
}

@test "2: two solutions; only one CPU, nothing, xdp_stats itself" {
	beside solves 2 2.sh
	beside solves 2 2.py
	mistake one.sh 2.sh 's/\[\.values\[\]\.value\.\(rx_[a-z]*\)\] | add/.values[0].value.\1/g'
	beside refuses 2 one.sh "these are the counters of CPU 0 alone" "add them up"
	also refuses 2 "$TOP/exercises/start/2.sh" "nothing on stdout"
	echo './xdp_stats --dev "$DEV" --once' >tool.sh
	also refuses 2 tool.sh "xdp_stats is not available in this exercise"
	all_of_them
}

@test "3: solution; nothing attached, two loads, a pin left behind, a foreign pin, skb" {
	beside solves 3 3.sh
	also refuses 3 "$TOP/exercises/start/3.sh" "none is attached"
	mistake twice.sh 3.sh 's/xdpdrv pinned .*/xdpdrv object xdp_prog_kern.o section xdp/'
	beside refuses 3 twice.sh "packets more in the map" "loading an object twice"
	mistake left.sh 3.sh '/^rm/d'
	beside refuses 3 left.sh "nothing left in /sys/fs/bpf" "/sys/fs/bpf/program_for_ex" "is held by the interface"
	mistake among.sh 3.sh '/^rm/d; s,/program_for_,/,; s,^program=.*,&/prog,; /^bpftool/i mkdir /sys/fs/bpf/$DEV'
	also refuses 3 among.sh "whether /sys/fs/bpf/ex has only maps"
	mistake skb.sh 3.sh 's/xdpdrv/xdpgeneric/'
	also refuses 3 skb.sh "a native program on ex"
	echo './xdp_loader --dev "$DEV"' >tool.sh
	beside refuses 3 tool.sh "xdp_loader is not available in this exercise"
	all_of_them
}

@test "4: solutions; unlinked first (in a shell, and as fast as possible), another shape, nothing done" {
	beside solves 4 4.sh
	# the directory with the pin in it exchanged, as xdp_loader does: right as well
	cat >exchange.sh <<-'END'
		set -e
		dir=$(dirname "$PIN") && new=$dir-staged_beside_it && mkdir "$new"
		bpftool map create "$new/xdp_stats_map" type percpu_array key 4 value 16 entries 5 name xdp_stats_map
		python3 -c 'import ctypes, sys
		old, new = (name.encode() for name in sys.argv[1:])
		sys.exit(ctypes.CDLL(None).renameat2(-100, old, -100, new, 2))' "$dir" "$new"
		rm -r "$new"
	END
	beside accepts "$TOP/exercises/check.sh" 4 exchange.sh
	also refuses 4 "$TOP/exercises/start/4.sh" "the same as before"
	mistake unlink.sh 4.sh 's/^mv.*/rm "$PIN"; mv "$new" "$PIN"/'
	beside refuses 4 unlink.sh "No such file or directory" "the order"
	mistake fast.sh 4.sh 's/^mv.*/python3 -c "import os; os.unlink(\\"$PIN\\"); os.rename(\\"$new\\", \\"$PIN\\")"/'
	beside refuses 4 fast.sh "removed 5 times"
	mistake shape.sh 4.sh 's/value 16/value 8/'
	also refuses 4 shape.sh "a map of the same shape" "value_size"
	mistake old.sh 4.sh '/^mv/i mv "$PIN" "$PIN-old"'
	also refuses 4 old.sh "no other pin"
	all_of_them
}

@test "5: solution; untouched, no bounds, no byte order, no EtherType, uncounted, not C" {
	beside solves 5 5.c
	also refuses 5 "$TOP/exercises/start/5.c" "UDP over IPv6 to port 7" "XDP_DROP"
	mistake bounds.c 5.c '/data_end)/,+1d'
	beside refuses 5 bounds.c "a program that the verifier accepts" "drop_echo" "hint: "
	mistake order.c 5.c 's/bpf_htons(port)/port/'
	beside refuses 5 order.c "XDP_"
	mistake type.c 5.c 's/eth->h_proto == bpf_htons(ETH_P_IPV6) && //'
	also refuses 5 type.c "the EtherType"
	mistake uncounted.c 5.c 's/return xdp_stats_record_action(ctx, \(.*\));/return \1;/'
	beside refuses 5 uncounted.c "no packet counted" "xdp_stats_record_action()"
	mistake typo.c 5.c 's/udp->dest/udp->destination/'
	beside refuses 5 typo.c "a program that compiles" "destination"
	beside refuses 5 "$TOP/exercises/start/1.sh" "a file that ends in .c"
	all_of_them
}

@test "6: solution; no second map, another shape, only IPv4, packets not counted" {
	beside solves 6 6.c
	beside refuses 6 "$TOP/exercises/start/6.c" "a map pinned at /sys/fs/bpf/ex/proto_map"
	mistake shape.c 6.c 's/BPF_MAP_TYPE_PERCPU_ARRAY/BPF_MAP_TYPE_ARRAY/'
	also refuses 6 shape.c "proto_map: percpu_array" "array, key 4"
	mistake ipv4.c 6.c 's/return ip6->nexthdr/return -1/'
	beside refuses 6 ipv4.c "in proto_map" "the header that has the protocol number"
	mistake uncounted.c 6.c 's/return xdp_stats_record_action(\(.*\));/if (ctx->data_end - ctx->data == 60)\n\t\txdp_stats_record_action(\1);\n\treturn XDP_PASS;/'
	beside refuses 6 uncounted.c "packets under XDP_PASS" "every path through your program"
	all_of_them
}

@test "7: solution; only one CPU, no check of the shape, <bpf/libbpf.h>" {
	beside solves 7 7.c
	also refuses 7 "$TOP/exercises/start/7.c" "nothing on stdout"
	mistake one.c 7.c 's/cpu < cpus/cpu < 1/'
	beside refuses 7 one.c "add them up"
	mistake shape.c 7.c 's/else if (!check_shape(path, &info))/else/; s/calloc(cpus/calloc(64 * cpus/'
	beside refuses 7 shape.c "with a pinned map of another shape (percpu_array, key 4, value 24, 5 entries)" "bpf_obj_get_info_by_fd()"
	mistake wall.c 7.c 's,#include <bpf/bpf.h>,&\n#include <bpf/libbpf.h>,'
	beside refuses 7 wall.c "and not <bpf/libbpf.h>"
	all_of_them
}

@test "8: solution; ends early, keeps the old map, buffers its output, misses a reload, ends in a gap" {
	beside solves 8 8.c
	beside refuses 8 "$TOP/exercises/solutions/7.c" "runs until it is stopped" "it ended after its first block"
	mistake keeps.c 8.c 's/int err, fd = open_map(path, &id);/static __u32 id; static int fd = -1; int err; if (fd < 0) fd = open_map(path, \&id);/; s/^\t__u32 id = 0;//; s/^\tclose(fd);$//'
	beside refuses 8 keeps.c "after reload 1" "the descriptor: it stays with the old map"
	mistake buffers.c 8.c 's/return fflush(stdout) ? -EIO : err/return err/'
	also refuses 8 buffers.c "nothing on stdout" "fflush(stdout)"
	mistake inode.c 8.c 's/id != \*last_id)/path)/'
	beside refuses 8 inode.c "0 lines that begin with 'replaced'" "the map's id"
	mistake gap.c 8.c 's/^\t\tif (err && .*/\t\tif (err)/'
	beside refuses 8 gap.c "it ended when the pin had gone"
	all_of_them
}

@test "the list, the directory of the answers, and wrong arguments" {
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
	rejects 1 "only root" unshare --user exercises/check.sh 1
	rm xdp_stats
	rejects 1 "xdp_stats is not built" exercises/check.sh 1
}

@test "processes that an answer leaves running end with the check" {
	cp "$TOP/exercises/solutions/1.sh" .
	echo 'setsid sleep 4711 & sleep 4711 &' >>1.sh
	check 1 1.sh
	assert_equal "$output" "exercise 1: solved"
	! grep -lsz '^4711$' /proc/[0-9]*/cmdline
	mistake sleep.c 7.c 's/^\tsnprintf/\tsleep(4711);\n&/'
	EXERCISE_PATIENCE=5 refuses 7 sleep.c "the program ends within 5 seconds" "it was still running"
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
