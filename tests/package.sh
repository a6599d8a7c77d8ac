#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Build the Debian package of the committed state and try it: as root, on Debian, with a network.
# tests/systems.sh runs this in a bare system.
#
#   package.sh         all steps: a line of TAP each, and the count
#   package.sh STEP    one step, after those before it
#
# Everything is in build/package: STEP.log, and root, the bare system with the package.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly DIR=$PWD/build/package MIRROR=${MIRROR:-http://deb.debian.org/debian}
readonly STEPS=(build same lint next bare use boot autopkgtest)
# what the tests in the bare system call
readonly TOOLS=bats,iproute2,iputils-ping,jq,kmod,systemd-sysv,udev

# Built in a directory of its own, so that two builds can be compared.
build() { # build NAME VERSION
	rm -rf "${DIR:?}/$1"
	mkdir -p "$DIR/$1/src"
	git archive HEAD | tar -x -C "$DIR/$1/src"
	cd "$DIR/$1/src"
	[ -z "$2" ] || sed -i "1s/(.*)/($2)/" debian/changelog
	dpkg-buildpackage -b -us -uc
}

step_build() {
	testenv/deps.sh ensure build package vm
	apt-get build-dep -y -q --no-install-recommends ./
	build first ''
}

step_same() {
	local deb
	build again ''
	for deb in "$DIR"/first/*.deb; do cmp "$deb" "$DIR/again/${deb##*/}"; done
}

step_lint() {
	lintian --fail-on error,warning "$DIR"/first/*.changes
}

# The next version has other files, so that an upgrade changes what is installed.
step_next() {
	build next '99.0'
}

step_bare() {
	local codename
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	# sid gives the name of the release that it will become
	! grep -q /sid /etc/debian_version || codename=sid
	rm -rf --one-file-system "$DIR/root"
	# its mounts always end with it
	unshare --mount --propagation private -- \
		debootstrap --variant=minbase --include="$TOOLS" "${codename:-sid}" "$DIR/root" "$MIRROR"
	mkdir -p "$DIR/root/debs"
	cp "$DIR"/first/xdp-pinned_*.deb "$DIR"/next/xdp-pinned_*.deb "$DIR/root/debs"
	cp /etc/resolv.conf /etc/hosts "$DIR/root/etc"
	# a mirror may be a snapshot, and the release file of sid expires
	echo 'Acquire::Check-Valid-Until "false";' >"$DIR/root/etc/apt/apt.conf.d/package"
	unshare --mount --propagation private tests/package.sh inside \
		sh -ec 'apt-get update -q; apt-get install -y -q --no-install-recommends /debs/xdp-pinned_0*.deb'
}

# Run a command in the bare system, with a BPF file system of its own.
step_inside() { # step_inside COMMAND...
	mount --bind "$DIR/root" "$DIR/root" # ip(8) wants the root directory to be a mount
	mount -t proc proc "$DIR/root/proc"
	mount -t sysfs sys "$DIR/root/sys"
	mount -t bpf -o mode=0700 bpf "$DIR/root/sys/fs/bpf"
	mount -t tmpfs run "$DIR/root/run"
	DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$DIR/root" "$@"
}

# Used without systemd; the package is installed again at the end.
step_use() {
	cp tests/package_use.sh "$DIR/root/use.sh"
	unshare --mount --net --propagation private tests/package.sh inside bash -euo pipefail /use.sh
}

step_boot() {
	tests/vm/systemd.sh "$DIR/root" "$DIR"
}

step_autopkgtest() {
	autopkgtest --ignore-restrictions=isolation-machine "$DIR"/first/*.deb "$DIR/first/src" -- null
}

run_step() { # run_step NUMBER NAME
	local log=$DIR/$2.log result=ok
	"$0" "$2" >"$log" 2>&1 </dev/null || result='not ok'
	printf '%s %d %s\n' "$result" "$1" "$2"
	# the tests of a virtual machine are those of a step
	grep -E '^(not )?ok ' "$log" | sed 's/^/# /' || true
	[ "$result" = ok ] || tail -n 20 "$log" | sed 's/^/# /'
	[ "$result" = ok ]
}

main() {
	local step number=0 failed=0
	if [ $# -gt 0 ]; then
		"step_$1" "${@:2}"
		exit
	fi
	mkdir -p "$DIR"
	for step in "${STEPS[@]}"; do
		number=$((number + 1))
		run_step "$number" "$step" || failed=$((failed + 1))
	done
	printf '%d passed, %d failed, 0 skipped\n' $((number - failed)) "$failed"
	[ "$failed" = 0 ]
}

main "$@"
