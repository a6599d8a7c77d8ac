#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Maps that several interfaces pin: --share-from.

load helper

setup() {
	need_kernel
	make_pair
	ip link add dev veth2 type veth peer name veth3
	ip link set dev veth2 up
	ip link set dev veth3 up
	compile "$BATS_TEST_TMPDIR/firewall.o" <<<'#include "xdp_stats_kern.h"
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 100); __type(key, __u32);
			__type(value, __u32); __uint(pinning, LIBBPF_PIN_BY_NAME); } blocked SEC(".maps");
		SEC("xdp") int firewall(struct xdp_md *ctx) { __u32 key = 1;
			return xdp_stats_record_action(ctx, bpf_map_lookup_elem(&blocked, &key) ? XDP_DROP : XDP_PASS); }
		char _license[] SEC("license") = "GPL";'
}

teardown() {
	remove_all
}

firewall() { # firewall IFNAME [OPTIONS]
	loader --dev "$1" --filename "$BATS_TEST_TMPDIR/firewall.o" "${@:2}"
}

blocked_id() { # blocked_id IFNAME
	bpftool -j map show pinned "$BPFFS/$1/blocked" | jq .id
}

@test "one list for two interfaces; each has counters of its own" {
	accepts firewall veth2
	assert_contains "$output" "blocked; each interface has its own, unless --share-from IFNAME is used"
	accepts firewall veth0 --share-from veth2
	assert_contains "$output" "pinned at $BPFFS/veth0/blocked, shared with veth2"
	assert_equal "$(blocked_id veth0)" "$(blocked_id veth2)"
	[ "$(map_id veth0)" != "$(map_id veth2)" ]
	flood 10 60
	bpftool map update pinned "$BPFFS/veth2/blocked" key 1 0 0 0 value 1 0 0 0
	flood 5 60
	assert_equal "$(counted veth0 XDP_PASS)" "10 600"
	assert_equal "$(counted veth0 XDP_DROP)" "5 300"
	accepts loader --status
	assert_contains "$output" "$BPFFS/veth0/blocked, shared with veth2"
	accepts loader --status --dev veth2 --json
	assert_equal "$(jq -c '.interfaces[0].pins[] | select(.path | endswith("blocked")) | .shared_with' <<<"$output")" \
		'["veth0"]'
}

@test "without it, each has its own" {
	accepts firewall veth2
	accepts firewall veth0
	[ "$(blocked_id veth0)" != "$(blocked_id veth2)" ]
}

@test "-M keeps the shared map, a plain reload makes a new one" {
	accepts firewall veth2
	accepts firewall veth0 --share-from veth2
	accepts firewall veth0 --force --reuse-maps
	assert_contains "$output" "unchanged: veth0"
	accepts firewall veth0 --force --reuse-maps --skb-mode
	assert_equal "$(blocked_id veth0)" "$(blocked_id veth2)"
	accepts firewall veth0 --force --skb-mode
	assert_contains "$output" "new and empty: map $(blocked_id veth2) is no longer shared (--share-from shares it)"
	[ "$(blocked_id veth0)" != "$(blocked_id veth2)" ]
	# not unchanged: another map takes the place of this one
	accepts firewall veth0 --force --skb-mode --reuse-maps --share-from veth2
	assert_contains "$output" "attached to veth0"
	assert_equal "$(blocked_id veth0)" "$(blocked_id veth2)"
}

@test "no interface needs --force because of the other, and none loses the map" {
	accepts firewall veth2
	bpftool map update pinned "$BPFFS/veth2/blocked" key 7 0 0 0 value 1 0 0 0
	accepts firewall veth0 --share-from veth2
	ip link set dev veth2 xdp off
	accepts firewall veth2 --share-from veth0
	accepts loader --dev veth2 --unload
	assert_equal "$(bpftool -j map dump pinned "$BPFFS/veth0/blocked" | jq length)" 1
	local id
	id=$(blocked_id veth0)
	accepts loader --dev veth0 --unload
	for i in $(seq 600); do bpftool map show id "$id" >/dev/null 2>&1 || break; sleep 0.1; done
	run bpftool map show id "$id"
	[ "$status" -ne 0 ]
}

@test "what cannot be shared: nothing there, itself, no mark, another shape" {
	rejects 40 "no map blocked is pinned for it" firewall veth0 --share-from veth2
	assert_contains "$stderr" "xdp_loader --dev veth2 --filename $BATS_TEST_TMPDIR/firewall.o"
	accepts firewall veth2 # as the hint says
	accepts firewall veth0 --share-from veth2
	rejects 40 "there is no interface 'veht2'" firewall veth0 --force --share-from veht2
	assert_contains "$stderr" "did you mean veth2?"
	rejects 40 "it is the interface of this load" firewall veth0 --force --share-from veth0
	rejects 40 "has no map that is marked" loader --dev veth0 --force --share-from veth2
	rejects 2 "cannot be used with options for loading" loader --dev veth0 --unload --share-from veth2
	rm "$BPFFS/veth2/blocked"
	bpftool map create "$BPFFS/veth2/blocked" type hash key 4 value 8 entries 100 name blocked
	rejects 40 "value_size: pinned 8, object 4" firewall veth0 --force --share-from veth2
	assert_contains "$stderr" "load without --share-from"
}

@test "several interfaces share with one" {
	accepts firewall veth2
	accepts loader --dev veth0 --dev veth3 --filename "$BATS_TEST_TMPDIR/firewall.o" --share-from veth2
	assert_equal "$(blocked_id veth0)" "$(blocked_id veth2)"
	assert_equal "$(blocked_id veth3)" "$(blocked_id veth2)"
}
