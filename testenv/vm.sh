#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command, or a shell, in a virtual machine with the files of this system: for containers,
# servers and laptops where BPF is not allowed. Needs no root.
#
#   vm.sh [COMMAND [ARGUMENT...]]
#   vm.sh --kernel                  only get the kernel
#   vm.sh --help                    print this
#
# The machine has the distribution's kernel, which is downloaded and unpacked into build/vm, not
# installed. Its files are those of this system, read-only, under an overlay in memory: what the
# machine writes to them is gone at its end. This directory is the exception: it is the same
# directory, at the same path. In the machine you are root; files that you make in this directory
# belong to the user who started vm.sh, whose rights apply to all files.
#
# It exits with the status of the command, or 125 if the machine did not run it. Without a terminal
# stdin is empty. KVM is used where it works, else QEMU emulates, which is some ten times slower.
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

no_kernel() {
	local hint='apt-get update as root, or KERNEL=DIRECTORY with vmlinuz and lib/modules/VERSION'
	! grep -qE 'Could not (connect|resolve)|Temporary failure' "$BUILD/kernel.log" || hint='is there a network?'
	die "cannot get a kernel: $(tail -n 1 "$BUILD/kernel.log")" "$hint"
}

find_kernel() {
	mkdir -p "$BUILD"
	kernel=${KERNEL:-$BUILD/kernel}
	if [ -z "${KERNEL:-}" ] && [ ! -e "$kernel/vmlinuz" ]; then
		echo 'vm.sh: downloading a kernel to build/vm' >&2
		"$VM/kernel.sh" --package "linux-image-$(dpkg --print-architecture)" "$kernel" >"$BUILD/kernel.log" 2>&1 ||
			no_kernel
	fi
	[ -e "$kernel/vmlinuz" ] || die "there is no vmlinuz in $kernel"
	kernel=$(realpath "$kernel")
}

# Directories that QEMU cannot read as this user: the home of root, which the command needs, and
# the first of those above this one. The machine has empty ones in their place.
unreadable() {
	local parent=$TOP first=''
	while [ "$parent" != / ]; do
		parent=$(dirname "$parent")
		[ -r "$parent" ] || first=$parent
	done
	[ -r /root ] || printf '/root '
	[ -z "$first" ] || printf '%q' "$first"
}

# What testenv/vm_init reads: the command and where it runs.
write_settings() { # write_settings FILE COMMAND...
	local rows=24 columns=80
	! $terminal || read -r rows columns < <(stty size)
	{
		printf '%s=%q\n' top "$TOP" modules "$kernel/lib/modules" terminal "$terminal" rows "$rows" \
			columns "$columns" term "${TERM:-dumb}" path "$PATH" directory "$directory" ci "${CI:-}"
		printf 'hidden=(%s)\ncommand=(' "$(unreadable)"
		printf '%q ' "${@:2}"
		printf ')\n'
	} >"$1"
}

make_initrd() { # make_initrd COMMAND...
	local tree=$work/tree
	mkdir -p "$tree"/{proc,sys,dev,host,memory,new,modules}
	"$VM/initrd.sh" commands "$tree" bash mount insmod mkdir cp chroot sleep
	install "$TOP/testenv/vm_init" "$tree/init"
	write_settings "$tree/settings" "$@"
	"$VM/initrd.sh" pack "$tree" "$work/base"
	"$VM/initrd.sh" modules "$kernel" "$work/modules" "${MODULES[@]}"
	cat "$work/base" "$work/modules" >"$work/initrd"
}

# A terminal is the machine's console. Without one, stdout and stderr have a port each.
channels() {
	mkfifo "$work"/{term.in,term.out,out,err,up}
	exec 3<>"$work/out" 4<>"$work/err" 5<>"$work/term.out" 6<>"$work/up" # no side waits for the other
	if $terminal; then
		more=(-chardev "pipe,id=term,path=$work/term" -device 'virtconsole,chardev=term'
			-chardev "file,id=up,path=$work/up" -device 'virtserialport,chardev=up,name=up')
	else
		# QEMU opens these by path, which would truncate a file and may be forbidden: hence pipes
		more=(-chardev "file,id=out,path=$work/out" -device 'virtserialport,chardev=out,name=out'
			-chardev "file,id=err,path=$work/err" -device 'virtserialport,chardev=err,name=err')
	fi
}

