#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The services, run by systemd: systemd.sh boots a machine with the package, in which
# xdp_loader@eth0 is enabled and systemd-networkd gives eth0 an address.

load helper

WAN=wan-0.1 # each special character that is usual in names
UNIT='xdp_loader@wan\x2d0.1.service'
DROP_IN=/run/systemd/system/xdp_loader@.service.d

loader() {
	xdp_loader "$@"
}

stats() {
	xdp_stats "$@"
}

map_id() { # map_id IFNAME
	loader --status --dev "$1" --json | jq '.interfaces[0].maps[].id'
}

teardown() {
	rm -rf "$DROP_IN" /etc/xdp_loader
	systemctl daemon-reload
	ip link delete dev "$WAN" 2>/dev/null || true
	ip netns delete peer 2>/dev/null || true
	systemctl disable --quiet "$UNIT"
	becomes inactive || journalctl -u "$UNIT" -o cat
}

# Wait until the unit has this state.
becomes() { # becomes STATE
	local state=''
	for _ in {1..100}; do
		state=$(systemctl is-active "$UNIT") || true
		[ "$state" != "$1" ] || return 0
		sleep 0.1
	done
	printf '%s: %s, not %s\n' "$UNIT" "$state" "$1"
	return 1
}

drop_in() { # drop_in SETTING...
	mkdir -p "$DROP_IN"
	printf '%s\n' '[Service]' "$@" >"$DROP_IN/test.conf"
	systemctl daemon-reload
}

# The interface appears, and its service with it.
wan_comes() {
	systemctl enable --quiet "$UNIT"
	make_pair "$WAN"
	becomes "${1:-active}"
}

# Wait until the file has this number of passed packets of the interface.
stats_say() { # stats_say NUMBER
	local text="^xdp_packets_total\\{device=\"$WAN\",action=\"pass\"\\} $1\$"
	for _ in {1..100}; do
		! grep -qE "$text" /run/xdp_stats/xdp.prom 2>/dev/null || return 0
		sleep 0.1
	done
	journalctl -u xdp_stats -o cat
	return 1
}

line_of() { # line_of REGEX
	grep -nE -m 1 -e "$1" /monitor.log | cut -d: -f1
}

@test "at boot: the program is attached before the interface is up and has an address" {
	echo "# $(systemctl --version | head -n 1), kernel $(uname -r)" >&3
	assert_equal "$(systemctl is-active xdp_loader@eth0)" active
	until [ -n "$(line_of 'eth0 +inet 10\.0\.2\.15')" ]; do sleep 0.1; done
	[ "$(line_of 'eth0: <[^>]*,UP')" -lt "$(line_of 'eth0 +inet 10\.0\.2\.15')" ]
	# an interface that is down tells nobody that it gets a program
	assert_contains "$(grep -m 1 'eth0: <[^>]*,UP' /monitor.log)" xdp
	assert_contains "$(attached eth0)" native
	# all that is started is done
	[ -z "$(systemctl list-units --failed --quiet)" ]
}

@test "systemd-escape gives the name of the service; it starts when the interface appears" {
	assert_equal "$(systemd-escape --template=xdp_loader@.service $WAN)" "$UNIT"
	wan_comes
	assert_equal "$(loader --status --dev $WAN | head -n 1)" "$WAN: ok"
	flood 1000 60
	assert_equal "$(counted $WAN XDP_PASS)" "1000 60000"
}

@test "however often the interface goes and comes, the program returns, and nothing is left" {
	wan_comes
	local before i
	before=$(attached $WAN)
	for i in {1..8}; do
		ip link delete dev $WAN
		ip netns delete peer
		make_pair $WAN
	done
	until [[ $(attached $WAN) == native* ]]; do sleep 0.1; done
	becomes active
	[ "$(attached $WAN)" != "$before" ]
	assert_equal "$(loader --status --dev $WAN | head -n 1)" "$WAN: ok"
	ip link delete dev $WAN
	becomes inactive
	assert_equal "$(ls $BPFFS)" eth0
}

@test "a reload loses no packet; a stop detaches, a start attaches again" {
	wan_comes
	local before
	before=$(attached $WAN)
	flood 200000 60 3>&- &
	until [ "$(counted $WAN XDP_PASS | cut -d' ' -f1)" -gt 0 ]; do :; done
	systemctl reload "$UNIT"
	systemctl reload "$UNIT"
	wait $!
	assert_equal "$(counted $WAN XDP_PASS)" "200000 12000000"
	systemctl stop "$UNIT"
	assert_equal "$(attached $WAN)" none
	assert_equal "$(ls $BPFFS)" eth0
	systemctl start "$UNIT"
	[[ $(attached $WAN) == native* ]]
}

@test "options come from the file of the interface; quotes keep words together" {
	mkdir -p /etc/xdp_loader "/run/an object"
	cp /usr/lib/xdp_loader/xdp_prog_kern.o "/run/an object/"
	echo "XDP_LOADER_OPTIONS=--filename '/run/an object/xdp_prog_kern.o' --progname xdp_drop_func" \
		>/etc/xdp_loader/$WAN.conf
	wan_comes
	flood 10 60
	assert_equal "$(counted $WAN XDP_DROP)" "10 600"
	echo 'XDP_LOADER_OPTIONS=--skb-mode' >/etc/xdp_loader/$WAN.conf
	systemctl reload "$UNIT"
	[[ $(attached $WAN) == skb* ]]
	assert_equal "$(counted $WAN XDP_DROP)" "10 600"
}

