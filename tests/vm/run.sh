#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a test file in a virtual machine: with the kernel that tests/vm/kernel.sh got, a
# virtio_net interface "eth0", and VLANs. It has no disk; what it needs of this system
# is in its initial RAM disk. It is emulated, so no test can touch the machine at hand.
#
#   run.sh FILE.bats [CPUS]    prints TAP; the machine's console is in build/tests/vm.log
#
# With CPUS there are so many possible ones, of which one is there, and its clock goes
# by what it executes: an instruction is a nanosecond, the same each time.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly KERNEL=build/tests/kernel LOG=build/tests/vm.log
readonly MODULES=(virtio_pci virtio_net veth 8021q)
readonly COMMANDS=(awk bash bats bpftool ethtool flock grep insmod ip jq mount nsenter ping sed
	umount xargs cat chmod chown cp cut dirname basename date env head id ln ls mkdir mktemp mv nl
	readlink realpath rm rmdir seq sleep sort stat stty sync tail timeout touch tr true tty
	uname uniq wc od tee expr)

skip() {
	printf '1..1\nok 1 %s # SKIP %s\n' "$1" "$2"
	exit 0
}

# A file at the same place in the RAM disk, and the libraries that it is linked with.
add() { # add FILE...
	local path library
	for path in "$@"; do
		install -D "$path" "$root/$path"
		while read -r library; do
			[ -e "$root/$library" ] || install -D "$library" "$root/$library"
		done < <(ldd "$path" 2>/dev/null | grep -o '/[^ ]*')
	done
}

add_commands() {
	local command
	for command in "${COMMANDS[@]}"; do add "$(type -P "$command")"; done
	ln -s bash "$root/usr/bin/sh"
	for command in /usr/lib*/bats-core; do
		mkdir -p "$root${command%/*}"
		cp -a "$command" "$root$command"
	done
}

# Each with those that it needs before it, numbered in the order of loading.
add_modules() {
	local number=100 path
	mkdir "$root/modules"
	while read -r path; do
		install "$path" "$root/modules/$((number++)).ko"
	done < <(for module in "${MODULES[@]}"; do
		modprobe -d "$PWD/$KERNEL" -S "$(ls $KERNEL/lib/modules)" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }')
}

add_project() {
	local file
	for file in xdp_loader xdp_stats build/flood build/bench/sample; do
		[ -e "$file" ] || continue
		add "$PWD/$file"
		install -D "$file" "$root/project/$file"
	done
	cp --parents -r xdp_prog_kern.o testenv tests/helper.bash "$root/project"
	[ ! -d build/tests/objects ] || cp --parents -r build/tests/objects "$root/project"
	cp "$1" "$root/project/tests/test.bats"
}

add_init() {
	mkdir -p "$root"/{proc,sys,dev,tmp,run,root,etc}
	cat >"$root/init" <<-'EOF'
	#!/usr/bin/bash
	export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root XDP_TEST_SANDBOX=1
	mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
	ln -s /proc/self/fd /dev/fd
	for module in /modules/*; do insmod "$module"; done
	mount -t tmpfs tmpfs /run; mount -t bpf bpf /sys/fs/bpf
	ip link set dev lo up
	stty -F /dev/ttyS1 raw
	bats --formatter tap /project/tests/test.bats </dev/null >/dev/ttyS1 2>&1
	sync
	echo o >/proc/sysrq-trigger
	sleep 10
	EOF
	chmod +x "$root/init"
}

main() {
	local cpus=(-smp 2)
	[ $# -lt 2 ] || cpus=(-smp "1,maxcpus=$2" -icount "shift=0,sleep=off")
	command -v qemu-system-x86_64 >/dev/null || skip "$1" "needs qemu-system-x86_64"
	[ -e $KERNEL/vmlinuz ] || skip "$1" "no kernel: see $KERNEL.log"
	root=$(mktemp -d)
	trap 'rm -rf "$root" "$root.gz"' EXIT
	add_commands
	add_modules
	add_project "$1"
	add_init
	(cd "$root" && find . | cpio --quiet -o -H newc) | gzip -1 >"$root.gz"
	timeout --foreground 300 qemu-system-x86_64 -machine q35 -cpu max "${cpus[@]}" -m 1024 -display none \
		-monitor none -no-reboot -kernel $KERNEL/vmlinuz -initrd "$root.gz" \
		-append 'console=ttyS0 panic=-1' -serial "file:$LOG" -serial stdio \
		-netdev user,id=net -device virtio-net-pci,netdev=net </dev/null
}

main "$@"
