#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Make the parts of the initial RAM disk of a virtual machine. The kernel unpacks all parts, one
# after the other. The large part is made once for all kernels; the others are small.
#
#   initrd.sh tree TREE                    into TREE, the commands of this system that tests
#                                          use, with their libraries
#   initrd.sh commands TREE NAME...        into TREE, these commands with their libraries
#   initrd.sh project TREE [FROM]          into TREE, /init and in /project the project as it
#                                          is built in FROM (default: here)
#   initrd.sh pack TREE FILE               FILE with all that is in TREE
#   initrd.sh modules KERNEL FILE NAME...  FILE with these modules of a kernel that kernel.sh
#                                          got, and those that they need, in the order of
#                                          loading; what the kernel does not have is left out
#   initrd.sh test TEST.bats FILE          FILE with the test that /init runs
#
# For another architecture TREE comes from its packages: bash, bats, coreutils, gawk or mawk,
# grep, iproute2, iputils-ping, jq, kmod, mount, sed, util-linux.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly TOP

readonly COMMANDS=(awk bash bats bpftool ethtool flock grep insmod ip jq mount nsenter ping sed
	setpriv strace taskset umount xargs cat chmod chown cp cut dirname basename date env head id ln ls mkdir
	mktemp mv nl readlink realpath rm rmdir seq sleep sort stat sync tail timeout touch tr true
	tty uname uniq wc od tee expr)

# Copy a file to the same path in the tree, with the libraries that it is linked with.
add() { # add TREE FILE
	install -D "$2" "$1/$2"
	add_libraries "$@"
}

add_libraries() { # add_libraries TREE FILE
	local library
	while read -r library; do
		[ -e "$1/$library" ] || install -D "$library" "$1/$library"
	done < <(ldd "$2" 2>/dev/null | grep -o '/[^ ]*')
}

cmd_commands() { # cmd_commands TREE NAME...
	local command path
	for command in "${@:2}"; do
		path=$(type -P "$command") || {
			printf 'initrd.sh: no command %s\n' "$command" >&2
			return 1
		}
		add "$1" "$path"
	done
}

cmd_tree() { # cmd_tree TREE
	local path
	cmd_commands "$1" "${COMMANDS[@]}"
	ln -sf bash "$1/usr/bin/sh"
	# the other files of bats, which are in another directory
	for path in /usr/lib*/bats-core; do
		mkdir -p "$1${path%/*}"
		cp -a "$path" "$1$path"
	done
}

cmd_project() { # cmd_project TREE [FROM]
	local tree from
	tree=$(realpath "$1")
	mkdir -p "$tree"/{proc,sys,dev,tmp,run,root,etc,project/tests}
	install "$TOP/tests/vm/init" "$tree/init"
	cp -r "$TOP/testenv" "$tree/project"
	cp "$TOP/tests/helper.bash" "$tree/project/tests"
	cd "${2:-$TOP}"
	for from in xdp_loader xdp_stats xdp_prog_kern.o build/flood build/bench/sample build/tests/objects; do
		[ -e "$from" ] || continue
		cp --parents -r "$from" "$tree/project"
		[ -d "$from" ] || add_libraries "$tree" "$from"
	done
}

cmd_pack() { # cmd_pack TREE FILE
	chmod 0755 "$1" # the root directory: users without privileges must be able to enter it
	(cd "$1" && find . | cpio --quiet -o -H newc -R 0:0) >"$2.new"
	mv "$2.new" "$2"
}

modules_of() { # modules_of KERNEL NAME...
	local kernel version name
	kernel=$(realpath "$1")
	version=$(ls "$kernel/lib/modules")
	for name in "${@:2}"; do
		modprobe -C /dev/null -d "$kernel" -S "$version" --show-depends "$name" 2>/dev/null || true
	done | awk 'sub(/^insmod /, "") && sub(/ *$/, "") && !seen[$0]++'
}

# Not compressed: not every insmod supports each compression.
cmd_modules() { # cmd_modules KERNEL FILE NAME...
	local number=100 path plain
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mkdir "$work/modules"
	while read -r path; do
		plain=$work/modules/$((number++))-$(basename "${path%.ko*}").ko
		case $path in
		*.xz) xz -dc "$path" >"$plain" ;;
		*.zst) zstd -qdc "$path" >"$plain" ;;
		*.gz) gzip -dc "$path" >"$plain" ;;
		*) cp "$path" "$plain" ;;
		esac
	done < <(modules_of "$1" "${@:3}")
	cmd_pack "$work" "$2"
}

cmd_test() { # cmd_test TEST.bats FILE
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	install -D -m 0644 "$1" "$work/project/tests/test.bats"
	cmd_pack "$work" "$2"
}

case ${1:-} in
tree | commands | project | pack | modules | test) "cmd_$1" "${@:2}" ;;
*) sed -n '4,21s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
