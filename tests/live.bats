#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# xdp_stats --live on a real pseudo-terminal, that of tmux, with an interactive shell in it.

load helper

setup() {
	need_kernel
	make_pair
	accepts loader --dev veth0
	cd "$BATS_TEST_TMPDIR" # the shell works here, too
	export TMUX_TMPDIR=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8
	cat >rc <<-EOF
		PS1='\$ '
		live() { # live OPTIONS...: says when it has ended, and how
			sh -c 'echo \$\$ >pid; exec "\$@"' sh "$TOP/xdp_stats" --dev veth0 --live "\$@"
			ended
		}
		ended() {
			echo "status \$?"
			stty -g >modes </dev/tty
			touch ended
		}
		stty -g >before
	EOF
	mux new-session -d -x 80 -y 24 "bash --noprofile --rcfile '$BATS_TEST_TMPDIR/rc'" 3>&-
	wait_for '^\$'
}

teardown() {
	mux kill-server 2>/dev/null || true
	cd "$TOP"
	remove_all
}

mux() {
	tmux -u -f /dev/null "$@"
}

type_line() {
	rm -f ended modes
	mux send-keys -l "$1"
	mux send-keys Enter
}

screen() {
	mux capture-pane -p
}

# A state of the terminal: alternate_on, cursor_flag, wrap_flag, history_size.
is() { # is NAME
	mux display-message -p "#{$1}"
}

until_true() { # until_true COMMAND...: at most 10 s, which only a hang takes
	local i
	for i in $(seq 200); do
		"$@" && return 0
		sleep 0.05
	done
	printf 'never: %s\n' "$*" && screen
	return 1
}

screen_has() {
	screen | grep -qE -- "$1"
}

screen_lacks() {
	! screen_has "$1"
}

wait_for() { # wait_for REGEX: on the screen
	until_true screen_has "$1"
}

resize() { # resize COLUMNS ROWS
	mux resize-window -x "$1" -y "$2"
}

# The terminal is as it was before, with the last table on the normal screen.
assert_restored() { # assert_restored STATUS
	until_true [ -e ended ]
	cmp before modes
	assert_equal "$(is alternate_on) $(is cursor_flag) $(is wrap_flag)" "0 1 1"
	screen_has "^status $1\$"
}

# What the program has written, without the sequences: no line is longer than that.
assert_lines_fit() { # assert_lines_fit FILE COLUMNS
	sed -E 's/\x1b\[[?0-9]*[a-zA-Z]//g; s/\r//g' "$1" >plain
	[ -s plain ]
	run ! grep -aE "^.{$(($2 + 1))}" plain
}

@test "live: redrawn in place, while it counts, and nothing is left above" {
	resize 400 24 # wide enough for what happened a minute ago
	type_line "live --interval 0.2"
	wait_for '^XDP_REDIRECT'
	assert_equal "$(is alternate_on) $(is cursor_flag) $(is wrap_flag)" "1 0 0"
	accepts flood 1000 60
	wait_for '^XDP_PASS +1000 +0 .*█[^▁]?▁+$'
	accepts flood 10 60
	wait_for '^XDP_PASS +1010 +0 .*█[^▁]?▁+▂+▁+$'
	accepts flood 224 60
	wait_for '^XDP_PASS +1234 +0 '
	assert_equal "$(screen | grep -c action)" 1
	assert_equal "$(screen | grep -c '^XDP_')" 5
	assert_equal "$(screen | head -n 1 | cut -d' ' -f1)" veth0
	assert_equal "$(is history_size)" 0
	screen | grep '^XDP_TX' | grep -q '▁$'
	mux send-keys q
	assert_restored 0
	screen_has '^XDP_PASS +1234'
	screen_has '^\$ live'
}

@test "live: each way of ending gives the terminal back, with the last table" {
	local way
	for way in key:C-c key:q key:'C-\' signal:TERM signal:HUP signal:INT; do
		mux clear-history
		type_line 'clear; live --interval 0.05'
		wait_for '^XDP_REDIRECT'
		until_true eval '[ "$(is alternate_on)" = 1 ]'
		case $way in
		key:*) mux send-keys "${way#*:}" ;;
		*) kill "-${way#*:}" "$(cat pid)" ;;
		esac
		assert_restored 0 || { echo "after $way" && screen && return 1; }
		assert_equal "$(screen | grep -c '^XDP_')" 5
	done
	type_line 'clear; live --interval 0.01 --count 3'
	assert_restored 0
	assert_equal "$(screen | grep -c '^XDP_')" 5
}

