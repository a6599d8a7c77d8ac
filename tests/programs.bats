#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Other people's objects: sections, tail calls, names, maps that others fill.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

@test "a function in a section that libbpf does not know: attached if it is the only one, or is named" {
	accepts loader --dev veth0 --filename "$OBJECTS/only_section.o"
	assert_contains "$output" "of_iproute2, native"
	flood 10 60
	assert_equal "$(counted veth0 XDP_DROP)" "10 600"
	accepts loader --dev veth0 --force --filename "$OBJECTS/sections.o" --progname of_a_tutorial
	flood 10 60
	assert_equal "$(counted veth0 XDP_TX)" "10 600"
}

@test "no XDP program: each function is listed with its section and kind" {
	rejects 40 "there is no XDP program in it" loader --dev veth0 --filename "$OBJECTS/sections.o"
	assert_contains "$stderr" 'of_iproute2 (SEC("prog"): unknown to libbpf)'
	assert_contains "$stderr" 'of_tc (SEC("classifier"): not XDP)'
	assert_contains "$stderr" 'of_a_devmap (SEC("xdp/devmap"): for entries of a devmap)'
	rejects 40 "'of_tc' is not an XDP program" loader --dev veth0 --filename "$OBJECTS/sections.o" --progname of_tc
	rejects 40 "there is no program 'nosuch'" loader --dev veth0 --filename "$OBJECTS/sections.o" \
		--progname nosuch
	assert_contains "$stderr" 'of_a_tutorial (SEC("xdp_second")'
}

@test "tail calls: programs in slots are loaded, too, but never attached" {
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	assert_contains "$output" "first, native"
	assert_contains "$output" "program first was chosen; --progname takes another one: another_first, by_hand"
	assert_contains "$output" "/later; later has to be filled by another program"
	[[ $output != *"stages has to be filled"* ]]
	flood 100 60
	assert_equal "$(counted veth0 XDP_PASS) $(counted veth0 XDP_ABORTED)" "100 6000 0 0"
	accepts loader --dev veth0 --force --filename "$OBJECTS/tail_calls.o" --progname called
	assert_contains "$output" "called, native"
}

# The entry program uses none of the maps but the array: those of the programs in its slots
# count as used by the interface, not by a program elsewhere.
@test "tail calls: programs in slots do not keep others from replacing and unloading" {
	accepts loader --dev veth0 --filename "$OBJECTS/only_calls.o"
	accepts flood 10 60
	accepts stats --dev veth0 --once --json
	assert_equal "$(jq .actions.XDP_PASS.packets <<<"$output")" 10
	accepts loader --dev veth0 --filename "$OBJECTS/only_calls.o" --force
	accepts loader --dev veth0 --unload
	assert_equal "$(attached veth0) $(ls "$BPFFS" | grep -v debug || true)" "none "
	# the interface goes away: what its pins keep is left over, and used by nobody
	accepts loader --dev veth0 --filename "$OBJECTS/only_calls.o"
	ip link delete dev veth0
	ip link add dev veth0 type veth peer name in netns peer
	run --separate-stderr loader --status --dev veth0
	assert_equal "$status" 1
	assert_contains "$output" "left-over pins, nothing attached"
	accepts loader --dev veth0 --filename "$OBJECTS/only_calls.o"
	ip link set dev veth0 xdp off
	accepts loader --dev veth0 --unload
	assert_equal "$(attached veth0) $(ls "$BPFFS" | grep -v debug || true)" "none "
	# but a program elsewhere that calls the same array uses it
	inside ip link add dev veth0 type veth peer name x
	accepts inside "$TOP/xdp_loader" --dev veth0 --filename "$OBJECTS/only_calls.o"
	rejects 40 "in use by program" loader --dev veth0
	accepts inside "$TOP/xdp_loader" --dev veth0 --unload
}

@test "-M keeps the slots that a user filled, not those that the object fills" {
	local stages later
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/dropped" type xdp
	bpftool map update pinned "$BPFFS/veth0/later" key 0 0 0 0 value pinned "$BPFFS/dropped"
	stages=$(bpftool -j map show pinned "$BPFFS/veth0/stages" | jq .id)
	later=$(bpftool -j map show pinned "$BPFFS/veth0/later" | jq .id)
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	assert_contains "$output" "map id $later pinned at $BPFFS/veth0/later, reused: what is in it stays"
	[[ $output != *"later has to be filled"* ]]
	[ "$(bpftool -j map show pinned "$BPFFS/veth0/stages" | jq .id)" != "$stages" ]
	flood 100 60
	# the slot of the user's is called first, and it counts nothing
	assert_equal "$(stats --dev veth0 --once --json | jq '[.actions[].packets] | add')" 0
}

