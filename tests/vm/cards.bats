#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Network drivers: what native, skb and auto do on each, and that the hints of the loader work
# exactly as printed. Run by run.sh in a virtual machine with many cards; on the other side of
# card N, 10.0.N.2 answers pings.
#
# modules: veth virtio_net igb vmxnet3 e1000 tun bonding 8021q
# network: 2 6 7
# boot: --smp 4 --append maxcpus=2
# qemu: -netdev user,id=n1,net=10.0.1.0/24 -device virtio-net-pci,netdev=n1,mac=52:54:00:00:00:01
# qemu: -netdev tap,id=n2,ifname=tap2,script=no,downscript=no,queues=4
# qemu: -device virtio-net-pci,netdev=n2,mq=on,vectors=10,mac=52:54:00:00:00:02
# qemu: -netdev user,id=n3,net=10.0.3.0/24 -device igb,netdev=n3,mac=52:54:00:00:00:03
# qemu: -netdev user,id=n4,net=10.0.4.0/24 -device vmxnet3,netdev=n4,mac=52:54:00:00:00:04
# qemu: -netdev user,id=n5,net=10.0.5.0/24 -device e1000,netdev=n5,mac=52:54:00:00:00:05
# qemu: -netdev tap,id=n6,ifname=tap6,script=no,downscript=no,queues=4
# qemu: -device virtio-net-pci,netdev=n6,mq=on,vectors=10,ctrl_guest_offloads=off,mac=52:54:00:00:00:06
# qemu: -netdev tap,id=n7,ifname=tap7,script=no,downscript=no,queues=4
# qemu: -device virtio-net-pci,netdev=n7,mq=on,vectors=10,mac=52:54:00:00:00:07,ctrl_guest_offloads=off,guest_csum=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off,guest_uso4=off,guest_uso6=off

load helper

# Set card to the interface of this number, and give it an address.
use_card() { # use_card NUMBER
	number=$1
	card=$(ip -o link show | sed -n "s/^[0-9]*: \([^:]*\):.*52:54:00:00:00:0$1 .*/\1/p")
	[ -n "$card" ]
	ip link set dev "$card" mtu 1500 up
	ip address replace "10.0.$1.15/24" dev "$card"
}

teardown() {
	local link
	loader --status --json | jq -r '.interfaces[].ifname' |
		while read -r link; do loader --dev "$link" --unload --quiet || true; done
	for link in bond9 vlan0.1 tap0 tun0 veth0; do ip link delete dev "$link" 2>/dev/null || true; done
	ip netns delete peer 2>/dev/null || true
}

packets() { # packets IFNAME ACTION
	counted "$1" "$2" | cut -d' ' -f1
}

# Pings to the other side of the card are answered and counted as passed.
passes() {
	local before
	before=$(packets "$card" XDP_PASS)
	# a card may have no carrier for a moment after an attach
	ping -c 1 -w 30 -q "10.0.$number.2" || return 1
	ping -c 3 -i 0.2 -W 10 -q "10.0.$number.2" || return 1
	[ "$(packets "$card" XDP_PASS)" -ge $((before + 4)) ]
}

drops() {
	! ping -c 2 -i 0.2 -W 1 -q "10.0.$number.2" || return 1
	[ "$(packets "$card" XDP_DROP)" -ge 2 ]
}

# Everything that the loader does on a driver with native mode.
native_works() {
	accepts loader --dev "$card"
	[[ $(attached "$card") == native* ]]
	passes
	accepts loader --dev "$card" --force --reuse-maps --progname xdp_drop_func
	drops
	[ "$(packets "$card" XDP_PASS)" -ge 4 ]
	accepts loader --dev "$card" --force --skb-mode
	[[ $(attached "$card") == skb* ]]
	passes
	accepts loader --dev "$card" --force --native-mode
	[[ $(attached "$card") == native* ]]
	accepts loader --dev "$card" --unload
	accepts loader --dev "$card" --auto-mode
	[[ $(attached "$card") == native* ]]
	passes
	accepts loader --dev "$card" --unload
	assert_equal "$(attached "$card")" none
}