@test "live: without keys, and when the terminal goes, it ends, too" {
	local pid
	type_line 'live --interval 0.05 </dev/null'
	wait_for '^XDP_REDIRECT'
	mux send-keys C-c
	assert_restored 0
	rm pid
	# with SIGHUP ignored nothing but the terminal tells
	type_line '(trap "" HUP; live --interval 0.05 2>log)'
	until_true [ -s pid ]
	until_true eval '[ "$(is alternate_on)" = 1 ]'
	pid=$(cat pid)
	mux kill-server
	until_true [ ! -e "/proc/$pid" ]
	grep -q '^xdp_stats: cannot write the report: Input/output error' log
}

@test "live: a failure gives the terminal back before it is told" {
	type_line "strace -qq -o /dev/null -P /proc/self/fd/1 -e trace=write -e inject=write:error=ENOSPC:when=5 '$TOP/xdp_stats' --quiet --dev veth0 --live --interval 0.05; ended"
	assert_restored 1
	screen_has '^xdp_stats: cannot write the report: No space left on device'
}

@test "live: Ctrl-Z gives the terminal back, fg takes it again" {
	type_line 'live --interval 60'
	wait_for '^XDP_REDIRECT'
	mux send-keys C-z
	wait_for 'Stopped'
	assert_equal "$(is alternate_on) $(is cursor_flag) $(is wrap_flag)" "0 1 1"
	mux send-keys -l 'stty -g >modes'
	mux send-keys Enter
	until_true cmp -s before modes
	# in the background it cannot draw, and stops again
	mux send-keys -l 'clear; bg; until jobs -l | grep output; do :; done'
	mux send-keys Enter
	wait_for 'Stopped \(tty output\)'
	assert_equal "$(is alternate_on)" 0
	resize 100 30 # meanwhile
	mux send-keys -l fg
	mux send-keys Enter
	wait_for '^XDP_REDIRECT.* 0  +▁?$'
	assert_equal "$(is alternate_on) $(is cursor_flag)" "1 0"
	wait_for 'pps, last 34 m$'
	screen_lacks Stopped
	mux send-keys C-z
	wait_for 'Stopped'
	mux send-keys -l 'fg; stty -g >modes; touch ended; echo status $?'
	mux send-keys Enter
	wait_for '^XDP_REDIRECT'
	mux send-keys C-c
	assert_restored 0
}

@test "live: stopped from outside, it draws again when it goes on" {
	type_line 'live --interval 60'
	wait_for '^XDP_REDIRECT'
	kill -STOP "$(cat pid)"
	wait_for 'Stopped'
	mux send-keys -l 'stty sane; fg'
	mux send-keys Enter
	until_true screen_lacks Stopped
	wait_for '^XDP_REDIRECT'
	assert_equal "$(is cursor_flag)" 0
	mux send-keys q # without Enter: its modes are back
	wait_for '^\$ *$'
}

@test "live: in the background it stops until it is in the foreground" {
	type_line "clear; '$TOP/xdp_stats' --quiet --dev veth0 --live --interval 60 & wait \$!"
	wait_for 'Stopped'
	mux send-keys -l 'clear; jobs -l'
	mux send-keys Enter
	wait_for 'Stopped \(tty output\)'
	assert_equal "$(is alternate_on)" 0
	type_line 'fg; ended'
	wait_for '^XDP_REDIRECT'
	mux send-keys q
	assert_restored 0
}

@test "live: drawn for the size of the window, at once when it changes" {
	type_line 'live --interval 60' # so no tick does it
	wait_for ' over 0'
	wait_for ' bit/s  pps, last 14 m$'
	resize 200 24
	wait_for ' bit/s  pps, last 134 m$'
	assert_equal "$(screen | head -n 1 | grep -c ' over ')" 1
	resize 60 24
	wait_for '^  pps, last 58 m$'
	assert_equal "$(screen | grep -c '^XDP_')" 5
	resize 20 10
	wait_for '^\.\.\. [0-9]+ more lines$'
	resize 1 1
	until_true screen_has '^\.$'
	resize 80 24
	wait_for ' bit/s  pps, last 14 m$'
	assert_equal "$(screen | grep -c '^XDP_')" 5
	mux send-keys q
	assert_restored 0
}