@test "-M under traffic: each packet is handled only by old or only by new programs" {
	local sent
	accepts loader --dev veth0 --filename "$OBJECTS/tail_calls.o"
	inside "$TOP/build/flood" --dev in --count 300000 --size 60 >/dev/null 3>&- &
	local flood=$!
	for _ in 1 2 3 4 5; do
		accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/tail_calls.o"
	done
	wait "$flood"
	# a call into an array that is half filled would be counted as aborted
	assert_equal "$(counted veth0 XDP_ABORTED)" "0 0"
	sent=$(counted veth0 XDP_PASS)
	[ "${sent% *}" -ge 300000 ]
}

@test "names of more than 15 bytes are shown in full" {
	local program=drop_what_is_too_long_for_us map=settings_of_the_first_program
	accepts loader --dev veth0 --filename "$OBJECTS/long_names.o"
	assert_contains "$output" "$program, native"
	rejects 30 "$program, native" loader --dev veth0
	accepts loader --dev veth0 --status
	assert_contains "$output" "$program, native"
	assert_contains "$output" "$map, pinned at $BPFFS/veth0/$map"
	accepts loader --dev veth0 --force
	assert_contains "$output" "replaced id"
	assert_contains "$output" "$program"
	assert_contains "$output" "($map) dropped"
	# and a map of that name is found again
	accepts loader --dev veth0 --force --filename "$OBJECTS/long_names.o"
	accepts loader --dev veth0 --force --reuse-maps --filename "$OBJECTS/long_names.o"
	assert_contains "$output" "$map, reused"
}

@test "maps that other programs must fill are named, and so are lost entries" {
	accepts loader --dev veth0 --filename "$OBJECTS/fill_by_others.o"
	local ports
	ports=$(bpftool -j map show pinned "$BPFFS/veth0/ports" | jq .id)
	assert_contains "$output" "/ports; ports has to be filled by another program"
	assert_contains "$output" "/sockets; sockets has to be filled by another program"
	accepts loader --dev veth0 --force --filename "$OBJECTS/fill_by_others.o"
	assert_contains "$output" "/ports, new and empty: what was in map $ports is gone (--reuse-maps keeps it); ports has"
}

@test "a program that reads metadata is bound to its interface" {
	compile "$BATS_TEST_TMPDIR/stamps.o" <<<'#include "xdp_stats_kern.h"
		extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *stamp)
			__attribute__((section(".ksyms"), weak));
		SEC("xdp") int stamps(struct xdp_md *ctx) { __u64 stamp = 0;
			if (bpf_xdp_metadata_rx_timestamp) bpf_xdp_metadata_rx_timestamp(ctx, &stamp);
			return xdp_stats_record_action(ctx, stamp == 1 ? XDP_DROP : XDP_PASS); }
		char _license[] SEC("license") = "GPL";'
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/stamps.o"
	flood 10 60
	assert_equal "$(counted veth0 XDP_PASS)" "10 600"
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/stamps.o" --force --reuse-maps --auto-mode
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/stamps.o" --force --dry-run
	assert_contains "$output" "not run: it reads metadata"
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/stamps.o" --force --dry-run --json
	assert_equal "$(jq .test <<<"$output")" null
	rejects 40 "hint: bpf_xdp_metadata_*() work only in native mode: load without --skb-mode" \
		loader --dev veth0 --filename "$BATS_TEST_TMPDIR/stamps.o" --force --skb-mode
}

