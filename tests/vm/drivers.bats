#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What needs a driver or a kernel that this machine may lack: run by run.sh in a virtual
# machine, with a virtio_net interface "eth0" whose other end answers pings.

load helper

teardown() {
	loader --dev eth0 --unload >/dev/null 2>&1 || true
	ip link set dev eth0 mtu 1500
	"$TOP/testenv/testenv.sh" teardown 2>/dev/null || true
	remove_all_but_eth0
}

remove_all_but_eth0() {
	ip -o link show | awk -F '[ :@]+' '$2 != "lo" && $2 != "eth0" { print $2 }' |
		while read -r link; do ip link delete dev "$link" 2>/dev/null || true; done
	ip netns delete peer 2>/dev/null || true
}

gateway_answers() {
	ip link set dev eth0 up
	ip address replace 10.0.2.15/24 dev eth0
	ping -c 3 -i 0.2 -W 2 -q 10.0.2.2
}

packets() { # packets ACTION
	counted eth0 "$1" | cut -d' ' -f1
}

@test "virtio_net: native, packets counted, replaced, dropped, skb, unloaded" {
	echo "# kernel $(uname -r)" >&3
	accepts loader --dev eth0
	assert_contains "$output" native
	gateway_answers
	[ "$(packets XDP_PASS)" -ge 3 ]
	accepts loader --dev eth0 --force --reuse-maps --progname xdp_drop_func
	run gateway_answers
	[ "$status" -ne 0 ]
	[ "$(packets XDP_DROP)" -ge 3 ]
	[ "$(packets XDP_PASS)" -ge 3 ]
	accepts loader --dev eth0 --force --skb-mode
	assert_contains "$output" "for a moment between the modes"
	gateway_answers
	accepts loader --dev eth0 --unload
	assert_equal "$(attached eth0)" none
}

@test "virtio_net: the MTU is too large, to attach and to detach; each way out works" {
	ip link set dev eth0 mtu 9000
	rejects 30 "MTU too large to enable XDP" loader --dev eth0
	assert_contains "$stderr" "(the MTU of eth0 is 9000)"
	assert_contains "$stderr" "ip link set dev eth0 mtu 1500"
	assert_contains "$stderr" "--skb-mode"
	[ -z "$(ls "$BPFFS")" ]
	accepts loader --dev eth0 --skb-mode
	accepts loader --dev eth0 --unload
	ip link set dev eth0 mtu 1500
	accepts loader --dev eth0
	ip link set dev eth0 mtu 9000
	# later kernels allow the detach
	run --separate-stderr loader --dev eth0 --unload
	echo "# detach at MTU 9000: status $status" >&3
	if [ "$status" != 0 ]; then
		assert_equal "$status" 30
		assert_contains "$stderr" "cannot detach from eth0: virtio_net: MTU too large"
		assert_contains "$stderr" "hint: lower it until the program is detached"
		[[ $stderr != *--skb-mode* ]]
		[ "$(attached eth0)" != none ]
		[ -e "$BPFFS/eth0/xdp_stats_map" ]
		ip link set dev eth0 mtu 1500
		accepts loader --dev eth0 --unload
	fi
	assert_equal "$(attached eth0)" none
}

@test "a VLAN of the lab: no native mode, skb by --auto-mode, pins under a colon, nothing left" {
	local t=$TOP/testenv/testenv.sh address
	accepts "$t" --vlan setup
	rejects 30 "does not support XDP in native mode" loader --dev xdptest.1
	accepts loader --dev xdptest.1 --auto-mode
	assert_contains "$output" "/sys/fs/bpf/xdptest:1/xdp_stats_map"
	address=$(ip -o -6 address show dev xdptest.1 | grep -o 'fd8f[^/]*')
	accepts "$t" exec ping -c 3 -i 0.2 -q "$address"
	[ "$(counted xdptest.1 XDP_PASS | cut -d' ' -f1)" -ge 3 ]
	# 5.10 allows a program on both
	run --separate-stderr loader --dev xdptest
	echo "# a program below a VLAN that has one: status $status" >&3
	if [ "$status" != 0 ]; then
		assert_equal "$status" 30
		assert_contains "$stderr" "upper device already has a program"
		assert_contains "$stderr" "an interface on top of xdptest"
		accepts loader --dev xdptest.1 --unload
		accepts loader --dev xdptest
	else
		accepts loader --dev xdptest.1 --unload
	fi
	accepts loader --dev xdptest.1 --auto-mode
	[ -d "$BPFFS/xdptest:1" ]
	accepts "$t" teardown
	assert_equal "$stderr" ""
	[ -z "$(ls "$BPFFS")" ]
}
