#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Wrong options: refused with 2 before anything is touched.

load helper

@test "help and version go to stdout and succeed" {
	local tool
	for tool in xdp_loader xdp_stats; do
		accepts "$TOP/$tool" --help
		assert_contains "$output" "Usage: $tool"
		assert_equal "$stderr" ""
		accepts "$TOP/$tool" -V
		[[ $output =~ ^$tool\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	done
}

@test "--help into a closed pipe or a full disk does not crash" {
	local tool
	for tool in "xdp_loader --help" "xdp_stats --help" "xdp_stats --version"; do
		run bash -c "'$TOP'/$tool 2>&1 >/dev/full"
		assert_equal "$status" 1
		assert_contains "$output" "cannot write to the standard output: No space left on device"
	done
}

@test "the interface must be named" {
	rejects 2 "--dev" loader
	rejects 2 "--dev" loader --unload
	rejects 2 "--dev" stats
	rejects 2 "needs an argument" loader --dev
	rejects 2 "needs an argument" stats -d
}

@test "unknown and abbreviated options are rejected, with a suggestion" {
	rejects 2 "'--bogus'" loader --bogus
	rejects 2 "'-x'" loader -x
	rejects 2 "did you mean --force?" loader --dev lo --for
	rejects 2 "did you mean --dev?" loader --de lo
	rejects 2 "did you mean --interval?" stats --inter=1 --dev lo
	rejects 2 "did you mean --force?" loader --dev lo --forse
	rejects 2 "did you mean --unload?" loader --dev lo --unlod=12
	rejects 2 "did you mean --once?" stats --dev lo --onces
	run loader --dev lo --xyz
	[[ $output != *"did you mean"* ]]
	rejects 2 "takes no argument" loader --dev lo --force=yes
	rejects 2 "unknown option" loader --=x
}

@test "operands are rejected" {
	rejects 2 "'eth1'" loader --dev lo eth1
	rejects 2 "'x'" stats --dev lo x
	rejects 2 "'x'" loader --dev lo -- x
}

@test "contradicting options are rejected" {
	rejects 2 "--skb-mode and --native-mode contradict each other" loader --dev lo --skb-mode --native-mode
	rejects 2 "--auto-mode and --skb-mode contradict each other" loader --dev lo -A -S
	rejects 2 "contradict" loader --dev lo -q -v
	rejects 2 "contradict" stats --dev lo --all
	rejects 2 "contradict" stats --dev lo --once --count 3
}

@test "invalid interface names are rejected" {
	local name
	for name in '' . .. a/b a:b 'a b' $'a\xa0b' sixteen-bytes-xx; do
		rejects 2 "--dev" loader --dev "$name"
		rejects 2 "--dev" stats --dev "$name"
	done
}

@test "ids, intervals and counts must be valid and in range" {
	local value
	for value in abc 99999999999 0 -1 1x ''; do
		rejects 2 "program id" loader --dev lo --unload="$value"
	done
	rejects 2 "program id" loader --dev lo -U abc
	for value in 0 -1s nan inf 1e9 0.009 86401 ''; do
		rejects 2 "0.01" stats --dev lo --interval "$value"
	done
	rejects 2 "count" stats --dev lo --count 0
}

@test "empty file and program names are rejected" {
	rejects 2 "empty" loader --dev lo --filename ''
	rejects 2 "empty" loader --dev lo --progname ''
}

@test "did you mean: letters that changed places, an interface without --dev, a wrong name of one" {
	need_kernel
	ip link add dev xdptest type veth peer name other
	rejects 2 "did you mean --force?" loader --froce
	rejects 2 "unexpected argument 'xdptest': did you mean --dev xdptest?" loader xdptest
	rejects 2 "unexpected argument 'xdptest': did you mean --dev xdptest?" stats xdptest
	rejects 2 "hint: did you mean xdptest? see: ip link" loader --dev xdptst
	rejects 40 "hint: did you mean xdptest?" stats --dev xdptst --once
	# not where that would be wrong
	rejects 2 "unexpected argument 'prog.o'" loader prog.o
	[[ $stderr != *"did you mean"* ]]
	rejects 2 "unexpected argument 'x'" loader --dev xdptest x
	[[ $stderr != *"did you mean"* ]]
	rejects 2 "hint: see: ip link" loader --dev quite-another
	ip link delete dev xdptest
}
