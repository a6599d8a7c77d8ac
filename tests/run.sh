#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run test files, two at a time (TEST_JOBS=N), and count the results. Each file runs in its own
# network and mount namespaces with its own BPF file system; those of tests/vm run in a virtual
# machine. With CI=true a skipped test counts as failed.
#
#   run.sh FILE...    .bats files, .py files that print TAP, and cmocka programs;
#                     tests/vm/FILE.bats@KERNEL runs with that kernel, see tests/vm/run.sh

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin # which the PATH of a user lacks
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A make that a test starts must not be part of the make that runs this script.
unset MAKEFLAGS MAKELEVEL MFLAGS

passed=0 failed=0 skipped=0

can_sandbox() {
	tests/sandbox.sh true 2>/dev/null
}

# TAP of one file on stdout.
run_file() {
	case $1 in
	tests/vm/arch.bats@*) tests/vm/arch.sh "${1#*@}" ;;
	tests/vm/*.bats | tests/vm/*.bats@*) tests/vm/run.sh "$1" ;;
	*.bats)
		if [ "$isolated" = yes ]; then
			tests/sandbox.sh timeout -k 5 3600 bats --formatter tap "$1"
		else
			bats --formatter tap "$1"
		fi
		;;
	*.py)
		if [ "$isolated" = yes ]; then
			tests/sandbox.sh timeout -k 5 3600 python3 "$1"
		else
			python3 "$1"
		fi
		;;
	*) CMOCKA_MESSAGE_OUTPUT=TAP "$1" ;;
	esac
}

count() { # count TAP-FILE
	local oks nots skips
	oks=$(grep -c '^ok ' "$1" || true)
	nots=$(grep -c '^not ok ' "$1" || true)
	skips=$(grep -ci '^ok .*# skip' "$1" || true)
	passed=$((passed + oks - skips))
	failed=$((failed + nots))
	skipped=$((skipped + skips))
	[ $((oks + nots)) -gt 0 ] || failed=$((failed + 1))
}

# start FILE: in the background; what it leaves is in the directory $taps/PID.
start() {
	(
		own=$taps/$BASHPID started=$SECONDS
		mkdir "$own"
		printf '%s' "$1" >"$own/file"
		# no terminal: in the background, a test that reads it would be stopped
		run_file "$1" </dev/null >"$own/tap" 2>&1 && status=0 || status=$?
		printf '%s' $((SECONDS - started)) >"$own/seconds"
		printf '%s' "$status" >"$own/status"
	) &
}

# Wait for one file, print its TAP and count it.
finish() {
	local pid file before=$failed
	wait -n -p pid || true
	file=$(<"$taps/$pid/file")
	printf '# %s\n' "$file"
	grep -v '^1\.\.' "$taps/$pid/tap" || true
	count "$taps/$pid/tap"
	# a file that ends early without a failed test has failed, too
	[ "$(cat "$taps/$pid/status")" = 0 ] || [ "$failed" -gt "$before" ] || failed=$((failed + 1))
	printf '# %s: %s s\n' "$file" "$(cat "$taps/$pid/seconds")"
	running=$((running - 1))
}

if can_sandbox; then isolated=yes; else isolated=no; fi
jobs=${TEST_JOBS:-2} running=0
taps=$(mktemp -d)
trap 'rm -rf "$taps"' EXIT

for file in "$@"; do
	[ "$running" -lt "$jobs" ] || finish
	start "$file"
	running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
	finish
done

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
	echo '# CI: a skipped test is a failed one'
	failed=$((failed + skipped))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
