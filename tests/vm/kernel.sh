#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get a kernel for tests/vm/run.sh: the distribution's for virtual machines, which has
# drivers and VLANs that the kernel at hand may lack.
#
#   kernel.sh DIRECTORY    makes DIRECTORY/vmlinuz and DIRECTORY/lib/modules

set -euo pipefail

readonly PACKAGE=linux-image-cloud-amd64 # depends on the newest of its kind

dir=$1
[ ! -e "$dir/vmlinuz" ] || exit 0
[ "$(uname -m)" = x86_64 ] || { echo "no such kernel for $(uname -m)" && exit 1; }
command -v apt-get >/dev/null || { echo 'no apt-get to get a kernel with' && exit 1; }

rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
image=$(apt-cache depends "$PACKAGE" | sed -n 's/.*Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
[ -n "$image" ] || { echo "no package $PACKAGE" && exit 1; }
# not as _apt: it may not write here
apt-get -o APT::Sandbox::User=root download "$image"
dpkg-deb --extract ./*.deb .
rm ./*.deb
depmod -b "$PWD" "$(ls lib/modules)"
mv boot/vmlinuz-* vmlinuz
