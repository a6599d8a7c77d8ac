#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get an emulator with the network cards that tests/vm/cards.bats needs: igb needs QEMU 8. If
# the emulator of this machine is older, that of Debian 13 is unpacked, not installed.
#
#   qemu.sh DIRECTORY    prints the command: that of this machine or DIRECTORY/qemu-system-x86_64

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

readonly RELEASE=trixie PROGRAM=qemu-system-x86_64 PACKAGE=qemu-system-x86

has_igb() {
	"$1" -device igb,help 2>/dev/null | grep -q "^igb options"
}

# The package and its dependencies, in the order in which apt-get would install them.
unpack() { # unpack DIRECTORY
	local file options
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mapfile -t options < <("$(dirname "$0")/archive.sh" "$work" $RELEASE amd64)
	[ ${#options[@]} -gt 0 ] || return 1
	apt-get "${options[@]}" --yes --no-install-recommends --download-only install $PACKAGE >&2
	rm -rf "$1"
	mkdir -p "$1/root"
	for file in "$work"/cache/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$file" |
			tar -x -C "$1/root" --keep-directory-symlink --exclude=./usr/share/doc --exclude=./usr/share/locale
	done
}

# A script that starts the emulator with its own libraries and files.
write_wrapper() { # write_wrapper DIRECTORY
	cat >"$1/$PROGRAM.new" <<-EOF
	#!/bin/sh
	root=$1/root/usr
	export QEMU_MODULE_DIR="\$root/lib/x86_64-linux-gnu/qemu"
	exec "\$root/lib64/ld-linux-x86-64.so.2" --library-path "\$root/lib/x86_64-linux-gnu" \\
		"\$root/bin/$PROGRAM" -L "\$root/share/qemu" -L "\$root/share/seabios" "\$@"
	EOF
	chmod +x "$1/$PROGRAM.new"
	mv "$1/$PROGRAM.new" "$1/$PROGRAM"
}

dir=$(realpath -m "$1")
if has_igb $PROGRAM; then
	echo $PROGRAM
	exit 0
fi
if [ ! -x "$dir/$PROGRAM" ]; then
	[ -e "$dir/root/usr/bin/$PROGRAM" ] || unpack "$dir" >&2
	write_wrapper "$dir"
	has_igb "$dir/$PROGRAM" || { echo 'qemu.sh: that QEMU has no igb' >&2 && exit 1; }
fi
echo "$dir/$PROGRAM"