@test "live: no line is longer than the window of 60, 80 or 200 columns, and it is used" {
	local columns
	for columns in 60 80 200; do
		resize "$columns" 24
		mux pipe-pane -O "cat >$columns.raw"
		type_line 'clear; live --quiet --interval 0.01'
		wait_for '^XDP_REDIRECT'
		accepts flood 5000 1400
		# the history has reached the left
		wait_for "^(XDP_TX.* 0|)  ▁{$((columns < 80 ? columns - 2 : columns - 66))}\$"
		mux send-keys q
		assert_restored 0
		mux pipe-pane
		assert_lines_fit "$columns.raw" "$columns"
		LC_ALL=C.UTF-8 grep -aqE "^.{$columns}$" plain
	done
}

@test "live: without a terminal, or with one that cannot, it is plain" {
	type_line "'$TOP/xdp_stats' --dev veth0 --live --interval 0.01 --count 2 --quiet >file; ended"
	assert_restored 0
	run ! grep -aP '\x1b' file
	assert_equal "$(grep -c ^action file)" 2
	for term in 'TERM=dumb' 'TERM=' '-u TERM'; do
		mux pipe-pane -O "cat >raw"
		type_line "clear; env $term '$TOP/xdp_stats' --dev veth0 --live --interval 0.01 --count 2; ended"
		assert_restored 0
		mux pipe-pane
		assert_equal "$(screen | grep -c '^action')" 2
		screen_lacks 'pps, last'
		run ! grep -aP '\x1b\[\?(25|1049)' raw
	done
	accepts stats --dev veth0 --live --count 1 --interval 0.01
	assert_equal "$(awk 'length > 79' <<<"$output")" ""
	assert_equal "$(tail -n 1 <<<"$output")" \
		"XDP_REDIRECT              0             0            0         0"
}

@test "live: --once, --json, --prometheus and --explain contradict it" {
	local option
	for option in --once --json '--prometheus file' --explain; do
		# shellcheck disable=SC2086
		run --separate-stderr stats --dev veth0 --live $option
		assert_equal "$status" 2
		assert_contains "$output$stderr" "--live and ${option%% *} contradict each other"
	done
}

