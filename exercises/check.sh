#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Tell whether a solution of an exercise works.
#
#   check.sh [N [ANSWER]]     without N: list the exercises and how far you are
#   check.sh --ready N [ANSWER]   only see that there is something to check
#
# ANSWER is exercises/answers/N.sh, N.py or N.c unless another file is named. All
# of it runs in namespaces of its own (tests/sandbox.sh), process ids included:
# whatever the answer attaches, pins or leaves running ends with the check.

set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$HERE")
readonly HERE TOP
readonly UNSOLVED=3 # what a script of checks/ ends with when the answer is wrong

die() {
	printf 'exercise: %s\n' "$1" >&2
	shift
	[ $# -eq 0 ] || printf 'hint: %s\n' "$@" >&2
	exit 1
}

# The headings of the README are the list: "* 3. Pin by hand".
titles() {
	sed -n 's/^\* \([0-9]\+\)\. /\1 /p' "$HERE/README.org"
}

# The answers to exercise N that are where they belong: one, or none.
answers() { # answers N
	find "$HERE/answers" -maxdepth 1 -name "$1.sh" -o -maxdepth 1 -name "$1.py" \
		-o -maxdepth 1 -name "$1.c" 2>/dev/null | sort
}

# How to begin exercise N, as a command.
beginning() { # beginning N
	local start
	start=$(find "$HERE/start" -name "$1.*" -printf '%f\n')
	if [ -n "$start" ]; then
		printf 'cp exercises/start/%s exercises/answers/' "$start"
	else # the last one goes on from the one before
		printf 'cp exercises/answers/%d.c exercises/answers/%d.c' $(($1 - 1)) "$1"
	fi
}

state() { # state N
	local answer
	answer=$(answers "$1")
	if [ -z "$answer" ]; then
		printf 'begin: %s' "$(beginning "$1")"
	elif [ -e "$HERE/answers/.solved.$1" ] && [ ! "$answer" -nt "$HERE/answers/.solved.$1" ]; then
		printf 'solved'
	else
		printf 'check: make exercise N=%d' "$1"
	fi
}

list() {
	local number title
	while read -r number title; do
		printf '%2d  %-38s  %s\n' "$number" "$title" "$(state "$number")"
	done < <(titles)
	echo 'What each one asks for is in exercises/README.org.'
}

find_answer() { # find_answer [FILE]: sets answer
	if [ -n "${1:-}" ]; then
		[ -f "$1" ] || die "there is no file '$1' to check" "make exercise N=$number ANSWER=FILE"
		answer=$(realpath "$1")
		return 0
	fi
	answer=$(answers "$number")
	[ -n "$answer" ] || die "there is no answer to exercise $number yet: looked for \
exercises/answers/$number.sh, $number.py and $number.c" \
		"begin with: $(beginning "$number")" "what to do: exercises/README.org, part $number"
	[ "$(wc -l <<<"$answer")" = 1 ] || die "there are several answers to exercise $number:
$answer" "name the one to check: make exercise N=$number ANSWER=FILE"
}

prepare() { # prepare NUMBER [FILE]: sets number and answer
	local count
	count=$(titles | wc -l)
	number=$1
	if [[ ! $number =~ ^[1-9][0-9]?$ ]] || [ "$number" -gt "$count" ]; then
		die "there is no exercise '$number'" "they are numbered from 1 to $count: make exercise"
	fi
	find_answer "${2:-}"
	[ "$(id -u)" = 0 ] || die "a check loads XDP programs, which takes root" \
		"open a root shell with sudo -s, and there: make exercise N=$number"
}

need_built() {
	local file
	for file in xdp_loader xdp_stats xdp_prog_kern.o build/flood; do
		[ -e "$TOP/$file" ] || die "$file is not built" "make exercise N=$number builds it"
	done
}

check() {
	local status=0 stamp=$HERE/answers/.solved.$number
	unshare --pid --fork --kill-child --mount-proc -- "$TOP/tests/sandbox.sh" \
		"$HERE/checks/$number.sh" "$answer" || status=$?
	case $status in
	0)
		printf 'exercise %d: solved\n' "$number"
		[ "$answer" != "$(answers "$number")" ] || touch "$stamp"
		;;
	"$UNSOLVED")
		[ "$answer" != "$(answers "$number")" ] || rm -f "$stamp"
		exit 1
		;;
	*)
		die "the check of exercise $number broke off (status $status), which says nothing of \
the answer" "see whether the lab works here: make demo"
		;;
	esac
}

main() {
	local ready=no number answer
	if [ "${1:-}" = --ready ]; then
		ready=yes
		shift
	fi
	mkdir -p "$HERE/answers" 2>/dev/null || true # not ours: nothing to check, but to list
	if [ -z "${1:-}" ]; then
		[ -z "${2:-}" ] || die "which exercise is '$2' to solve?" "make exercise N=1 ANSWER=$2"
		list
		return 0
	fi
	prepare "$@"
	[ "$ready" = no ] || return 0
	need_built
	check
}

main "$@"
