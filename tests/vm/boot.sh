#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Start a virtual machine without a disk and print what it writes to its virtio port:
# tests/vm/init writes the results of a test there. Needs no privileges.
#
#   boot.sh --kernel FILE --initrd FILE... [OPTIONS] [-- OPTIONS OF QEMU]
#
#   --kernel FILE     the kernel's image
#   --initrd FILE     part of the initial RAM disk, see initrd.sh; may be given several times
#   --append WORDS    added to the kernel command line; may be given several times
#   --qemu FILE       the emulator; default: qemu-system of this architecture
#   --machine NAME    default: q35, virt or s390-ccw-virtio, by the emulator's name
#   --cpu NAME        default: max
#   --smp CPUS        as QEMU's -smp; default: 2
#   --memory MB       default: 1024
#   --log FILE        write the console to FILE; default: discard it
#   --timeout SECONDS stop a machine that hangs; default: 900
#
# The machine is emulated (TCG). It has no interface unless QEMU's options give it one. Two
# kernels that need more than the default: arm64 with 16 KB pages wants
# --cpu max,pauth-impdef=on or --cpu neoverse-n1. A machine for another architecture:
#
#   kernel.sh --release trixie --arch arm64 KERNEL
#   initrd.sh project TREE BUILT && initrd.sh pack TREE base.cpio
#   initrd.sh modules KERNEL modules.cpio virtio_pci virtio_console veth
#   initrd.sh test kernels.bats test.cpio
#   boot.sh --qemu qemu-system-aarch64 --kernel KERNEL/vmlinuz --initrd base.cpio
#           --initrd modules.cpio --initrd test.cpio

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

qemu=qemu-system-$(uname -m) machine='' cpu=max smp=2 memory=1024 log=/dev/null timeout=900
kernel='' initrds=() append=(panic=-1)

die() {
	printf 'boot.sh: %s\n' "$1" >&2
	exit 1
}

parse_options() {
	while [ $# -gt 0 ]; do
		[ $# -gt 1 ] || [ "$1" = -- ] || die "option $1 needs an argument"
		case $1 in
		--) more=("${@:2}") && return 0 ;;
		--qemu | --machine | --cpu | --smp | --memory | --log | --timeout | --kernel)
			printf -v "${1#--}" '%s' "$2"
			;;
		--initrd) initrds+=("$2") ;;
		--append) append+=("$2") ;;
		*) die "unknown option '$1'" ;;
		esac
		shift 2
	done
}

choose_machine() {
	case ${qemu##*/} in
	*x86_64*) machine=${machine:-q35} append+=(console=ttyS0) ;;
	*aarch64*) machine=${machine:-virt} append+=(console=ttyAMA0) ;;
	*s390x*) machine=${machine:-s390-ccw-virtio} ;;
	*) [ -n "$machine" ] || die "--machine is missing" ;;
	esac
}

main() {
	local more=()
	parse_options "$@"
	[ -n "$kernel" ] || die '--kernel is missing'
	[ ${#initrds[@]} -gt 0 ] || die '--initrd is missing'
	choose_machine
	initrd=$(mktemp)
	trap 'rm -f "$initrd"' EXIT
	cat "${initrds[@]}" >"$initrd"
	# "cat", because QEMU opens its output again and would truncate a file
	timeout --foreground "$timeout" "$qemu" -machine "$machine" -accel tcg -cpu "$cpu" \
		-smp "$smp" -m "$memory" -nodefaults -display none -no-reboot \
		-kernel "$kernel" -initrd "$initrd" -append "${append[*]}" \
		-serial "file:$log" -device virtio-serial -chardev file,id=results,path=/dev/stdout \
		-device virtserialport,chardev=results,name=results "${more[@]}" </dev/null | cat
}

main "$@"
