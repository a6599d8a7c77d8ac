#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command, or a shell, in a virtual machine with the files of this system: for containers,
# servers and laptops where BPF is not allowed. Needs no root.
#
#   vm.sh [COMMAND [ARGUMENT...]]
#   vm.sh --kernel                  only get the kernel
#
# The machine has the distribution's kernel, which is downloaded and unpacked into build/vm, not
# installed. Its files are those of this system, read-only, under an overlay in memory: what the
# machine writes to them is gone at its end. This directory is the exception: it is the same
# directory, at the same path. In the machine you are root; files that you make in this directory
# belong to the user who started vm.sh, whose rights apply to all files.
#
# It exits with the status of the command. Without a terminal stdin is empty. KVM is used where
# it works, else QEMU emulates, which is some ten times slower.
#
# Environment: KERNEL, a directory with vmlinuz and lib/modules/VERSION; MEMORY in MB; CPUS; ACCEL,
# kvm or tcg.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin # which the PATH of a user lacks
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly TOP VM=$TOP/tests/vm BUILD=$TOP/build/vm

die() {
	printf 'vm.sh: %s\n' "$1" >&2
	[ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
	exit 125
}

# The modules to reach the files; the machine loads others when it needs them.
readonly MODULES=(virtio_pci virtio_console 9p 9pnet_virtio overlay virtio_net)

find_emulator() {
	qemu=qemu-system-$(uname -m)
	case $qemu in
	*x86_64) machine=q35 ;;
	*aarch64) machine=virt ;;
	*s390x) machine=s390-ccw-virtio ;;
	*) die "cannot start a virtual machine on $(uname -m)" ;;
	esac
	command -v "$qemu" >/dev/null || die "there is no $qemu" "as root: testenv/deps.sh install vm"
	command -v cpio >/dev/null || die 'there is no cpio' "as root: testenv/deps.sh install vm"
}

# KVM may be there and fail, as in some virtual machines. The first time, try it with a machine
# that only ends.
choose_accelerator() {
	if [ -z "${ACCEL:-}" ] && (: <>/dev/kvm) 2>/dev/null; then
		[ -s "$BUILD/accelerator" ] || try_kvm >"$BUILD/accelerator"
		ACCEL=$(<"$BUILD/accelerator")
	fi
	case ${ACCEL:-tcg} in
	kvm) accel=(-accel kvm -cpu host) ;;
	tcg) accel=(-accel tcg -cpu max) ;;
	*) die "no accelerator '$ACCEL'" 'kvm or tcg' ;;
	esac
}

try_kvm() {
	if ACCEL=kvm timeout -k 1 60 "$0" true >"$BUILD/kvm.log" 2>&1 </dev/null; then
		echo kvm
	else
		echo "vm.sh: KVM does not work here, see build/vm/kvm.log" >&2
		echo tcg
	fi
}

find_kernel() {
	mkdir -p "$BUILD"
	kernel=${KERNEL:-$BUILD/kernel}
	if [ -z "${KERNEL:-}" ] && [ ! -e "$kernel/vmlinuz" ]; then
		echo 'vm.sh: downloading a kernel to build/vm' >&2
		"$VM/kernel.sh" --package "linux-image-$(dpkg --print-architecture)" "$kernel" >"$BUILD/kernel.log" 2>&1 ||
			die "cannot get a kernel: $(tail -n 1 "$BUILD/kernel.log")" \
				'apt-get update as root, or name a directory: KERNEL=DIRECTORY'
	fi
	[ -e "$kernel/vmlinuz" ] || die "there is no vmlinuz in $kernel"
	kernel=$(realpath "$kernel")
}

# What testenv/vm_init reads: the command and where it runs.
write_settings() { # write_settings FILE COMMAND...
	local rows=24 columns=80
	! $terminal || read -r rows columns < <(stty size)
	{
		printf '%s=%q\n' top "$TOP" modules "$kernel/lib/modules" terminal "$terminal" rows "$rows" \
			columns "$columns" term "${TERM:-dumb}" path "$PATH" directory "$directory" ci "${CI:-}"
		printf 'command=('
		printf '%q ' "${@:2}"
		printf ')\n'
	} >"$1"
}

make_initrd() { # make_initrd COMMAND...
	local tree=$work/tree
	mkdir -p "$tree"/{proc,sys,dev,host,memory,new,modules}
	"$VM/initrd.sh" commands "$tree" bash mount insmod mkdir cp chroot
	install "$TOP/testenv/vm_init" "$tree/init"
	write_settings "$tree/settings" "$@"
	"$VM/initrd.sh" pack "$tree" "$work/base"
	"$VM/initrd.sh" modules "$kernel" "$work/modules" "${MODULES[@]}"
	cat "$work/base" "$work/modules" >"$work/initrd"
}

# A terminal is the machine's console. Without one, stdout and stderr have a port each.
channels() {
	if $terminal; then
		more=(-chardev 'stdio,id=term,signal=off' -device 'virtconsole,chardev=term')
	else
		more=(-chardev "file,id=out,path=$work/out" -device 'virtserialport,chardev=out,name=out'
			-chardev "file,id=err,path=$work/err" -device 'virtserialport,chardev=err,name=err')
	fi
}

boot() {
	local more
	channels
	# cache=loose: nobody changes the files of this system while the machine runs
	"$qemu" -machine "$machine" "${accel[@]}" -smp "${CPUS:-$(nproc)}" -m "${MEMORY:-2048}" \
		-nodefaults -display none -no-reboot -kernel "$kernel/vmlinuz" -initrd "$work/initrd" \
		-append 'console=ttyS0 console=ttyAMA0 panic=-1 quiet' -serial "file:$BUILD/console" \
		-fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=host,mount_tag=host \
		-fsdev "local,id=top,path=${TOP//,/,,},security_model=none,multidevs=remap" \
		-device virtio-9p-pci,fsdev=top,mount_tag=top \
		-nic user,model=virtio-net-pci -device virtio-serial \
		-chardev "file,id=status,path=$work/status" \
		-device virtserialport,chardev=status,name=status "${more[@]}"
}

# QEMU opens its output by path, which would truncate a file and may be forbidden: give it pipes.
boot_with_pipes() {
	mkfifo "$work/out" "$work/err"
	exec 3<>"$work/out" 4<>"$work/err" # so that no side waits for the other to open
	cat <"$work/out" 3>&- 4>&- &
	cat <"$work/err" >&2 3>&- 4>&- &
	boot </dev/null 3>&- 4>&- || true
	exec 3>&- 4>&-
	wait
}

main() {
	local qemu machine accel kernel status directory terminal=false
	directory=$(pwd -P)
	[ $# -gt 0 ] || set -- bash
	[ ! -t 0 ] || [ ! -t 1 ] || terminal=true
	find_emulator
	find_kernel
	[ "$1" != --kernel ] || exit 0
	choose_accelerator
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	make_initrd "$@"
	if $terminal; then boot || true; else boot_with_pipes; fi
	status=$(cat "$work/status" 2>/dev/null || true)
	[ -n "$status" ] || {
		printf "see build/vm/console\n" >&2
		die 'the machine ended before the command did'
	}
	exit "$status"
}

work=''
main "$@"
