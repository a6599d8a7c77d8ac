# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Shared by all checks: the lab "ex", compiling and running the answer, and the report
# of a wrong answer. A check is a script N.sh that runs in its own sandbox with the path
# of the answer as its argument. It ends with 0 if the answer is right, or in
# unsolved().
#
# Checks wait for events, because no time limit suits every machine. PATIENCE is for
# answers that hang.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
NUMBER=$(basename "$0" .sh)
WORK=/run/exercise # on the /run of the sandbox
readonly PATIENCE=${EXERCISE_PATIENCE:-120} # seconds
readonly ACTIONS=(XDP_ABORTED XDP_DROP XDP_PASS XDP_TX XDP_REDIRECT) # enum xdp_action
export DEV=ex BPFFS=/sys/fs/bpf

cd "$TOP"

# --- messages ---------------------------------------------------------------

# A label, and a text of one or more lines to the right of it.
part() { # part LABEL TEXT
	local line label=$1
	[ -n "$2" ] || return 0
	while IFS= read -r line; do
		printf '  %-10s%s\n' "$label" "$line"
		label=
	done <<<"$2"
}

# Ends the check. The stderr of the answer may explain more.
unsolved() { # unsolved EXPECTED SEEN LOOK-AT
	printf 'exercise %s: not solved yet\n' "$NUMBER"
	part expected: "$1"
	part seen: "$2"
	part 'look at:' "$3"
	[ ! -s "$WORK/stderr" ] || part stderr: "$(tail -n 8 "$WORK/stderr")"
	exit 3
}

# Ends the check: the answer is right.
solved() { # solved WHAT-WAS-PROVEN
	printf 'exercise %s: solved\n' "$NUMBER"
	part proven: "$1"
	exit 0
}

# --- the answer -------------------------------------------------------------

# Replaces a tool by a script that fails; the check itself uses its copy.
put_away() { # put_away TOOL
	printf '%s\n' '#!/bin/sh' "echo '$1 is not available in this exercise' >&2" \
		'exit 1' >"$WORK/away"
	chmod 0755 "$WORK/away"
	mount --bind "$WORK/away" "$TOP/$1"
}

# If the answer does not compile, the message is that of the compiler.
compile() { # compile COMPILER...
	if ! "$@" 2>"$WORK/compiler"; then
		unsolved 'a program that compiles' "$(head -n 20 "$WORK/compiler")" \
			"the first message; the compiler command was: $*"
	fi
	cat "$WORK/compiler" >&2
}

# -MD lists the headers that were read; -MMD would omit those of -isystem.
compile_user() { # compile_user FILE: makes $WORK/answer
	compile "${CC:-cc}" -O2 -g -Wall -Wextra -Iheaders -isystem libbpf/root/usr/include -MD \
		-MF "$WORK/answer.d" -o "$WORK/answer" "$1" libbpf/root/usr/lib/libbpf.a -lelf -lz
}

compile_bpf() { # compile_bpf FILE: makes $WORK/answer.o
	local multiarch
	multiarch=$("${CC:-cc}" -print-multiarch 2>/dev/null || true)
	compile "${CLANG:-clang}" -O2 -g -target bpf -Wall -Wextra -Iheaders \
		-isystem libbpf/root/usr/include ${multiarch:+-isystem "/usr/include/$multiarch"} \
		-c -o "$WORK/answer.o" "$1"
}

# <bpf/libbpf.h> is for object files; a program that has a path needs <bpf/bpf.h> only.
need_wall() {
	! grep -q 'bpf/libbpf\.h' "$WORK/answer.d" ||
		unsolved 'a program that includes <bpf/bpf.h>, and not <bpf/libbpf.h>' \
			'it includes <bpf/libbpf.h>' \
			'the bpf(2) wrappers in <bpf/bpf.h>; possible CPUs are in /sys/devices/system/cpu/possible'
}

need_c() {
	[[ $answer == *.c ]] || unsolved 'an answer in C, a file that ends in .c' "$answer" \
		"part $NUMBER of exercises/README.org"
}

# Compiles the answer if necessary; sets command.
make_ready() {
	case $answer in
	*.sh) command=(bash "$answer") ;;
	*.py) command=(python3 "$answer") ;;
	*.c)
		compile_user "$answer"
		command=("$WORK/answer")
		;;
	*)
		[ -x "$answer" ] || unsolved 'a file that ends in .sh, .py or .c, or an executable' \
			"$answer" 'its name, or chmod +x'
		command=("$answer")
		;;
	esac
}

# Files, not pipes: processes that the answer leaves running would keep a pipe open.
# The outer redirection hides the message of the shell about a crash.
run() { # run script|program [ARGUMENTS]: sets status; output in $WORK/stdout and $WORK/stderr
	status=0
	{
		timeout --foreground -k 1 "$PATIENCE" "${command[@]}" "${@:2}" >"$WORK/stdout" \
			2>"$WORK/stderr" </dev/null || status=$?
	} 2>/dev/null
	case $status in
	124 | 137) # ended by timeout
		unsolved "the $1 ends within $PATIENCE seconds" 'it was still running' \
			'what it waits for: xdp_stats without --once or --count never ends'
		;;
	esac
}

