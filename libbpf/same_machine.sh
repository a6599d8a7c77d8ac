#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Tell whether the objects in an archive are for the machine that a compiler builds for.
#
#   same_machine.sh ARCHIVE COMPILER [OPTION]...
#
# Compares what is in the head of an ELF file: class, byte order and machine. If one of the
# two is no ELF file (bitcode of clang -flto, say), it is for the linker to tell.

set -euo pipefail

identify() { # identify <OBJECT
	local bytes
	read -r -a bytes <<<"$(od -An -v -tx1 -N20 | tr '\n' ' ')"
	[ "${bytes[*]:0:4}" = '7f 45 4c 46' ] || exit 0
	echo "${bytes[*]:4:2} ${bytes[*]:18:2}"
}

object=$(mktemp)
trap 'rm -f "$object"' EXIT
# a compiler that does not work is no fault of the archive
"${@:2}" -fno-lto -c -o "$object" -x c /dev/null 2>/dev/null || exit 0
ours=$(identify <"$object")
# ar ends early, with a signal: 20 bytes are enough
theirs=$({ "${AR:-ar}" p "$1" 2>/dev/null || true; } | identify)
[ -z "$ours" ] || [ -z "$theirs" ] || [ "$ours" = "$theirs" ]
