#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Both kinds of libbpf, the walls between the parts, and where errors lead.

load helper

setup_file() {
	copy_project
}

setup() {
	enter_copy
}

size_of() {
	strip -o "$BATS_TEST_TMPDIR/stripped" "$1"
	stat -c %s "$BATS_TEST_TMPDIR/stripped"
}

needed() {
	readelf -d "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort | tr '\n' ' '
}

# is_size_of_readme KIND: on the system that README.org measured it on, a few bytes
# more or less apart; elsewhere there is nothing to compare with.
is_size_of_readme() {
	local documented measured
	[ "$(pkg-config --modversion libbpf)" = 1.1.2 ] && [ "$(cc -dumpversion)" = 12 ] || return 0
	documented=$(grep "=LIBBPF=$1=" "$TOP/README.org" | grep -oE '\b[0-9]{5,}\b')
	measured=$(size_of xdp_stats)
	[ $((measured * 100)) -ge $((documented * 98)) ] && [ $((measured * 100)) -le $((documented * 102)) ] ||
		{ echo "README: $documented bytes, measured: $measured" && return 1; }
}

# does_not_compile FILE INCLUDE WHY: with that line FILE is refused, for that reason.
does_not_compile() {
	cp "$1" saved
	sed -i "1i #include $2" "$1"
	run make "build/${1%.c}.o"
	cp saved "$1"
	[ "$status" != 0 ] || { echo "$1 may include $2" && return 1; }
	assert_contains "$output" "$3"
}

@test "include paths: a file that includes a header of a forbidden folder does not compile" {
	local file
	for file in xdp_stats.c common/cli/log.c common/pins/pin.c common/stats/rates.c; do
		does_not_compile "$file" '<bpf\/libbpf.h>' 'use <bpf/bpf.h> alone'
	done
	does_not_compile common/cli/log.c '"pin.h"' 'pin.h: No such file'
	does_not_compile common/pins/pin.c '"rates.h"' 'rates.h: No such file'
	does_not_compile common/stats/rates.c '"pin_dir.h"' 'pin_dir.h: No such file'
	does_not_compile common/loader/object.c '"rates.h"' 'rates.h: No such file'
	run make xdp_prog_kern.o CLANG="clang -include log.h"
	assert_equal "$status" 2
	assert_contains "$output" "'log.h' file not found"
}

@test "system: one include path, one archive, libelf and zlib needed" {
	accepts make -j2 LIBBPF=system
	[ -e libbpf/root/usr/include/bpf/bpf.h ]
	[ -e libbpf/root/usr/lib/libbpf.a ]
	assert_equal "$(needed xdp_loader)" "libc.so.6 libelf.so.1 libz.so.1 "
	is_size_of_readme system
}

@test "shared: the programs need libbpf.so; without the package the error names it" {
	accepts make -j2 LIBBPF=shared
	assert_equal "$(needed xdp_loader)" "libbpf.so.1 libc.so.6 libelf.so.1 "
	assert_equal "$(needed xdp_stats)" "libbpf.so.1 libc.so.6 "
	accepts ./xdp_loader --version
	run env PKG_CONFIG=false make LIBBPF=shared
	[ "$status" -ne 0 ]
	assert_contains "$output" "pkg-config finds no libbpf"
}

@test "source: xdp_stats needs only libc and has at most 64 KB" {
	source_tree
	accepts make -j2 LIBBPF=source
	assert_equal "$(needed xdp_stats)" "libc.so.6 "
	assert_equal "$(needed xdp_loader)" "libc.so.6 libelf.so.1 libz.so.1 "
	echo "xdp_stats, stripped: $(size_of xdp_stats) bytes"
	[ "$(size_of xdp_stats)" -le 65536 ]
	is_size_of_readme source
	need_kernel
	make_pair
	accepts ./xdp_loader --dev veth0
	accepts ./xdp_stats --dev veth0 --once
	accepts ./xdp_loader --dev veth0 --force --progname xdp_drop_func
	accepts ./xdp_loader --dev veth0 --unload
	remove_all
}

# Older than the source tree, those of the system lack what its libbpf uses (Debian 11: 5.10).
@test "source: the kernel's headers are those of the tree" {
	source_tree
	accepts make -j2 libbpf/root/kind build/xdp_loader.o build/xdp_stats.o xdp_prog_kern.o
	cmp "$LIBBPF_SRC/include/uapi/linux/bpf.h" libbpf/root/usr/include/linux/bpf.h
	local file
	for file in xdp_loader xdp_stats xdp_prog_kern; do
		grep -q 'libbpf/root/usr/include/linux/bpf\.h' "build/$file.d" ||
			{ echo "$file is built with another <linux/bpf.h>" && return 1; }
	done
}

