#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What it costs, in system calls and in memory: exact counts, and upper bounds.

load helper

setup() {
	need_kernel
	make_pair
	trace=$BATS_TEST_TMPDIR/trace
}

teardown() {
	remove_all
}

calls() { # calls [NAME]: lines of the trace that are system calls
	grep -cE "^${1:-[a-z0-9_]+}\(" "$trace"
}

# libbpf 1.5 makes more calls for the same load than 1.1: what is ours is the difference. Six
# of ours are the guard against crashes of libbpf: sigaltstack(), and sigaction() for each signal.
@test "a fresh load: at most 24 bpf(), and 140 system calls, or 60 more than bare libbpf makes" {
	local bare bound
	strace -qq -o "$trace" "$TOP/build/bench/bare_loader" "$TOP/xdp_prog_kern.o" veth0 "$BPFFS/bare"
	bare=$(calls)
	bound=$((bare + 60 > 140 ? bare + 60 : 140))
	ip link set dev veth0 xdp off
	strace -qq -o "$trace" "$TOP/xdp_loader" --dev veth0
	echo "# $(calls) system calls, $(calls bpf) bpf(); bare libbpf: $bare" >&3
	[ "$(calls)" -le "$bound" ]
	[ "$(calls bpf)" -le 24 ]
}

@test "200 other interfaces add no calls to a load, and ten each to --status" {
	local alone i
	strace -qq -o "$trace" "$TOP/xdp_loader" --dev veth0
	alone=$(calls)
	accepts loader --dev veth0 --unload
	for i in $(seq 100); do
		echo "link add dev a$i type veth peer name b$i"
	done | ip -batch -
	strace -qq -o "$trace" "$TOP/xdp_loader" --dev veth0
	assert_equal "$(calls)" "$alone"
	# each is asked for by itself
	strace -qq -o "$trace" "$TOP/xdp_loader" --status
	echo "# --status of 202 interfaces: $(calls) system calls" >&3
	[ "$(calls)" -le 3000 ]
}

@test "a tick of xdp_stats: one bpf(), at most 4 in all" {
	accepts loader --dev veth0
	strace -qq -o "$trace" "$TOP/xdp_stats" --dev veth0 --count 1 --interval 0.01 >/dev/null
	local all=$(calls) bpf=$(calls bpf) write=$(calls write)
	strace -qq -o "$trace" "$TOP/xdp_stats" --dev veth0 --count 101 --interval 0.01 >/dev/null
	bpf=$(($(calls bpf) - bpf)) write=$(($(calls write) - write)) all=$(($(calls) - all))
	echo "# 100 ticks: $bpf bpf(), $write write(), $((all - bpf - write)) others" >&3
	[ "$bpf" -le 100 ]
	[ "$all" -le 400 ]
}

peak_kb() { # peak_kb COMMAND...
	command time -f %M -o "$BATS_TEST_TMPDIR/peak" "$@" >/dev/null
	cat "$BATS_TEST_TMPDIR/peak"
}

@test "memory: 3 MB for xdp_stats, 8 MB for the loader" {
	local loader_kb stats_kb
	loader_kb=$(peak_kb "$TOP/xdp_loader" --dev veth0)
	stats_kb=$(peak_kb "$TOP/xdp_stats" --dev veth0 --once --quiet)
	echo "# peak: xdp_loader $loader_kb KB, xdp_stats $stats_kb KB" >&3
	[ "$loader_kb" -le 8192 ]
	[ "$stats_kb" -le 3072 ]
}