@test "a reload that fails says why and changes nothing" {
	wan_comes
	local before
	before=$(attached $WAN)
	mkdir -p /etc/xdp_loader
	echo 'XDP_LOADER_OPTIONS=--progname no_such_program' >/etc/xdp_loader/$WAN.conf
	run systemctl reload "$UNIT"
	[ "$status" != 0 ]
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "no_such_program"
	assert_equal "$(systemctl is-active "$UNIT")" active
	assert_equal "$(attached $WAN)" "$before"
}

@test "an interface that the network configuration makes can be wanted by its device alone" {
	systemctl enable --quiet "$UNIT"
	rm "/etc/systemd/system/multi-user.target.wants/$UNIT"
	systemctl daemon-reload
	make_pair $WAN
	becomes active
	[[ $(attached $WAN) == native* ]]
}

@test "each capability is needed" {
	wan_comes
	systemctl stop "$UNIT"
	drop_in CapabilityBoundingSet=~CAP_NET_ADMIN
	run systemctl start "$UNIT"
	[ "$status" != 0 ]
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "this process lacks CAP_NET_ADMIN"
	drop_in CapabilityBoundingSet=~CAP_CHOWN
	systemctl start "$UNIT"
	assert_equal "$(stat -c %G "$BPFFS/wan-0:1")" root
	systemctl stop "$UNIT"
	drop_in 'CapabilityBoundingSet=CAP_BPF CAP_PERFMON' CapabilityBoundingSet=~CAP_SYS_ADMIN
	systemctl start "$UNIT"
	ip link delete dev $WAN
	becomes failed
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "this needs CAP_SYS_ADMIN"
	loader --dev $WAN --unload --force
	systemctl reset-failed "$UNIT"
}

@test "ProtectKernelTunables= keeps the loader from pinning" {
	wan_comes
	systemctl stop "$UNIT"
	drop_in ProtectKernelTunables=yes
	run systemctl start "$UNIT"
	[ "$status" != 0 ]
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "Read-only file system"
	systemctl reset-failed "$UNIT"
}

@test "without a BPF file system the service does not start, and mounts none that would be lost" {
	wan_comes
	umount $BPFFS
	run systemctl reload "$UNIT"
	[ "$status" != 0 ]
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "mount -t bpf"
	systemctl stop "$UNIT" || true
	run systemctl start "$UNIT"
	[ "$status" != 0 ]
	assert_contains "$(journalctl -u "$UNIT" -o cat)" "/sys/fs/bpf"
	mount -t bpf -o mode=0700 bpf $BPFFS
	systemctl reset-failed "$UNIT"
	loader --dev $WAN --unload --force
	systemctl restart xdp_loader@eth0
}

@test "xdp_stats.service has no capability, and reads what the loader's service pins" {
	wan_comes
	flood 77 60
	systemctl start xdp_stats
	local pid
	pid=$(systemctl show --property=MainPID --value xdp_stats)
	assert_equal "$(awk '/^Cap/ { print $2 }' "/proc/$pid/status" | sort -u)" 0000000000000000
	assert_equal "$(stat -c %U "/proc/$pid")" _xdp_stats
	stats_say 77
	assert_equal "$(stat -c '%U %a' /run/xdp_stats/xdp.prom)" "_xdp_stats 644"
	# also after a reload
	systemctl reload "$UNIT"
	flood 23 60
	stats_say 100
}

@test "xdp_stats.service can count losses, as the man page says" {
	mkdir -p /run/systemd/system/xdp_stats.service.d
	printf '%s\n' '[Service]' 'ExecStartPre=+xdp_loader --losses' \
		>/run/systemd/system/xdp_stats.service.d/losses.conf
	systemctl daemon-reload
	systemctl stop xdp_stats
	wan_comes
	systemctl start xdp_stats
	for _ in {1..100}; do
		! grep -qsE '"lost":\{|^xdp_lost_packets_total' /run/xdp_stats/xdp.prom || return 0
		sleep 0.1
	done
	journalctl -u xdp_stats -o cat
	return 1
}

@test "an upgrade detaches nothing, and restarts xdp_stats" {
	wan_comes
	local before pid
	flood 50 60
	systemctl start xdp_stats
	pid=$(systemctl show --property=MainPID --value xdp_stats)
	before="$(attached eth0) $(attached $WAN) $(map_id $WAN)"
	dpkg --install /debs/xdp-pinned_99.0_*.deb
	assert_equal "$(attached eth0) $(attached $WAN) $(map_id $WAN)" "$before"
	assert_equal "$(systemctl is-active xdp_loader@eth0 "$UNIT" xdp_stats | tr '\n' ' ')" \
		"active active active "
	[ "$(systemctl show --property=MainPID --value xdp_stats)" != "$pid" ]
	flood 50 60
	systemctl reload "$UNIT"
	assert_equal "$(counted $WAN XDP_PASS)" "100 6000"
}

@test "a purge stops xdp_stats and detaches nothing" {
	local before
	before=$(attached eth0)
	systemctl start xdp_stats
	dpkg --purge xdp-pinned
	assert_equal "$(attached eth0)" "$before"
	[ -e $BPFFS/eth0/xdp_stats_map ]
	[ "$(systemctl is-active xdp_stats)" != active ]
	[ -z "$(find /etc/systemd/system -name 'xdp_stats*')" ]
	dpkg --install /debs/xdp-pinned_0*.deb
}
