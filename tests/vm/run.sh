#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a test file in a virtual machine. It has no disk; what it needs from this system is in its
# initial RAM disk. It is emulated, so no test can change this machine.
#
#   run.sh FILE.bats[@KERNEL] [CPUS]
#
# prints TAP; the machine's console is in build/tests/vm/. The default kernel is the one that
# kernel.sh gets from the package sources of this machine. find_kernel() below has the other
# KERNELs; each is downloaded at its first use.
#
# FILTER=REGEX in the environment, without blanks, runs only the tests whose names match.
#
# CPUS is the number of possible CPUs; only one of them is present. Its clock counts its
# instructions, one per nanosecond, so that every run is the same.
#
# Lines of the test file say what it needs: "# modules: NAME...", "# qemu: OPTIONS", "# boot:
# OPTIONS" of boot.sh, and "# network: N..." for devices tapN on this side, with four queues and
# the address 10.0.N.2, in a separate network namespace.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly VM=tests/vm BUILD=build/tests/vm

skip() {
	printf '1..1\nok 1 %s # SKIP %s\n' "$file" "$1"
	exit 0
}

fail() {
	printf '1..1\nnot ok 1 %s\n# %s\n' "$file" "$1"
	exit 1
}

# Set kernel to the directory of the kernel.
find_kernel() { # find_kernel NAME
	local options=()
	kernel=$BUILD/kernel-$1
	case $1 in
	'') kernel=build/tests/kernel ;;
	5.10) options=(--release bullseye) ;;
	6.1) options=(--release bookworm) ;;
	6.12) options=(--release trixie) ;;
	newest) options=(--release sid) ;;
	6.12-drivers) options=(--release trixie --package linux-image-amd64) ;;
	*) fail "no kernel '$1': 5.10, 6.1, 6.12, newest or 6.12-drivers" ;;
	esac
	[ -n "$1" ] || [ -e "$kernel/vmlinuz" ] || skip "no kernel: see $kernel.log"
	$VM/kernel.sh "${options[@]}" "$kernel" >"$log.kernel" 2>&1 ||
		skip "the kernel $1 cannot be had: see $log.kernel"
}

# The words after "# NAME:" in the test file, or the default.
read_words() { # read_words NAME DEFAULT...
	local line
	words=("${@:2}")
	line=$(sed -n "s/^# $1: //p" "$file" | tr '\n' ' ')
	[ -z "$line" ] || read -r -a words <<<"$line"
}

# The part that all machines use; several runs may make it at the same time.
make_base() { # make_base FILE
	mkdir "$work/tree"
	$VM/initrd.sh tree "$work/tree"
	$VM/initrd.sh project "$work/tree"
	$VM/initrd.sh pack "$work/tree" "$1"
	rm -r "$work/tree"
}

main() {
	local kernel words qemu boot=() clock=() outside=()
	file=${1%@*}
	[ "$file" = "$1" ] || name=${1#*@}
	log=$BUILD/$(basename "$file" .bats)${name:+-$name}
	mkdir -p $BUILD
	[ $# -lt 2 ] || boot=(--smp "1,maxcpus=$2") clock=(-icount "shift=0,sleep=off")
	command -v qemu-system-x86_64 >/dev/null || skip 'needs qemu-system-x86_64'
	find_kernel "$name"
	if [[ $(basename "$file") == cards.bats ]]; then
		qemu=$($VM/qemu.sh $BUILD/qemu 2>"$log.qemu") || skip "needs QEMU 8: see $log.qemu"
		boot+=(--qemu "$qemu")
	fi
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	make_base "$work/base"
	read_words modules veth virtio_net 8021q
	$VM/initrd.sh modules "$kernel" "$work/modules" virtio_pci virtio_console "${words[@]}"
	$VM/initrd.sh test "$file" "$work/test"
	read_words boot
	boot+=("${words[@]}")
	[ -z "${FILTER:-}" ] || boot+=(--append "FILTER=$FILTER")
	read_words network
	[ ${#words[@]} = 0 ] || outside=("$VM/taps.sh" "${words[@]}" --)
	read_words qemu -netdev 'user,id=net' -device 'virtio-net-pci,netdev=net'
	"${outside[@]}" $VM/boot.sh --kernel "$kernel/vmlinuz" --initrd "$work/base" --initrd "$work/modules" \
		--initrd "$work/test" --log "$log.log" "${boot[@]}" -- "${clock[@]}" "${words[@]}" | $VM/plan.sh
}

file='' name='' log='' work=''
main "$@"