# How the answer ended. A status above 128 is not always a signal: bpftool ends with 255.
ending() {
	local signal
	if [ "$status" -gt 128 ] && signal=$(kill -l "$status" 2>/dev/null); then
		printf 'ended by signal %d, SIG%s' $((status - 128)) "$signal"
	else
		printf 'exit status %d' "$status"
	fi
}

must_succeed() {
	[ "$status" = 0 ] || unsolved 'exit status 0' "$(ending)" \
		'which of its commands failed, and the message on stderr'
}

# --- the lab ----------------------------------------------------------------

inside() {
	nsenter --net=/run/netns/$DEV -- "$@"
}

# Without IPv6 there is no neighbour discovery: only the frames of the check are counted.
make_lab() {
	testenv/testenv.sh --name $DEV setup >"$WORK/setup" 2>&1 || {
		cat "$WORK/setup" >&2
		exit 1
	}
	[ -d /proc/sys/net/ipv6 ] || return 0
	echo 1 >/proc/sys/net/ipv6/conf/$DEV/disable_ipv6
	inside sh -c 'echo 1 >/proc/sys/net/ipv6/conf/veth0/disable_ipv6'
}

begin() { # begin ANSWER: sets answer; the lab is made later
	answer=$1
	mkdir "$WORK"
	cp xdp_loader xdp_stats xdp_prog_kern.o build/flood "$WORK"
}

loader() {
	"$WORK/xdp_loader" --dev $DEV --quiet "$@"
}

# For the check itself: a failure is not the fault of the answer.
load() {
	loader "$@" || exit 1
}

random() { # random FROM TO
	printf '%d' $((${SRANDOM:-$RANDOM} % ($2 - $1 + 1) + $1))
}

flood() { # flood COUNT SIZE [CPU]
	inside ${3:+taskset -c "$3"} "$WORK/flood" --dev veth0 --count "$1" --size "$2" >/dev/null
}

# In place of build/flood: the same, and then another sender. So the map has more than the
# answer has sent, and $WORK/extra has how many.
add_sender() {
	local extra
	extra=$(random 100 900) # more than the tolerance of check 10
	: >"$WORK/extra"
	cat >"$WORK/two_senders" <<-END
		#!/bin/sh
		$WORK/flood "\$@" || exit
		$WORK/flood --dev veth0 --count $extra >/dev/null && echo $extra >>$WORK/extra
	END
	chmod 0755 "$WORK/two_senders"
	mount --bind "$WORK/two_senders" build/flood
}

# A random number of packets under every action, on the first CPU and on the last.
fill_map() {
	local program cpu
	for program in pass drop abort tx redirect; do
		load --force --reuse-maps --progname "xdp_${program}_func"
		for cpu in 0 $(($(nproc --all) - 1)); do
			flood "$(random 100 9000)" "$(random 60 1500)" "$cpu"
		done
	done
}

totals() { # five lines "XDP_PASS PACKETS BYTES"
	"$WORK/xdp_stats" --dev $DEV --once --json |
		jq -r '.actions | to_entries[] | "\(.key) \(.value.packets) \(.value.bytes)"'
}

packets() { # packets ACTION
	totals | awk -v action="$1" '$1 == action { print $2 }'
}

add_up() { # the sum of the numbers in the input, one a line
	awk '{ sum += $1 } END { print sum + 0 }'
}

map_id() { # map_id PIN
	bpftool -j map show pinned "$1" 2>/dev/null | jq .id
}

# --- the XDP program of the answer --------------------------------------------

# Loads the object for a test only, before anything is attached.
verify() {
	local said expected='an object that xdp_loader can load' look='what the message names'
	said=$("$WORK/xdp_loader" --dev $DEV --filename "$WORK/answer.o" --dry-run 2>&1) && return 0
	case $said in
	*'cannot create map'*)
		expected='maps that the kernel accepts'
		look='the definition of this map; __type(key, __u32); makes a key of 4 bytes'
		;;
	*verifier*) expected='a program that the verifier accepts' ;;
	esac
	unsolved "$expected" "$said" \
		"$look; for more: ./xdp_loader --dev IFNAME --filename FILE --dry-run --verbose"
}

must_have_stats_map() {
	[ -e "$BPFFS/$DEV/xdp_stats_map" ] || unsolved 'a program that has xdp_stats_map' \
		'an object without that map' 'headers/xdp_stats_kern.h, and xdp_stats_record_action()'
}

# The action that the program returns, which it can count under another one.
returned() { # returned FILE-WITH-A-FRAME
	local id action
	id=$(ip -d -j link show dev $DEV | jq '.[0].xdp.prog.id')
	action=$(bpftool -j prog run id "$id" data_in "$1" repeat 1 2>/dev/null | jq .retval) || return 0
	printf '%s' "${ACTIONS[action]:-$action, which is no action}"
}