boot() {
	# cache=loose: nobody changes the files of this system while the machine runs
	exec "$qemu" -machine "$machine" "${accel[@]}" -smp "${CPUS:-$(nproc)}" -m "${MEMORY:-2048}" \
		-nodefaults -display none -no-reboot -kernel "$kernel/vmlinuz" -initrd "$work/initrd" \
		-append 'console=ttyS0 console=ttyAMA0 panic=-1 quiet' -serial "file:$work/console" \
		-fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
		-device virtio-9p-pci,fsdev=host,mount_tag=host \
		-fsdev "local,id=top,path=${TOP//,/,,},security_model=none,multidevs=remap" \
		-device virtio-9p-pci,fsdev=top,mount_tag=top \
		-nic user,model=virtio-net-pci -device virtio-serial \
		-chardev "file,id=status,path=$work/status" \
		-device virtserialport,chardev=status,name=status "${more[@]}"
}

# The keys go to the machine one by one once the command runs there; before, Ctrl-C ends it.
pass_keys() {
	cat <&7 >"$work/term.in" &
	keys+=($!)
	{ read -r <&6 && stty raw -echo <&7; } &
	keys+=($!)
}

run_machine() {
	local more outputs=()
	channels
	exec 7<&0
	boot </dev/null 3>&- 4>&- 5>&- 6>&- 7<&- &
	emulator=$!
	cat <"$work/out" 3>&- 4>&- 5>&- &
	outputs+=($!)
	cat <"$work/err" >&2 3>&- 4>&- 5>&- &
	outputs+=($!)
	cat <"$work/term.out" 3>&- 4>&- 5>&- &
	outputs+=($!)
	! $terminal || pass_keys 3>&- 4>&- 5>&-
	wait "$emulator" || true
	emulator=''
	exec 3>&- 4>&- 5>&-
	wait "${outputs[@]}" || true
}

clean_up() {
	trap - EXIT INT TERM HUP
	[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
	[ ${#keys[@]} = 0 ] || kill "${keys[@]}" 2>/dev/null || true
	[ -z "$saved" ] || stty "$saved" 2>/dev/null || true
	[ -z "$work" ] || rm -rf "$work"
}

read_options() {
	case ${1:-} in
	-h | --help)
		sed -n '4,/^$/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	--kernel) ;;
	-*) die "unknown option '$1'" 'testenv/vm.sh --help' ;;
	esac
}

main() {
	local qemu machine accel kernel status directory terminal=false
	read_options "$@"
	directory=$(pwd -P)
	[ $# -gt 0 ] || set -- bash
	[ ! -t 0 ] || [ ! -t 1 ] || terminal=true
	find_emulator
	find_kernel
	[ "$1" != --kernel ] || exit 0
	choose_accelerator
	work=$(mktemp -d)
	if $terminal; then
		saved=$(stty -g)
		case ${accel[1]} in
		kvm) echo 'vm.sh: starting the machine; exit leaves it' ;;
		*) echo 'vm.sh: starting the machine (emulated: about 20 s); exit leaves it' ;;
		esac >&2
	fi
	[ -t 0 ] || [ ! -e /dev/stdin ] || [ /dev/stdin -ef /dev/null ] ||
		echo 'vm.sh: stdin is not passed to the machine' >&2
	make_initrd "$@"
	run_machine
	status=$(cat "$work/status" 2>/dev/null || true)
	[ -n "$status" ] || {
		cp "$work/console" "$BUILD/console" 2>/dev/null || true
		tail -n 5 "$work/console" >&2 2>/dev/null || true
		die 'the machine ended before the command did' 'what it said is in build/vm/console'
	}
	return "$status"
}

work='' emulator='' saved='' keys=()
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
main "$@"
