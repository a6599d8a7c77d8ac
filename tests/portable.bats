#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Other machines and another C library: what can be told here, without running anything there.

load helper

setup_file() {
	copy_project
}

setup() {
	enter_copy
}

need() { # need COMMAND
	[ -n "$(type -P "$1")" ] || skip "needs $1"
}

# The objects of both programs and of flood.
objects() {
	printf 'build/%s\n' xdp_loader.o xdp_stats.o testenv/flood.o
	find common -name '*.c' ! -path 'common/losses/*' | sed 's,^\(.*\)c$,build/\1o,'
}

# Class, byte order and machine, as readelf calls them.
kind_of() { # kind_of FILE
	LC_ALL=C readelf -h "$1" | sed -n -e 's/^ *Class: *//p' -e 's/^ *Data:.*, *//p' \
		-e 's/^ *Machine: *//p' | tr '\n' ' '
}

# A compiler of musl takes the kernel's headers from this system.
musl() {
	need musl-gcc
	musl="musl-gcc -idirafter /usr/include -idirafter /usr/include/$(cc -print-multiarch)"
}

compiles_all() { # compiles_all VARIABLE...
	make -s clean
	mapfile -t all < <(objects)
	accepts make -j2 WERROR=1 "$@" "${all[@]}"
	assert_equal "$stderr" ""
	[ -e build/common/pins/pin.o ]
}

# libbpf for another machine can be built wherever its compiler is: what it takes of libelf
# and zlib are headers, of which zconf.h alone is not where every compiler looks.
cross_source() { # cross_source TRIPLET
	local dir=$BATS_TEST_TMPDIR/include
	need "$1-gcc"
	source_tree
	mkdir -p "$dir"
	cp "$(echo '#include <zconf.h>' | cc -E -M -x c - | grep -o '/[^ ]*zconf.h')" "$dir"
	cross=(CROSS_COMPILE="$1-" CPPFLAGS="-isystem $dir")
}

@test "musl: all compiles without a warning" {
	musl
	compiles_all CC="$musl" LIBBPF=system
}

@test "musl: xdp_stats, which needs libc alone, is linked and reads" {
	musl
	source_tree
	make -s clean
	accepts make -j2 CC="$musl" LDFLAGS=-static xdp_stats
	accepts ./xdp_stats --version
	need_kernel
	make_pair
	loader --dev veth0
	flood 10 60
	accepts ./xdp_stats --dev veth0 --once --json
	assert_contains "$output" '"XDP_PASS":{"packets":10,"bytes":600,'
	accepts ./xdp_stats --dev veth0 --once
	assert_contains "$output" XDP_PASS
	remove_all
}

@test "32 bit: all compiles without a warning" {
	cross_source arm-linux-gnueabihf
	compiles_all "${cross[@]}"
	assert_equal "$(kind_of build/xdp_loader.o)" "ELF32 little endian ARM "
}

@test "an architecture whose __u64 is a long: all compiles without a warning" {
	compiles_all EXTRA_CFLAGS='-D_ASM_GENERIC_INT_LL64_H -include asm-generic/int-l64.h'
}

@test "a big-endian machine gets a big-endian BPF object; this one its own" {
	local headers
	cross_source s390x-linux-gnu
	compiles_all "${cross[@]}"
	accepts make V=1 "${cross[@]}" xdp_prog_kern.o build/tests/objects/array.o
	# the headers of the cross compiler, which clang does not know of
	headers=$(grep -o -m 1 -- '-isystem [^ ]*s390[^ ]*' <<<"$output" | cut -d' ' -f2)
	[ -e "$headers/asm/types.h" ]
	assert_equal "$(kind_of xdp_prog_kern.o)" "ELF64 big endian Linux BPF "
	assert_equal "$(kind_of build/tests/objects/array.o)" "ELF64 big endian Linux BPF "
	assert_equal "$(kind_of build/xdp_loader.o)" "ELF64 big endian IBM S/390 "
	assert_equal "$(kind_of libbpf/root/usr/lib/libbpf.a | cut -d' ' -f1-5)" "ELF64 big endian IBM S/390"
	make -s clean
	unset LIBBPF_SRC
	accepts make xdp_prog_kern.o
	assert_equal "$(kind_of xdp_prog_kern.o)" \
		"$(cc -c -x c -o none.o /dev/null && kind_of none.o | sed 's/\(endian\) .*/\1 Linux BPF /')"
}

@test "an archive for another machine is rejected, with a hint" {
	need s390x-linux-gnu-gcc
	make -s clean
	run make CC=s390x-linux-gnu-gcc LIBBPF=system
	[ "$status" -ne 0 ]
	assert_contains "$output" "$(pkg-config --variable=libdir libbpf)/libbpf.a is not for the machine that s390x-linux-gnu-gcc builds for"
	assert_contains "$output" "hint: CROSS_COMPILE=TRIPLET-"
	[ ! -e xdp_loader ]
	# not even for the same machine with other registers
	accepts make LIBBPF=system
	run libbpf/same_machine.sh libbpf/root/usr/lib/libbpf.a cc -m32
	assert_equal "$status" "$(cc -m32 -c -x c -o /dev/null /dev/null 2>/dev/null && echo 1 || echo 0)"
	accepts libbpf/same_machine.sh libbpf/root/usr/lib/libbpf.a cc -flto
	accepts libbpf/same_machine.sh libbpf/root/usr/lib/libbpf.a clang -flto
}

@test "with CROSS_COMPILE the libbpf of this machine is not used" {
	need s390x-linux-gnu-gcc
	[ -z "$(type -P s390x-linux-gnu-pkg-config)" ] || skip "there may be a libbpf for s390x here"
	make -s clean
	run make CROSS_COMPILE=s390x-linux-gnu- LIBBPF=system
	[ "$status" -ne 0 ]
	assert_contains "$output" "on Debian: libbpf-dev:ARCH"
	# an SDK sets both; its compiler has options that must not be lost
	CC='s390x-linux-gnu-gcc -DSDK' CROSS_COMPILE=s390x-linux-gnu- run make -n V=1 LIBBPF=system build/xdp_stats.o
	assert_contains "$output" "s390x-linux-gnu-gcc -DSDK "
}

@test "CPPFLAGS, CFLAGS and LDFLAGS are added to what the build needs" {
	make -s clean
	accepts make -j2 V=1 CPPFLAGS=-DOURS=1 CFLAGS=-O1 LDFLAGS=-Wl,-z,nodlopen xdp_stats
	assert_contains "$output" "-DOURS=1"
	assert_contains "$output" "-z,nodlopen"
	accepts ./xdp_stats --version
}
