#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Boot a root directory that has xdp-pinned and systemd in a virtual machine, and run
# systemd.bats there. tests/package.sh makes the directory.
#
#   systemd.sh ROOT DIRECTORY    prints TAP; the console is in DIRECTORY/console.log

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly VM=tests/vm KERNEL=build/tests/kernel

# What the kernel starts: modules, a witness of the order of events, systemd.
write_init() {
	cat >"$tree/init" <<-'EOF'
	#!/bin/bash
	export PATH=/usr/sbin:/usr/bin:/sbin:/bin
	for module in /modules/*.ko; do insmod "$module"; done
	setsid ip -o monitor link address >/monitor.log 2>&1 &
	exec /lib/systemd/systemd
	EOF
	chmod +x "$tree/init"
}

write_test_service() {
	cat >"$tree/etc/systemd/system/xdp-test.service" <<-'EOF'
	[Unit]
	After=multi-user.target
	[Service]
	Type=oneshot
	Environment=XDP_TEST_SANDBOX=1 HOME=/root
	ExecStart=bash -c 'until [ -e /dev/virtio-ports/results ]; do sleep 0.1; done; \
		exec bats --formatter tap /project/tests/systemd.bats >/dev/virtio-ports/results 2>&1'
	ExecStopPost=systemctl poweroff --force --force
	EOF
	mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
	ln -s ../xdp-test.service "$tree/etc/systemd/system/multi-user.target.wants/"
}

# The state before the boot: eth0 has an address and a program.
configure() {
	printf '%s\n' '[Match]' Name=eth0 '[Network]' Address=10.0.2.15/24 \
		>"$tree/etc/systemd/network/eth0.network"
	chroot "$tree" systemctl enable systemd-networkd.service xdp_loader@eth0.service
}

copy_project() {
	mkdir -p "$tree/project/tests" "$tree/project/build"
	cp tests/helper.bash $VM/systemd.bats "$tree/project/tests"
	cp build/flood "$tree/project/build"
}

main() {
	tree=$(mktemp -d)
	trap 'rm -rf "$tree" "$tree".base "$tree".modules' EXIT
	make --no-print-directory all vm-kernel
	cp -a "$1/." "$tree"
	rm -rf "$tree"/usr/share/{doc,locale,man,info} "$tree"/var/cache/apt "$tree"/var/lib/apt
	write_init
	write_test_service
	configure
	copy_project
	$VM/initrd.sh pack "$tree" "$tree.base"
	$VM/initrd.sh modules $KERNEL "$tree.modules" virtio_pci virtio_console virtio_net veth
	$VM/boot.sh --kernel $KERNEL/vmlinuz --initrd "$tree.base" --initrd "$tree.modules" \
		--memory 2048 --append net.ifnames=0 --log "$2/console.log" -- -netdev user,id=net \
		-device virtio-net-pci,netdev=net | $VM/plan.sh
}

tree=''
main "$@"
