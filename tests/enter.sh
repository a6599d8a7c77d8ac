#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command in a root directory, with mounts and processes of its own, that end
# with it, and a BPF file system of its own; the network is this machine's.
#
#   enter.sh ROOT PACKAGES COMMAND...   PACKAGES: a directory that keeps what apt fetched

set -euo pipefail

if [ "${ENTERED:-}" != yes ]; then
	ENTERED=yes exec unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@"
fi
root=$1 packages=$2
shift 2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sys "$root/sys"
mount -t bpf bpf "$root/sys/fs/bpf"
mount -t tmpfs run "$root/run"
mount --rbind /dev "$root/dev"
mount --bind "$packages" "$root/var/cache/apt/archives"
# not chroot alone: in there the kernel would refuse a user namespace
cd "$root"
mkdir -p host
pivot_root . host
cd /
umount -l host
rmdir host
exec /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" PATH="$PATH" DEBIAN_FRONTEND=noninteractive "$@"
