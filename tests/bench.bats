#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The benchmark measures what it says, and fails when a target is missed.

load helper

setup() {
	need_kernel
}

bench() { # bench OPTIONS...
	"$TOP/bench/bench.py" --quick "$@"
}

@test "every section, quickly: targets are met, and bench/README.org shows each row" {
	local line
	accepts bench
	[ "$(grep -c ' met$' <<<"$output")" -ge 6 ]
	[[ $output != *MISSED* ]]
	[[ ${CI:-} != true || $output != *"left out"* ]]
	while read -r line; do
		grep -qF -- "  $line  " "$TOP/bench/README.org" || { echo "no row '$line'" && return 1; }
	done < <(grep '^  ' <<<"$output" | cut -c 3-34 | sed 's/ *$//')
}

@test "a peer that is missing or fails is named; the rest is measured" {
	local command bin=$BATS_TEST_TMPDIR/bin
	mkdir "$bin"
	for command in env ip strace nsenter sh; do
		ln -s "$(type -P $command)" "$bin"
	done
	printf '#!/bin/sh\necho not for this kernel >&2\nexit 2\n' >"$bin/bpftool"
	chmod +x "$bin/bpftool"
	accepts env PATH="$bin" "$(python3 -c 'import sys; print(sys.executable)')" \
		"$TOP/bench/bench.py" --quick loading reading
	assert_contains "$output" "left out: xdp-loader is not installed"
	assert_contains "$output" "not for this kernel"
	[[ $output =~ load:\ system\ calls\ +[0-9]+\ +[0-9]+\ +-\ +[0-9]+\ +\<=\ [0-9]+\ met ]]
	[[ $output =~ a\ tick:\ system\ calls\ +[0-9]+\ +5\ +-\ +\<=\ 4\ met ]]
}

@test "a missed target, or a failure of our programs, gives status 1" {
	local checks=$BATS_TEST_TMPDIR/checks.py
	cat >"$checks" <<-'EOF'
		import sys
		import bench

		def section(function):
		    """The status of a run with this section alone."""
		    bench.SECTIONS, sys.argv = {"section": function}, ["bench.py"]
		    bench.MISSED.clear()
		    return bench.main()

		def row(*target, **options):
		    return section(lambda quick: bench.row("what", [1, None], target, **options))

		assert row(24, "<=", 24) == 0 and row(25, "<=", 24) == 1
		assert row(0.98, ">=", 0.97) == 0 and row(0.96, ">=", 0.97) == 1
		assert row(0.96, ">=", 0.97, judged=False) == 0
		assert section(lambda quick: bench.run("false")) == 1
		assert section(lambda quick: bench.need("no-such-tool")) == 0
		assert bench.of_peer(bench.run, "false") is None
		best, off, text = bench.ratio([2, 3, 3, 9, 9], [4, 4, 5, 9, 9])  # quartiles 2.5 and 4
		assert (best, text) == (0.5, "0.5 ±25%") and off == 0.25
		assert bench.in_turn(2, {"a": lambda: 1, "b": lambda: 2}) == {"a": [1, 1], "b": [2, 2]}
	EOF
	PYTHONPATH=$TOP/bench PYTHONDONTWRITEBYTECODE=1 accepts python3 "$checks"
	assert_contains "$output" "<= 24 MISSED"
	assert_contains "$output" "missed: what: 25, not <= 24"
	assert_contains "$output" "left out: section: no-such-tool is not installed"
}

@test "bench/ has at most 600 lines" {
	[ "$(cat "$TOP"/bench/* | wc -l)" -le 600 ]
}

@test "outside a sandbox it fails, with a hint" {
	run env -u XDP_TEST_SANDBOX "$TOP/bench/bench.py"
	[ "$status" -ne 0 ]
	assert_contains "$output" "tests/sandbox.sh bench/bench.py"
}
