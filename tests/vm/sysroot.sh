#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Get from packages of Debian what is needed to build programs for another architecture and to
# run them in a virtual machine. Nothing is installed on this machine.
#
#   sysroot.sh DIRECTORY ARCH TRIPLET
#
# Creates DIRECTORY/sysroot, for the --sysroot of TRIPLET-gcc, and DIRECTORY/tree, for
# tests/vm/initrd.sh. Existing directories are kept. The packages are those of the release of
# this machine, or of Debian 12: mirrors lack files of rare architectures.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

readonly RUN=(bash bats coreutils ethtool findutils gawk grep iproute2 iputils-ping jq kmod mount sed
	util-linux)
readonly OLDEST=bookworm
readonly BUILD=(libbpf-dev libc6-dev libelf-dev linux-libc-dev zlib1g-dev)

die() {
	printf 'sysroot.sh: %s\n' "$1" >&2
	exit 1
}

# Download into DIRECTORY/packages, with all dependencies.
download() { # download RELEASE
	local options
	mapfile -t options < <("$top/archive.sh" "$dir/lists" "$1" "$arch")
	[ ${#options[@]} -gt 0 ] || return 1
	rm -rf "$dir/packages"
	mkdir -p "$dir/packages"
	apt-get "${options[@]}" --yes --no-install-recommends -o "Dir::Cache::archives=$dir/packages" \
		--download-only install "${RUN[@]}" "${BUILD[@]}" >&2
}

make_root() { # make_root DIRECTORY
	local name
	mkdir -p "$1"/usr/{bin,sbin,lib}
	# up to Debian 12 some files are below /, later all are below /usr
	for name in bin sbin lib; do ln -s "usr/$name" "$1/$name"; done
}

unpack() { # unpack DIRECTORY PACKAGE [OPTIONS OF TAR]
	dpkg-deb --fsys-tarfile "$2" | tar -x -C "$1" --keep-directory-symlink "${@:3}"
}

# The linker would follow absolute links to this machine.
make_links_relative() { # make_links_relative DIRECTORY
	local link
	find "$1" -lname '/*' -print | while read -r link; do
		ln -sfnr "$1$(readlink "$link")" "$link"
	done
}

# A cross compiler has its own C library, which can be newer than that of the packages.
take_libc() { # take_libc DIRECTORY
	local from file
	from=$(dirname "$("$triplet-gcc" -print-file-name=libc.so.6)")
	for file in "$from"/*.so*; do
		[ ! -e "$1/usr/lib/$triplet/${file##*/}" ] || cp "$file" "$1/usr/lib/$triplet/"
	done
}

unpack_all() {
	local package
	make_root "$dir/sysroot"
	make_root "$dir/tree.new"
	for package in "$dir"/packages/*.deb; do
		unpack "$dir/sysroot" "$package"
		case ${package##*/} in
		*-dev*) ;;
		*) unpack "$dir/tree.new" "$package" --exclude=./usr/share --exclude=./etc ;;
		esac
	done
	make_links_relative "$dir/sysroot"
	take_libc "$dir/tree.new"
	ln -sf bash "$dir/tree.new/usr/bin/sh"
	ln -sf gawk "$dir/tree.new/usr/bin/awk"
	rm -rf "$dir/packages" "$dir/lists"
	# the last step: shows that everything is complete
	mv "$dir/tree.new" "$dir/tree"
}

main() {
	local release
	[ $# = 3 ] || { sed -n '4,12s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
	top=$(cd "$(dirname "$0")" && pwd)
	dir=$(realpath -m "$1") arch=$2 triplet=$3
	[ ! -e "$dir/tree" ] || return 0
	command -v apt-get >/dev/null || die 'there is no apt-get to get packages with'
	command -v "$triplet-gcc" >/dev/null || die "there is no $triplet-gcc"
	rm -rf "$dir"
	for release in "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$OLDEST"; do
		if download "$release"; then
			unpack_all
			return 0
		fi
	done
	die "neither this release nor $OLDEST has all packages for $arch"
}

main "$@"
