#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# In a bare system with xdp-pinned, in network and mount namespaces of its own: load, count,
# upgrade while the program is attached, purge. tests/package.sh runs this.

set -euo pipefail

# Only pings pass: no IPv6, and no ARP.
make_pair() {
	ip netns add peer
	ip link add dev t0 address 02:00:00:00:00:01 type veth \
		peer name t1 address 02:00:00:00:00:02 netns peer
	sysctl_off t0
	nsenter --net=/run/netns/peer -- bash -c "$(declare -f sysctl_off); sysctl_off t1"
	ip address add 10.9.0.1/24 dev t0
	ip -n peer address add 10.9.0.2/24 dev t1
	ip link set dev t0 up
	ip -n peer link set dev t1 up
	ip neighbour add 10.9.0.2 lladdr 02:00:00:00:00:02 nud permanent dev t0
	ip -n peer neighbour add 10.9.0.1 lladdr 02:00:00:00:00:01 nud permanent dev t1
}

sysctl_off() { # sysctl_off IFNAME
	! [ -e "/proc/sys/net/ipv6/conf/$1" ] || echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"
}

pings() { # pings COUNT
	nsenter --net=/run/netns/peer -- ping -q -c "$1" -i 0.01 -W 10 10.9.0.1
}

counted() {
	xdp_stats --dev t0 --once --json | jq .actions.XDP_PASS.packets
}

attached() {
	ip -d -j link show dev t0 | jq -r '.[0].xdp.prog.id // "none"'
}

is() { # is GOT EXPECTED
	[ "$1" = "$2" ] || { printf 'got %s, expected %s\n' "$1" "$2" && exit 1; }
}

make_pair
xdp_loader --dev t0
program=$(attached)
pings 20
is "$(counted)" 20

echo '--- upgrade: the program and its counters go on'
dpkg --install /debs/xdp-pinned_99.0_*.deb
is "$(attached)" "$program"
pings 20
is "$(counted)" 40
xdp_loader --dev t0 --force --reuse-maps
pings 1
is "$(counted)" 41

echo '--- purge: all files go, the program stays until it is detached by other means'
program=$(attached)
mapfile -t files < <(dpkg --listfiles xdp-pinned)
dpkg --purge xdp-pinned
for file in "${files[@]}"; do
	[ -d "$file" ] || [ ! -e "$file" ] || { printf 'left: %s\n' "$file" && exit 1; }
done
[ ! -e /usr/lib/xdp_loader ]
is "$(attached)" "$program"
[ -e /sys/fs/bpf/t0/xdp_stats_map ]
pings 5

echo '--- as the man page says'
ip link set dev t0 xdp off
rm -r /sys/fs/bpf/t0
is "$(attached)" none
is "$(find /sys/fs/bpf -mindepth 1 -type d)" ''

dpkg --install /debs/xdp-pinned_0*.deb
is "$(systemctl is-enabled xdp_stats.service || true)" disabled
[ -z "$(find /etc/systemd/system -name 'xdp_*')" ]