# Try each option and command of a hint, from the state in which the hint was printed.
native_is_missing() { # native_is_missing IFNAME [CHECK]
	local option=""
	rejects 30 "" loader --dev "$1"
	for option in $(grep -o -e '--[a-z]*-mode' <<<"$stderr"); do
		accepts loader --dev "$1" "$option"
		[[ $(attached "$1") == skb* ]]
		[ $# = 1 ] || "$2"
		accepts loader --dev "$1" --unload
	done
	[ -n "$option" ] # the hint names at least one
	[ -z "$(ls "$BPFFS")" ]
}

# The commands "ip ..." and "ethtool ..." of the hint in $stderr.
follow_commands() {
	local command words
	while read -r command; do
		read -r -a words <<<"$command"
		echo "# follows: $command" >&3
		"${words[@]}" || return 1
	done < <(sed -n 's/^hint: //p' <<<"$stderr" | grep -oE '\b(ip|ethtool) [^;]*')
	[ -n "${words[*]}" ]
}

@test "virtio_net, one queue" {
	echo "# kernel $(uname -r)" >&3
	use_card 1
	native_works
}

@test "virtio_net, four queues" {
	use_card 2
	ethtool -L "$card" combined 4 || ethtool -l "$card" >&3
	native_works
}

@test "virtio_net: the MTU is too large; each way out of the hint works" {
	use_card 1
	ip link set dev "$card" mtu 9000
	rejects 30 MTU loader --dev "$card"
	follow_commands
	accepts loader --dev "$card"
	passes
	accepts loader --dev "$card" --unload
	ip link set dev "$card" mtu 9000
	rejects 30 MTU loader --dev "$card" --auto-mode
	rejects 30 MTU loader --dev "$card"
	local option=""
	for option in $(grep -o -e '--[a-z]*-mode' -e '--progname [a-z_]*' <<<"$stderr" | tr ' ' =); do
		accepts loader --dev "$card" "$option"
		passes
		accepts loader --dev "$card" --unload
	done
}

@test "virtio_net whose offloads the host fixes: the hint works" {
	use_card 6
	rejects 30 "GRO_HW/CSUM, disable GRO_HW/CSUM first" loader --dev "$card"
	# the words of the driver do not help: nothing changes
	ethtool -K "$card" rx-gro-hw off || true
	rejects 30 GRO_HW loader --dev "$card"
	assert_contains "$stderr" "ctrl_guest_offloads=on, or with guest_csum=off"
	[[ $stderr != *"ethtool -K"* ]]
	assert_contains "$stderr" "--skb-mode"
	rejects 30 GRO_HW loader --dev "$card" --auto-mode
	accepts loader --dev "$card" --skb-mode
	passes
}

@test "virtio_net without these offloads, as the hint says" {
	use_card 7
	native_works
}

@test "igb" {
	use_card 3
	native_works
}

@test "vmxnet3" {
	use_card 4
	native_works
}

@test "e1000 has no native mode; each way out of the hint works" {
	use_card 5
	native_is_missing "$card" passes
}

@test "tap has native mode; tun has none, and no Ethernet header" {
	ip tuntap add dev tap0 mode tap
	ip link set dev tap0 up
	accepts loader --dev tap0
	[[ $(attached tap0) == native* ]]
	accepts loader --dev tap0 --force --skb-mode
	accepts loader --dev tap0 --force --auto-mode
	[[ $(attached tap0) == native* ]]
	accepts loader --dev tap0 --unload
	ip tuntap add dev tun0 mode tun
	ip link set dev tun0 up
	native_is_missing tun0
}

@test "bond: native over ports that have it, counted; a port cannot have its own program" {
	make_pair
	ip link set dev veth0 down
	ip link add dev bond9 type bond mode active-backup
	ip link set dev veth0 master bond9
	echo 1 >/proc/sys/net/ipv6/conf/bond9/disable_ipv6
	ip link set dev bond9 up
	accepts loader --dev bond9
	[[ $(attached bond9) == native* ]]
	flood 200 60 --socket
	assert_equal "$(counted bond9 XDP_PASS)" "200 12000"
	rejects 30 "upper device" loader --dev veth0
	assert_contains "$stderr" "detach that one first"
	accepts loader --dev bond9 --unload
	accepts loader --dev bond9 --skb-mode
	flood 100 60 --socket
	assert_equal "$(counted bond9 XDP_PASS)" "100 6000"
}

@test "bond over a port without native mode; each way out of the hint works" {
	use_card 5
	ip link set dev "$card" down
	ip link add dev bond9 type bond mode active-backup
	ip link set dev "$card" master bond9
	ip link set dev bond9 up
	native_is_missing bond9
	rejects 30 "" loader --dev bond9 --auto-mode
	ip link set dev "$card" nomaster
}

@test "bond in a mode without XDP: the hint works" {
	ip link add dev bond9 type bond mode balance-tlb
	rejects 30 "" loader --dev bond9
	echo "# $stderr" >&3
	assert_contains "$stderr" "native XDP needs the mode balance-rr or active-backup"
	accepts loader --dev bond9 --skb-mode
	accepts loader --dev bond9 --unload
	ip link set dev bond9 type bond mode active-backup
	accepts loader --dev bond9
}

@test "bond with a member that has a program: the hint works" {
	make_pair
	accepts loader --dev veth0
	ip link set dev veth0 down
	ip link add dev bond9 type bond mode active-backup
	ip link set dev veth0 master bond9
	rejects 30 "has XDP program loaded" loader --dev bond9
	assert_contains "$stderr" "xdp_loader --dev MEMBER --unload"
	accepts loader --status
	assert_contains "$output" "veth0: ok"
	accepts loader --dev veth0 --unload
	accepts loader --dev bond9
}

@test "igb, MTU: the hint works" {
	use_card 3
	ip link set dev "$card" mtu 9000
	rejects 30 "frame size" loader --dev "$card"
	[[ $stderr != *frags* ]]
	follow_commands
	accepts loader --dev "$card"
	passes
}

@test "vmxnet3, MTU: the hint works" {
	use_card 4
	ip link set dev "$card" mtu 9000
	rejects 30 "too large for XDP" loader --dev "$card"
	follow_commands
	accepts loader --dev "$card"
	passes
}

@test "VLAN: no native mode; each way out of the hint works, and counts" {
	use_card 3
	ip link add link "$card" name vlan0.1 type vlan id 1
	ip link set dev vlan0.1 up
	native_is_missing vlan0.1
	ip link delete dev vlan0.1
}

# frames_on CPU COUNT: so many frames by a process on that CPU, where a veth receives them
frames_on() {
	taskset -c "$1" nsenter --net=/run/netns/peer -- "$TOP/build/flood" --dev in --socket \
		--count "$2" --size 60
}

# set_online CPU 0|1
set_online() {
	echo "$2" >"/sys/devices/system/cpu/cpu$1/online"
}

@test "CPUs added and removed while it counts: no packet is lost" {
	make_pair
	assert_equal "$(cat /sys/devices/system/cpu/{online,possible} | tr '\n' ' ')" "0-1 0-3 "
	accepts loader --dev veth0
	stats --dev veth0 --interval 0.2 --json >/run/samples 3>&- &
	local reader=$!
	frames_on 0 100
	frames_on 1 200
	set_online 1 0
	assert_equal "$(counted veth0 XDP_PASS)" "300 18000"
	set_online 3 1
	frames_on 3 400
	assert_equal "$(counted veth0 XDP_PASS)" "700 42000"
	set_online 3 0
	set_online 2 1
	frames_on 2 50
	set_online 1 1
	frames_on 1 50
	assert_equal "$(counted veth0 XDP_PASS)" "800 48000"
	until jq -e 'select(.actions.XDP_PASS.packets == 800)' /run/samples >/dev/null; do sleep 0.2; done
	kill "$reader"
	wait "$reader" || true
	# no sample went back
	assert_equal "$(jq -s '[.[].actions.XDP_PASS.packets] | . == sort' /run/samples)" true
}