@test "live: one write a redraw" {
	type_line "strace -qq -o trace -e trace=write '$TOP/xdp_stats' --quiet --dev veth0 --live --interval 0.01 --count 20; ended"
	assert_restored 0
	# the first look, and twenty ticks; the begin, the end, and what stays
	assert_equal "$(grep -c '^write(1, "\\33\[H\\33\[K' trace)" 21
	assert_equal "$(grep -c '^write(' trace)" 24
}

@test "live: ASCII where the locale is not UTF-8" {
	resize 400 24
	type_line 'LC_ALL=C live --interval 0.2'
	wait_for '^XDP_TX .* 0  +_+$'
	accepts flood 1000 60
	wait_for '^XDP_PASS .* +_+[^ _]*#[^ _]*_+$'
	assert_equal "$(screen | LC_ALL=C grep -c '[^ -~]')" 0
	mux send-keys q
	assert_restored 0
}

@test "live: events with their time on the screen, and on the normal one afterwards" {
	local id
	resize 120 24
	type_line 'live --interval 0.05'
	wait_for '^XDP_REDIRECT'
	id=$(map_id veth0)
	accepts loader --dev veth0 --force --progname xdp_drop_func
	wait_for "^[0-9:]{8}  veth0: map $id replaced by map $(map_id veth0), counting anew"
	wait_for "^[0-9:]{8}  veth0: program [0-9]+ replaced by program"
	ip link set dev veth0 xdp off
	wait_for "detached, packets are not counted any more"
	accepts loader --dev veth0 --force --filename "$OBJECTS/other_shape.o"
	wait_for '^[0-9:]{8}  cannot read .*: not a map of XDP statistics'
	wait_for '^veth0  no map that can be read$'
	screen_lacks '^XDP_'
	accepts loader --dev veth0 --force
	wait_for 'pinned, counting anew'
	wait_for '^XDP_REDIRECT'
	# five rows at most, the newest last
	assert_equal "$(screen | sed '1,/XDP_REDIRECT/d' | grep -c .)" 5
	resize 40 12 # a long one takes two rows, and the window has three in all
	wait_for '^[0-9:]{8}  veth0: program [0-9]* '
	# where the row ends depends on the length of the ids
	[[ $(screen | tr -d ' \n') == *replacedbyprogram* ]]
	[ "$(screen | grep -c '^XDP_')" -lt 5 ]
	resize 80 50
	wait_for '^XDP_REDIRECT'
	mux send-keys q
	assert_restored 0
	screen_has "replaced by map"
	screen_has "detached, packets"
	screen_has "cannot read"
	assert_equal "$(screen | grep -c '^XDP_')" 5
}

@test "live: events go to stderr, too, where that is a file" {
	local id
	id=$(map_id veth0)
	type_line 'live --interval 0.05 2>events'
	wait_for '^XDP_REDIRECT'
	accepts loader --dev veth0 --force
	wait_for "map $id replaced by map"
	mux send-keys q
	assert_restored 0
	grep -qx "xdp_stats: veth0: map $id replaced by map $(map_id veth0), counting anew" events
	screen_lacks "replaced by map" # each is told once
}

@test "live: several interfaces, one below the other, and how many more there are" {
	local i
	for i in 1 2 3 4; do
		ip link add dev "many$i" type veth peer name "other$i"
		accepts loader --dev "many$i"
	done
	resize 120 24
	type_line "'$TOP/xdp_stats' --all --live --interval 60; ended"
	wait_for '^\.\.\. 2 more interfaces$'
	assert_equal "$(screen | grep -c '^action')" 3
	resize 120 39
	wait_for '^veth0 '
	screen_lacks 'more interface'
	assert_equal "$(screen | grep -E '^(many|veth)' | cut -d' ' -f1 | xargs)" "many1 many2 many3 many4 veth0"
	resize 120 38
	wait_for '^\.\.\. 1 more interface$'
	resize 120 5
	wait_for '^\.\.\. 3 more lines, 4 more interfaces$'
	assert_equal "$(screen | grep -c .)" 5
	mux send-keys q
	until_true [ -e ended ]
}

@test "live: a pin that is gone leaves with --all, and new ones come" {
	type_line "'$TOP/xdp_stats' --all --live --interval 0.05; ended"
	wait_for '^veth0 '
	ip link add dev added type veth peer name other
	accepts loader --dev added
	wait_for '^added '
	assert_equal "$(screen | grep -E '^(added|veth)' | cut -d' ' -f1 | xargs)" "added veth0"
	accepts loader --dev veth0 --unload
	until_true screen_lacks '^veth0 '
	accepts loader --dev added --unload
	until_true screen_lacks '^XDP_'
	accepts loader --dev veth0
	wait_for '^XDP_REDIRECT'
	mux send-keys q
	assert_restored 0
}

@test "live: the rows of each CPU, and losses, as in the table" {
	accepts loader --dev veth0 --force --progname xdp_abort_func
	accepts loader --losses
	inside taskset -c 1 "$TOP/build/flood" --dev in --count 100 --socket
	type_line 'live --interval 0.05 --per-cpu'
	wait_for '^XDP_ABORTED +100 '
	wait_for '^  CPU 1 +100 '
	inside taskset -c 1 "$TOP/build/flood" --dev in --count 7 --socket
	wait_for '^  CPU 1 +107 '
	wait_for '^lost after XDP_ABORTED: 107 '
	mux send-keys q
	assert_restored 0
	screen_has '^  CPU 1 +107 '
	accepts loader --losses=off
}

@test "live: names from outside cannot control the terminal" {
	local pin=$BPFFS/veth0/$'a\e[31mb'
	mv "$BPFFS/veth0/xdp_stats_map" "$pin"
	cat >command <<-EOF
		'$TOP/xdp_stats' --pin '$pin' --live --interval 0.05
		ended
	EOF
	mux pipe-pane -O 'cat >raw'
	type_line '. ./command'
	wait_for '^/sys/fs/bpf/veth0/a\\x1b\[31mb  map'
	rm "$pin"
	wait_for '^/sys/fs/bpf/veth0/a\\x1b\[31mb  no map'
	wait_for 'unpinned'
	mux send-keys q
	assert_restored 0
	mux pipe-pane
	run ! grep -aP '\x1b\[31m' raw
}

@test "live: a terminal that takes nothing does not keep the process" {
	run timeout 60 python3 "$TOP/tests/stalled_terminal.py" "$TOP/xdp_stats" --dev veth0 --live --interval 0.01
	echo "$output"
	assert_equal "$status" 0
}