@test "auto uses the source tree if there is one, and a change of kind rebuilds" {
	source_tree
	accepts make -j2
	assert_equal "$(cat libbpf/root/kind)" source
	unset LIBBPF_SRC
	accepts make -j2
	assert_equal "$(cat libbpf/root/kind)" system
	accepts make -j2
	assert_equal "$output" ""
}

@test "LIBBPF_SRC is always used: missing, relative, changed" {
	source_tree
	run make LIBBPF_SRC=/nonexistent
	[ "$status" -ne 0 ]
	assert_contains "$output" "no source tree of libbpf in /nonexistent"
	run make LIBBPF=bogus
	[ "$status" -ne 0 ]
	assert_contains "$output" "none of: auto source system shared"
	cp -R "$LIBBPF_SRC" './my tree'
	unset LIBBPF_SRC
	accepts make -j2 LIBBPF_SRC='my tree' libbpf/root/kind
	assert_equal "$(cat libbpf/root/kind)" source
	accepts make -j2 LIBBPF_SRC='my tree' libbpf/root/kind
	assert_equal "$output" ""
	echo '/* changed */' >>'my tree/src/bpf.c'
	accepts make -j2 LIBBPF_SRC='my tree' libbpf/root/kind
	assert_contains "$output" LIBBPF
	rm -r 'my tree/include'
	run make LIBBPF_SRC='my tree' libbpf/root/kind
	[ "$status" -ne 0 ]
	assert_contains "$output" "no include/uapi/linux/bpf.h"
	rm -rf 'my tree'
}

@test "libbpf/src is used without any variable" {
	source_tree
	cp -R "$LIBBPF_SRC" libbpf/src
	unset LIBBPF_SRC
	accepts make -j2 libbpf/root/kind
	assert_equal "$(cat libbpf/root/kind)" source
	rm -rf libbpf/src
}

@test "without libbpf the error names both solutions" {
	run env PKG_CONFIG=false make LIBBPF=auto
	[ "$status" -ne 0 ]
	assert_contains "$output" "make deps"
	assert_contains "$output" "make libbpf-fetch"
	run make LIBBPF=source
	[ "$status" -ne 0 ]
	assert_contains "$output" "LIBBPF_SRC=DIR"
}

# Debian 11 has 0.3: to install its package does not help.
@test "an installed libbpf that is too old, or without its archive, is named" {
	local kind
	printf '#!/bin/sh\ncase $1 in --modversion) echo 0.3.0 ;; *) exit 1 ;; esac\n' >"$BATS_TEST_TMPDIR/old"
	printf '#!/bin/sh\ncase $1 in --modversion) echo 1.4.0 ;; esac\n' >"$BATS_TEST_TMPDIR/bare"
	chmod +x "$BATS_TEST_TMPDIR/old" "$BATS_TEST_TMPDIR/bare"
	for kind in auto system shared; do
		run env PKG_CONFIG="$BATS_TEST_TMPDIR/old" make LIBBPF=$kind
		[ "$status" -ne 0 ]
		assert_contains "$output" "libbpf 0.3.0 is installed; 1.0 or later is needed"
		assert_contains "$output" "make libbpf-fetch"
		[[ $output != *"make deps"* ]]
	done
	run env PKG_CONFIG="$BATS_TEST_TMPDIR/bare" make LIBBPF=system
	[ "$status" -ne 0 ]
	assert_contains "$output" "libbpf 1.4.0 is installed without its static archive"
	assert_contains "$output" "make deps"
}

# A repository that stands in for upstream: the release's tag on some commit.
make_upstream() {
	upstream=$BATS_TEST_TMPDIR/upstream
	mkdir -p "$upstream/src"
	echo '#define LIBBPF_MAJOR_VERSION 1' >"$upstream/src/libbpf_version.h"
	: >"$upstream/src/bpf.c"
	git -C "$upstream" init -q
	git -C "$upstream" add .
	git -C "$upstream" -c user.name=t -c user.email=t@localhost commit -q -m release
	git -C "$upstream" tag v1.7.0
}

@test "libbpf-fetch rejects another commit under the tag of the release" {
	make_upstream
	run make libbpf-fetch LIBBPF_GIT="$upstream"
	[ "$status" -ne 0 ]
	assert_contains "$output" "expected f5dcbae736e5d7f83a35718e01be1a8e3010fa39"
	[ ! -e libbpf/src ]
	[ ! -e libbpf/src.part ]
}

@test "libbpf-fetch gets the commit of libbpf/VERSION" {
	make_upstream
	echo "v1.7.0 $(git -C "$upstream" rev-parse HEAD)" >libbpf/VERSION
	accepts make libbpf-fetch LIBBPF_GIT="$upstream"
	[ -e libbpf/src/src/bpf.c ]
	run make libbpf-fetch LIBBPF_GIT="$upstream"
	[ "$status" -ne 0 ]
	assert_contains "$output" "there already"
	rm -rf libbpf/src
	cp "$TOP/libbpf/VERSION" libbpf/VERSION
}
