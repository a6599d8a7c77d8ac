#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run test files and count the results. Each file runs in its own network and mount namespaces
# with its own BPF file system; those of tests/vm run in a virtual machine. With CI=true a
# skipped test counts as failed.
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

if can_sandbox; then isolated=yes; else isolated=no; fi
tap=$(mktemp)
trap 'rm -f "$tap"' EXIT

for file in "$@"; do
	printf '# %s\n' "$file"
	started=$SECONDS
	before=$failed
	# no terminal: in the background, a test that reads it would be stopped
	run_file "$file" </dev/null >"$tap" 2>&1 && status=0 || status=$?
	grep -v '^1\.\.' "$tap" || true
	count "$tap"
	# a file that ends early without a failed test has failed, too
	[ "$status" = 0 ] || [ "$failed" -gt "$before" ] || failed=$((failed + 1))
	printf '# %s: %s s\n' "$file" $((SECONDS - started))
done

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
	echo '# CI: a skipped test is a failed one'
	failed=$((failed + skipped))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
