#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Check a solution of an exercise.
#
#   check.sh [N [ANSWER]]         without N: the exercises, your progress, what comes next
#   check.sh --ready N [ANSWER]   only check that there is an answer
#
# The default for ANSWER is exercises/answers/N.sh, N.py or N.c. A check runs in
# separate namespaces (tests/sandbox.sh), also for process ids: what the answer
# attaches, pins or leaves running ends with the check.

set -euo pipefail
# sudo and plain su leave out the directories of ip and bpftool
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$HERE")
readonly HERE TOP
readonly UNSOLVED=3 # exit status of a script in checks/ if the answer is wrong

die() {
	printf 'exercise: %s\n' "$1" >&2
	shift
	[ $# -eq 0 ] || printf 'hint: %s\n' "$@" >&2
	exit 1
}

# The list is made from the headings of the README: "* 3. Pin by hand".
titles() {
	sed -n 's/^\* \([0-9]\+\)\. /\1 /p' "$HERE/README.org"
}

# The files that may be the answer to exercise N: one or none, if all is well.
answers() { # answers N
	find "$HERE/answers" -maxdepth 1 -name "$1.sh" -o -maxdepth 1 -name "$1.py" \
		-o -maxdepth 1 -name "$1.c" 2>/dev/null | sort
}

# The command that begins exercise N.
beginning() { # beginning N
	local start
	start=$(find "$HERE/start" -name "$1.*" -printf '%f\n')
	if [ -n "$start" ]; then
		printf 'cp -i exercises/start/%s exercises/answers/' "$start"
	else # exercise 8 extends exercise 7
		printf 'cp -i exercises/answers/%d.c exercises/answers/%d.c' $(($1 - 1)) "$1"
	fi
}

# Solved, and not changed since then?
is_solved() { # is_solved N
	[ -e "$HERE/answers/.solved.$1" ] && [ -n "$(answers "$1")" ] &&
		[ -z "$(find "$HERE/answers" -maxdepth 1 -name "$1.*" -newer "$HERE/answers/.solved.$1")" ]
}

state() { # state N
	if [ -z "$(answers "$1")" ]; then
		printf 'begin: %s' "$(beginning "$1")"
	elif is_solved "$1"; then
		printf 'solved'
	elif [ -e "$HERE/answers/.solved.$1" ]; then
		printf 'changed: make exercise N=%d' "$1"
	else
		printf 'check: make exercise N=%d' "$1"
	fi
}

# The first exercise that is not solved, "N TITLE"; nothing if all are.
next_one() {
	local n title
	while read -r n title; do
		is_solved "$n" || { printf '%d %s' "$n" "$title" && return; }
	done < <(titles)
}

progress() {
	local n next
	local -i solved=0 count=0
	while read -r n _; do
		count+=1
		! is_solved "$n" || solved+=1
	done < <(titles)
	next=$(next_one)
	next=${next/ /. }
	printf '%d of %d solved; next: %s\n' "$solved" "$count" \
		"${next:-a change of your own, see CONTRIBUTING.md}"
}

list() {
	local number title
	while read -r number title; do
		printf '%2d  %-33s  %s\n' "$number" "$title" "$(state "$number")"
	done < <(titles)
	progress
	echo 'The tasks are described in exercises/README.org.'
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
		"begin with: $(beginning "$number")" "the task: exercises/README.org, part $number"
	[ "$(wc -l <<<"$answer")" = 1 ] || die "there are several answers to exercise $number:
$answer" "name the one to check: make exercise N=$number ANSWER=FILE"
}

prepare() { # prepare NUMBER [FILE]: sets number and answer
	local count
	count=$(titles | wc -l)
	number=$1
	if [[ ! $number =~ ^[1-9][0-9]?$ ]] || [ "$number" -gt "$count" ]; then
		die "there is no exercise '$number'" "the numbers are 1 to $count; list them with: make exercise"
	fi
	find_answer "${2:-}"
	# make goes on in a virtual machine where this is not allowed
	[ "$ready" = yes ] || [ "$(id -u)" = 0 ] || die "only root can load XDP programs for the check" \
		"open a root shell with sudo -s, then: make exercise N=$number" \
		"or, without root: testenv/vm.sh exercises/check.sh $number"
}

need_built() {
	local file
	for file in xdp_loader xdp_stats xdp_prog_kern.o build/flood; do
		[ -e "$TOP/$file" ] || die "$file is not built" "make"
	done
}

# What comes after a right answer.
show_next() {
	local n
	printf '  progress: %s\n' "$(progress)"
	read -r n _ < <(next_one) || true
	[ -z "$n" ] || printf '            %s\n' "$(state "$n")"
}

check() {
	local status=0 stamp=$HERE/answers/.solved.$number own=no
	[ "$(dirname "$answer")" != "$(realpath "$HERE/answers")" ] || own=yes
	unshare --pid --fork --kill-child --mount-proc -- "$TOP/tests/sandbox.sh" \
		"$HERE/checks/$number.sh" "$answer" || status=$?
	case $status in
	0)
		[ "$own" = no ] || touch "$stamp"
		show_next
		;;
	"$UNSOLVED")
		[ "$own" = no ] || rm -f "$stamp"
		exit 1
		;;
	*)
		die "the check of exercise $number failed (status $status) before it could judge \
the answer" "find out whether the lab works here: make demo"
		;;
	esac
}

main() {
	local ready=no number answer
	if [ "${1:-}" = --ready ]; then
		ready=yes
		shift
	fi
	mkdir -p "$HERE/answers" 2>/dev/null || true # listing works in a read-only directory
	if [ -z "${1:-}" ]; then
		[ -z "${2:-}" ] || die "no exercise is named for '$2'" "make exercise N=1 ANSWER=$2"
		list
		return 0
	fi
	prepare "$@"
	[ "$ready" = no ] || return 0
	need_built
	check
}

main "$@"
