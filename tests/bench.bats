#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The benchmark measures what it says, and its targets that are counts are met.

load helper

BENCH=$TOP/bench

setup() {
	need_kernel
	export BENCH_RESULTS=$BATS_FILE_TMPDIR
	RESULTS=$BENCH_RESULTS/results
}

bench() { # bench OPTIONS...
	"$BENCH/run.py" "$@"
}

@test "every section, quickly: counts and sizes meet their targets" {
	accepts bench --quick --check
	echo "# ${lines[-1]}" >&3
	[ "${CI:-}" != true ] || assert_equal "$(jq -c .skipped "$RESULTS.json")" "{}"
	assert_equal "$(jq -r '[.rows[].section] | unique | join(",")' "$RESULTS.json")" \
		"loading,per packet,reading,reload under a flood,size"
	# counted, not timed: each is there and could have failed
	[ "$(jq -c .skipped "$RESULTS.json")" != "{}" ] ||
		[ "$(jq '[.rows[] | select(.unit == "" and .verdict == "met")] | length' "$RESULTS.json")" -ge 9 ]
	assert_equal "$(jq '[.rows[] | select(.unit == "" and .verdict == "MISSED")] | length' "$RESULTS.json")" 0
	# the same in CSV
	assert_equal "$(python3 -c 'import csv, sys; print(len(list(csv.DictReader(sys.stdin))))' \
		<"$RESULTS.csv")" "$(jq '.rows | length' "$RESULTS.json")"
}

@test "bench/README.org shows a row for each figure, and explains it" {
	[ -e "$RESULTS.json" ] || skip "nothing was measured"
	local what peer
	while IFS=$'\t' read -r what peer; do
		grep -qF -- "$what" "$BENCH/README.org" || { echo "no row '$what'" && return 1; }
		grep -qF -- "$peer" "$BENCH/README.org" || { echo "no peer '$peer'" && return 1; }
	done < <(jq -r '.rows[] | "\(.what)\t\(.peer)"' "$RESULTS.json" | sed 's/, 4 rounds/, 400 rounds/')
}

@test "the other ways to read five records: fewer entries cost less, and no call nothing" {
	accepts "$TOP/build/bench/read_ways"
	[ "${#lines[@]}" = 9 ]
	# each way is in the README, by its name
	local line
	for line in "${lines[@]}"; do
		grep -qF "$(sed 's/   .*//' <<<"$line")" "$BENCH/README.org"
	done
	awk '{ ns[NR] = $(NF - 2) } END { exit !(ns[6] < ns[2] && ns[2] < ns[1] && ns[9] < ns[6]) }' \
		<<<"$output"
}

@test "a peer that is not there is named, and the rest is measured" {
	local command bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for command in env ip strace nsenter sh rm; do
		ln -s "$(type -P $command)" "$bin"
	done
	accepts env PATH="$bin" "$(python3 -c 'import sys; print(sys.executable)')" \
		"$BENCH/run.py" --quick loads
	assert_contains "$output" "skipped: there is no xdp-loader, no bpftool here"
	assert_contains "$output" "load, system calls"
	assert_equal "$(jq -r '.skipped.loads' "$RESULTS.json")" "there is no xdp-loader, no bpftool here"
	assert_equal "$(jq -r '[.rows[].peer | select(. != "")] | unique | join(",")' "$RESULTS.json")" \
		"bare libbpf,ip"
}

@test "targets, medians, means and ratios are what they should be" {
	PYTHONPATH=$BENCH accepts python3 - <<-'EOF'
		from measure import Row, spread, standard_error

		def row(ours, theirs=(), **more):
		    return Row("s", "w", "", list(ours), "p" if theirs else "", list(theirs), **more)

		assert row([1, 2, 9], [2, 4, 3]).ratio()[0] == 0.5  # of each round, then the median
		assert row([1, 3], [2, 6], mean=True).ratio()[0] == 0.5
		assert row([5], [0]).ratio() is None and row([5]).ratio() is None
		assert row([24], bound=("ours", "<=", 24)).verdict() == "met"
		assert row([25], bound=("ours", "<=", 24)).verdict() == "MISSED"
		assert row([61], [100], bound=("ratio", "<=", 0.6)).verdict() == "MISSED"
		assert row([98], [100], bound=("ratio", ">=", 0.97)).verdict() == "met"
		assert row([96], [100], bound=("ratio", ">=", 0.97)).verdict() == "MISSED"
		assert row([1]).verdict() is None
		# a mean that may be off by more than what is left
		for ours, verdict in ((90, "met"), (104, "open"), (130, "MISSED")):
		    noisy = [ours - 9, ours + 9] * 8
		    assert row(noisy, [91, 109] * 8, bound=("ratio", "<=", 1.05),
		               mean=True).verdict() == verdict, ours
		assert spread([10, 10, 10, 10]) == 0 and spread([8, 9, 11, 12]) > 10
		assert abs(standard_error([9, 11] * 50) - 1.0) < 0.01
	EOF
}

@test "a missed count fails --check, and only with it" {
	PYTHONPATH=$BENCH run python3 - <<-'EOF'
		import run, measure, sys
		class Section:
		    def rows(quick):
		        yield measure.Row("s", "w", "", [25], bound=("ours", "<=", 24))
		run.SECTIONS = {"s": Section}
		status = []
		for arguments in (["--check"], []):
		    sys.argv = ["run.py", *arguments]
		    status.append(run.main())
		assert status == [1, 0], status
	EOF
	assert_equal "$status" 0 || { echo "$output" && return 1; }
	assert_contains "$output" "ours <= 24 MISSED"
}

@test "a tool that fails leaves out its section, not the others" {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\necho not for this kernel >&2\nexit 2\n' >"$BATS_TEST_TMPDIR/bin/xdp-loader"
	chmod +x "$BATS_TEST_TMPDIR/bin/xdp-loader"
	accepts env PATH="$BATS_TEST_TMPDIR/bin:$PATH" "$BENCH/run.py" --quick reloads packets
	assert_contains "$output" "not for this kernel"
	assert_equal "$(jq -r '.skipped | keys[]' "$RESULTS.json")" reloads
	assert_equal "$(jq -r '[.rows[].section] | unique | join(",")' "$RESULTS.json")" \
		"per packet,reload under a flood"
}

@test "outside a sandbox it refuses, and says how" {
	local script
	for script in run.py "reloads.py ours"; do
		run env -u XDP_TEST_SANDBOX python3 "$BENCH"/$script
		[ "$status" -ne 0 ]
		assert_contains "$output" "tests/sandbox.sh bench/run.py"
	done
}
