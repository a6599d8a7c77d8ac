#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Build the project for another machine, and run arch.bats there, in an emulator.
#
#   arch.sh MACHINE    one of those in choose_machine() below
#
# Prints TAP. Downloads, the build and the console are in build/tests/arch/.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly VM=tests/vm DIR=build/tests/arch

skip() {
	printf '1..1\nok 1 arch.bats on %s # SKIP %s\n' "$machine" "$1"
	exit 0
}

fail() { # fail WHAT LOG
	printf '1..1\nnot ok 1 arch.bats on %s: %s\n' "$machine" "$1"
	tail -n 20 "$2" | sed 's/^/# /'
	exit 1
}

# mtu: the largest one on veth for a page. cpu: the default of arm64 has pointer authentication,
# which is very slow in an emulator.
choose_machine() { # choose_machine NAME
	case $1 in
	arm64 | arm64-16k)
		arch=arm64 triplet=aarch64-linux-gnu qemu=qemu-system-aarch64 cpu=max,pauth-impdef=on
		package=linux-image-cloud-arm64 mtu=3506
		[ "$1" = arm64 ] || package=linux-image-arm64-16k mtu=15794
		;;
	s390x)
		arch=s390x triplet=s390x-linux-gnu qemu=qemu-system-s390x cpu=max
		package=linux-image-s390x mtu=3312
		;;
	*)
		printf "arch.sh: no machine '%s': arm64, arm64-16k or s390x\n" "$1" >&2
		exit 2
		;;
	esac
}

# If a mirror lacks the files of a release, try the next one.
get_kernel() {
	local release
	for release in trixie sid bookworm; do
		$VM/kernel.sh --release $release --arch "$arch" --package "$package" \
			"$DIR/kernel-$machine" && return 0
	done
	return 1
}

build() {
	local sysroot=$PWD/$DIR/$arch/sysroot project=$DIR/$arch/project objects
	rm -rf "$project"
	mkdir "$project"
	tar -c --exclude=./build --exclude=./libbpf/root --exclude=./libbpf/src --exclude=./.git . |
		tar -x -C "$project"
	objects=(tests/objects/*.c)
	objects=("${objects[@]/%.c/.o}")
	# only these variables: a make that runs this script exports some of them
	env -u AR -u CFLAGS -u CPPFLAGS -u LDFLAGS -u LIBBPF -u LIBBPF_SRC -u PKG_CONFIG \
		PKG_CONFIG_SYSROOT_DIR="$sysroot" make -C "$project" -j2 --no-print-directory WERROR=1 \
		CROSS_COMPILE="$triplet-" CC="$triplet-gcc --sysroot=$sysroot" clean all \
		"${objects[@]/#/build/}"
}

make_parts() {
	cp -a "$DIR/$arch/tree" "$work/tree"
	$VM/initrd.sh project "$work/tree" "$DIR/$arch/project"
	$VM/initrd.sh pack "$work/tree" "$work/base"
	rm -r "$work/tree"
	$VM/initrd.sh modules "$DIR/kernel-$machine" "$work/modules" virtio_pci virtio_console veth
	$VM/initrd.sh test $VM/arch.bats "$work/test"
}

main() {
	local log
	machine=${1:-}
	choose_machine "$machine"
	mkdir -p $DIR
	log=$DIR/$machine.log
	command -v "$qemu" >/dev/null || skip "needs $qemu"
	command -v "$triplet-gcc" >/dev/null || skip "needs $triplet-gcc"
	get_kernel >"$log" 2>&1 || skip "its kernel cannot be had: see $log"
	$VM/sysroot.sh "$DIR/$arch" "$arch" "$triplet" >"$log" 2>&1 ||
		skip "its packages cannot be had: see $log"
	build >"$log" 2>&1 || fail 'the build' "$log"
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	make_parts >"$log" 2>&1 || fail 'the RAM disk' "$log"
	$VM/boot.sh --qemu "$qemu" --cpu "$cpu" --kernel "$DIR/kernel-$machine/vmlinuz" \
		--initrd "$work/base" --initrd "$work/modules" --initrd "$work/test" \
		--append "MTU_MAX=$mtu" --log "$log" --timeout 1800 | $VM/plan.sh
}

main "$@"