@test "maps and programs of other kinds in the object do not keep it from loading" {
	compile "$BATS_TEST_TMPDIR/mixed.o" <<<'#include "xdp_stats_kern.h"
		#include <bpf/bpf_tracing.h>
		struct sock;
		struct tcp_congestion_ops { unsigned int (*ssthresh)(struct sock *sk); char name[16]; };
		SEC("struct_ops/threshold") unsigned int threshold(struct sock *sk) { return 2; }
		SEC(".struct_ops") struct tcp_congestion_ops calm = { .ssthresh = threshold, .name = "calm" };
		struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __type(key, int); __type(value, long); } tasks SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE); __type(key, struct bpf_cgroup_storage_key);
			__type(value, long); } groups SEC(".maps");
		SEC("cgroup_skb/ingress") int other(struct __sk_buff *skb) { return bpf_get_local_storage(&groups, 0) != 0; }
		SEC("xdp") int mixed(struct xdp_md *ctx) { return xdp_stats_record_action(ctx, XDP_PASS); }
		char _license[] SEC("license") = "GPL";'
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/mixed.o"
	[[ $output != *tasks* ]]
	assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map
	accepts loader --dev veth0 --filename "$BATS_TEST_TMPDIR/mixed.o" --force
	assert_equal "$(ls "$BPFFS/veth0")" xdp_stats_map
}

@test "a reused PROG_ARRAY of programs for packets in fragments, or of others: said, with the way out" {
	compile "$BATS_TEST_TMPDIR/kinds.o" <<<'#include "xdp_stats_kern.h"
		struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2); __uint(key_size, 4);
			__uint(value_size, 4); } stages SEC(".maps");
		SEC("xdp") int linear(struct xdp_md *ctx) { bpf_tail_call(ctx, &stages, 0);
			return xdp_stats_record_action(ctx, XDP_PASS); }
		SEC("xdp.frags") int frags(struct xdp_md *ctx) { bpf_tail_call(ctx, &stages, 0);
			return xdp_stats_record_action_frags(ctx, XDP_PASS); }
		char _license[] SEC("license") = "GPL";'
	local load=(loader --dev veth0 --filename "$BATS_TEST_TMPDIR/kinds.o" --force)
	accepts "${load[@]}" --progname linear
	rejects 40 'the reused array stages belongs to programs of SEC("xdp"), and this one is of SEC("xdp.frags")' \
		"${load[@]}" --reuse-maps --progname frags
	assert_contains "$stderr" "hint: load without --reuse-maps: stages is then new"
	accepts "${load[@]}" --progname frags
	rejects 40 'belongs to programs of SEC("xdp.frags"), and this one is of SEC("xdp")' \
		"${load[@]}" --reuse-maps --progname linear
	accepts "${load[@]}" --reuse-maps --progname frags
}

# As libxdp pins them: a program called xdp_dispatcher, and those that it runs.
attach_dispatcher() {
	compile "$BATS_TEST_TMPDIR/dispatcher.o" <<<'#include <linux/bpf.h>
		#include <bpf/bpf_helpers.h>
		SEC("xdp") int xdp_dispatcher(struct xdp_md *ctx) { return XDP_PASS; }'
	local dir
	ip link set dev veth0 xdp obj "$BATS_TEST_TMPDIR/dispatcher.o" sec xdp
	dir=$BPFFS/xdp/dispatch-$(cat /sys/class/net/veth0/ifindex 2>/dev/null ||
		ip -j link show dev veth0 | jq '.[0].ifindex')-$(attached veth0 | cut -d' ' -f2)
	mkdir -p "$dir"
	bpftool prog load "$OBJECTS/only_section.o" "$dir/prog0-prog" type xdp
	bpftool prog load "$OBJECTS/no_maps.o" "$dir/prog1-prog" type xdp
}

@test "the dispatcher of libxdp: its programs are named, and only a second word takes it" {
	attach_dispatcher
	local before
	before=$(attached veth0)
	rejects 30 "is the dispatcher of libxdp" loader --dev veth0
	assert_contains "$stderr" "or take them away with --force --take-dispatcher"
	rejects 30 "is the dispatcher of libxdp, and runs programs of other tools" loader --dev veth0 --force
	[[ $stderr =~ "they are: id "[0-9]+", of_iproute2; id "[0-9]+", mapless" ]]
	assert_contains "$stderr" "hint: remove them with their own tool: xdp-loader unload veth0 --all"
	rejects 30 "is the dispatcher of libxdp" loader --dev veth0 --unload
	rejects 30 "is the dispatcher of libxdp" loader --dev veth0 --unload --force
	assert_equal "$(attached veth0)" "$before"
	accepts loader --dev veth0 --force --take-dispatcher
	assert_contains "$output" "libxdp has pins of its own left: xdp-loader clean veth0 removes them"
	accepts loader --dev veth0 --unload
	attach_dispatcher
	accepts loader --dev veth0 --unload --take-dispatcher
	assert_equal "$(attached veth0)" none
	rm -r "$BPFFS/xdp"
}
