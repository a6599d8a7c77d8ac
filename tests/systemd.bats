#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The units of systemd, as far as they can be checked without it. tests/vm/systemd.bats runs them.

load helper

setup_file() {
	export ROOT=$BATS_FILE_TMPDIR/root
	make -C "$TOP" -s install prefix="$ROOT/usr" systemdsystemunitdir="$ROOT/units"
}

setup() {
	cd "$ROOT/units"
}

@test "units are installed only where asked, and uninstalled" {
	local other="$BATS_TEST_TMPDIR/an other"
	accepts make -C "$TOP" -s install DESTDIR="$other"
	assert_equal "$(find "$other" -name '*.service' -o -name 'sysusers.d')" ""
	accepts make -C "$TOP" -s install DESTDIR="$other" systemdsystemunitdir=/units
	assert_equal "$(ls "$other/units")" "$(printf '%s\n' xdp_loader@.service xdp_stats.service)"
	assert_contains "$(cat "$other/units/xdp_loader@.service")" \
		$'\nExecStart="/usr/local/sbin/xdp_loader" --dev='
	[ -e "$other/usr/local/lib/sysusers.d/xdp_stats.conf" ]
	accepts make -C "$TOP" -s uninstall DESTDIR="$other" systemdsystemunitdir=/units
	assert_equal "$(find "$other" ! -type d)" ""
}

@test "systemd finds no fault in them" {
	accepts systemd-analyze verify --man=no ./*.service
	assert_equal "$output$stderr" ""
}

@test "they are as closed as they can be" {
	accepts systemd-analyze security --offline=yes --threshold=31 ./xdp_loader@.service
	accepts systemd-analyze security --offline=yes --threshold=16 ./xdp_stats.service
	run ! grep -E '^(ProtectKernelTunables|PrivateBPF|PrivateNetwork|AmbientCapabilities)=' ./*.service
	grep -qx 'CapabilityBoundingSet=' xdp_stats.service
}

@test "sysusers.d makes the user that the units name" {
	[ "$(awk '$1 == "u" { print $2 }' "$ROOT/usr/lib/sysusers.d/xdp_stats.conf")" = _xdp_stats ]
	grep -qx 'User=_xdp_stats' xdp_stats.service
}
