#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get a kernel of Debian for a virtual machine.
#
#   kernel.sh [OPTIONS] DIRECTORY
#
#   --release NAME   of this release (bullseye ... sid), from Debian's archive, with
#                    package lists of its own; without it from the sources of this machine
#   --arch ARCH      for this architecture, as dpkg calls it; only with --release
#   --package NAME   the package that depends on the kernel; linux-image-cloud-ARCH, which
#                    is small, is sufficient for tests/vm, but lacks most network drivers
#
# Creates DIRECTORY/vmlinuz and DIRECTORY/lib/modules/VERSION, indexed by depmod. An existing
# kernel is kept; remove DIRECTORY to get a newer one.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

release='' arch='' package='' dir=''
apt_options=(-q)

die() {
	printf 'kernel.sh: %s\n' "$1" >&2
	exit 1
}

parse_options() {
	while [ $# -gt 1 ]; do
		case $1 in
		--release) release=$2 ;;
		--arch) arch=$2 ;;
		--package) package=$2 ;;
		*) die "unknown option '$1'" ;;
		esac
		shift 2
	done
	[ $# = 1 ] || die 'a directory is missing'
	dir=$(realpath -m "$1")
	command -v apt-get >/dev/null || die 'there is no apt-get to get a kernel with'
	[ -n "$arch" ] || arch=$(dpkg --print-architecture)
	[ -n "$package" ] || package=linux-image-cloud-$arch
}

# Up to 7.0 everything is in linux-image, later in the other packages.
packages() {
	apt-cache "${apt_options[@]}" depends --recurse --no-pre-depends --no-recommends --no-suggests \
		--no-conflicts --no-breaks --no-replaces --no-enhances "$package" |
		grep -E '^linux-(image|base|binary|modules)-[0-9][^:]*$' || die "no package $package"
}

unpack() {
	local file names
	mapfile -t names < <(packages)
	[ ${#names[@]} -gt 0 ] || exit 1
	rm -rf "$dir"
	mkdir -p "$dir/packages" "$dir/usr/lib"
	# up to Debian 12 the modules are in /lib, later in /usr/lib
	ln -s usr/lib "$dir/lib"
	cd "$dir/packages"
	apt-get "${apt_options[@]}" download "${names[@]}"
	for file in *.deb; do
		dpkg-deb --fsys-tarfile "$file" | tar -x -C "$dir" --keep-directory-symlink --exclude=./usr/share
	done
	cd "$dir"
	rm -r packages
	depmod -b "$dir" "$(ls "$dir/lib/modules")"
	# the last step: shows that everything is complete
	mv "$(find boot usr/lib/modules -name 'vmlinuz*' -type f 2>/dev/null | head -n 1)" vmlinuz
}

main() {
	parse_options "$@"
	mkdir -p "$(dirname "$dir")"
	exec {lock}>"$dir.lock"
	flock "$lock" # several tests can need the same kernel at the same time
	[ ! -e "$dir/vmlinuz" ] || return 0
	if [ -n "$release" ]; then
		work=$(mktemp -d)
		trap 'rm -rf "$work"' EXIT
		mapfile -t apt_options < <("$(dirname "$0")/archive.sh" "$work" "$release" "$arch")
		[ ${#apt_options[@]} -gt 0 ] || die "no package lists of $release"
	else
		# not as _apt, which may not write here
		apt_options+=(-o APT::Sandbox::User=root)
	fi
	unpack
}

main "$@"
