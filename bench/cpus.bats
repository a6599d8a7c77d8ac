#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What a sample costs where there are more possible CPUs than here: for tests/vm/run.sh,
# in whose virtual machine a nanosecond is an instruction. bench/samples.py reads it.

load helper

@test "a sample" {
	mkdir "$BPFFS/bench0"
	bpftool map create "$BPFFS/bench0/xdp_stats_map" type percpu_array key 4 value 16 \
		entries 5 name xdp_stats_map
	"$TOP/build/bench/sample" --dev bench0 --rounds 60 | tail -n 40 | sed 's/^/# sample: /' >&3
}
