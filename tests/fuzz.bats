#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Random input to what reads input; a minute in all. Longer: make fuzz SECONDS=600

SECONDS_EACH=12

setup() {
	cd "$BATS_TEST_DIRNAME/.."
	tests/fuzz/run.sh available || skip "clang has no libFuzzer here: libclang-rt-dev"
}

fuzz() { # fuzz TARGET
	local log=$BATS_TEST_TMPDIR/log
	tests/fuzz/run.sh "$1" "$SECONDS_EACH" >"$log" 2>&1 || { tail -n 60 "$log" && return 1; }
	printf '# %s: %s inputs\n' "$1" "$(awk '/number_of_executed_units/ { print $2 }' "$log")" >&3
	[ "$(awk '/number_of_executed_units/ { print $2 }' "$log")" -gt 0 ]
}

@test "object files, between opening and loading" {
	fuzz object
}

@test "the verifier's log" {
	fuzz verifier_log
}

@test "answers of rtnetlink" {
	fuzz netlink
}

@test "values of options, and lists of CPUs" {
	fuzz values
}

@test "quoting for a terminal, a shell and JSON" {
	fuzz quoting
}

@test "every target is run here" {
	local source
	for source in tests/fuzz/*.c; do
		grep -q "^	fuzz $(basename "$source" .c)\$" "$BATS_TEST_FILENAME"
	done
}
