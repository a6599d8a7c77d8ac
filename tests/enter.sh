#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command in a root directory, with its own mounts, processes and interfaces, which end
# with it. It reaches the network through slirp4netns, which runs outside.
#
#   enter.sh ROOT PACKAGES COMMAND...   PACKAGES: a directory that keeps what apt fetched

set -euo pipefail

# It ends at the end of its stdin, so it always ends with this script.
connect() {
	coproc NETWORK { exec nsenter --net=/proc/self/fd/9 -- slirp4netns --configure \
		--disable-host-loopback --ready-fd=3 --exit-fd=0 $$ tap0 3>&1 >/dev/null 2>&1; }
	read -r -n 1 -u "${NETWORK[0]}" || { echo 'enter: slirp4netns has failed' >&2 && exit 1; }
}

change_root() { # change_root ROOT PACKAGES
	mount --bind "$1" "$1"
	mount -t proc proc "$1/proc"
	mount -t sysfs sys "$1/sys"
	mount -t bpf bpf "$1/sys/fs/bpf"
	mount -t tmpfs run "$1/run"
	mount --rbind /dev "$1/dev"
	mount --bind "$2" "$1/var/cache/apt/archives"
	echo 'nameserver 10.0.2.3' >"$1/etc/resolv.conf" # slirp4netns's
	# not only chroot: the kernel allows no user namespace in it
	cd "$1"
	mkdir -p host
	pivot_root . host
	cd /
	umount -l host
	rmdir host
}

case ${STAGE:-outside} in
outside)
	exec 9</proc/self/ns/net
	STAGE=connected exec unshare --net -- "$0" "$@"
	;;
connected)
	connect
	ip link set dev lo up
	STAGE=inside unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@" 9<&-
	;;
inside)
	change_root "$1" "$2"
	exec /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" PATH="$PATH" \
		DEBIAN_FRONTEND=noninteractive "${@:3}"
	;;
esac
