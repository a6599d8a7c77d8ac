#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The Makefile, as somebody uses it who has just cloned.

load helper

setup_file() {
	copy_project
}

setup() {
	enter_copy
}

@test "a parallel build from nothing, quiet, without warnings; the second does nothing" {
	accepts make -j8 WERROR=1
	assert_equal "$stderr" ""
	[[ $output != *" -c "* ]]
	[ -x xdp_loader ] && [ -x xdp_stats ] && [ -e xdp_prog_kern.o ]
	accepts make -j8 WERROR=1
	assert_equal "$output" ""
}

@test "V=1 shows the commands" {
	touch xdp_stats.c
	accepts make V=1
	assert_contains "$output" " -c -o build/xdp_stats.o xdp_stats.c"
}

@test "a changed header rebuilds both sides" {
	make -s
	sleep 1
	touch headers/xdp_stats_kern_user.h
	accepts make
	assert_contains "$output" "xdp_prog_kern.o"
	assert_contains "$output" "xdp_stats.c"
	[[ $output != *"common/stats/cpus.c"* ]]
}

# What the lines of make name that are of this kind (CC, CLANG, LD).
lines() { # lines KIND
	awk -v kind="$1" '$1 == kind { print $2 }' <<<"$output" | sort | tr '\n' ' '
}

@test "another CLANG rebuilds the BPF object, another LDFLAGS links anew, and no more" {
	make -s -j2
	accepts make CLANG='clang -DSOMETHING'
	assert_equal "$output" "  CLANG    xdp_prog_kern.o"
	accepts make CLANG='clang -DSOMETHING'
	assert_equal "$output" ""
	accepts make
	assert_equal "$output" "  CLANG    xdp_prog_kern.o"
	accepts make -j2 LDFLAGS=-Wl,-O1
	assert_equal "$(lines CC)$(lines CLANG)" ""
	assert_equal "$(lines LD)" "build/flood xdp_loader xdp_stats "
	accepts make -j2
	assert_equal "$(lines LD)" "build/flood xdp_loader xdp_stats "
}

@test "another CC or flag compiles all of C, and not the BPF object" {
	make -s -j2
	run make build/xdp_stats.o build/common/cli/log.o CC=no-such-cc
	[ "$status" -ne 0 ]
	assert_contains "$output" no-such-cc
	accepts make build/xdp_stats.o xdp_prog_kern.o CFLAGS="-O1 -DQUOTED='\"it is  quoted\"'"
	assert_equal "$output" "  CC       xdp_stats.c"
	accepts make build/xdp_stats.o build/common/cli/log.o V=1 EXTRA_CFLAGS=-DSOMETHING
	[ "$(grep -c -- -DSOMETHING <<<"$output")" = 2 ]
	accepts make build/xdp_stats.o build/common/cli/log.o xdp_prog_kern.o
	assert_equal "$(lines CC)" "common/cli/log.c xdp_stats.c "
	accepts make build/xdp_stats.o build/common/cli/log.o xdp_prog_kern.o
	assert_equal "$(lines CC)$(lines CLANG)" ""
	run make CLANG=no-such-clang
	[ "$status" -ne 0 ]
	assert_contains "$output" no-such-clang
}

@test "the same objects from another directory, one with a blank in its name" {
	local other="$BATS_TEST_TMPDIR/an other"
	make -s -j2 xdp_prog_kern.o build/xdp_stats.o
	mkdir "$other"
	tar -c --exclude=./build --exclude=./xdp_prog_kern.o . | tar -x -C "$other"
	accepts make -j2 -C "$other" xdp_prog_kern.o build/xdp_stats.o
	cmp xdp_prog_kern.o "$other/xdp_prog_kern.o"
	cmp build/xdp_stats.o "$other/build/xdp_stats.o"
}

@test "all symbols are bound at the start, in pages that are read-only then; PIE as the compiler has it" {
	local program
	make -s -j2
	echo 'int main(void) { return 0; }' | cc -o "$BATS_TEST_TMPDIR/plain" -x c -
	for program in xdp_loader xdp_stats build/flood; do
		assert_contains "$(readelf -dW "$program")" BIND_NOW
		assert_contains "$(readelf -lW "$program")" GNU_RELRO
		assert_equal "$(readelf -h "$program" | grep Type:)" \
			"$(readelf -h "$BATS_TEST_TMPDIR/plain" | grep Type:)"
	done
}

@test "make clean all with several jobs: clean comes first" {
	make -s -j2
	echo stale >build/stale
	accepts make -j8 clean all
	[ ! -e build/stale ]
	[ -x xdp_loader ] && [ -x xdp_stats ] && [ -x build/flood ] && [ -e xdp_prog_kern.o ]
	accepts make
	assert_equal "$output" ""
}

@test "variables of an install do not reach libbpf" {
	accepts make -j2 LIBDIR=/nonexistent INCLUDEDIR=/nonexistent libbpf/root/kind
	[ -e libbpf/root/usr/include/bpf/bpf.h ]
}

@test "install with DESTDIR, and uninstall leaves nothing" {
	make -s
	accepts make install DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/usr
	[ -x "$BATS_TEST_TMPDIR/root/usr/sbin/xdp_loader" ]
	[ -x "$BATS_TEST_TMPDIR/root/usr/sbin/xdp_stats" ]
	[ -e "$BATS_TEST_TMPDIR/root/usr/lib/xdp_loader/xdp_prog_kern.o" ]
	[ -e "$BATS_TEST_TMPDIR/root/usr/include/xdp_stats/xdp_stats_kern.h" ]
	[ -e "$BATS_TEST_TMPDIR/root/usr/share/man/man8/xdp_loader.8" ]
	[ -e "$BATS_TEST_TMPDIR/root/usr/share/bash-completion/completions/xdp_stats" ]
	accepts make uninstall DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/usr
	assert_equal "$(find "$BATS_TEST_TMPDIR/root" -type f -o -type l)" ""
}

@test "the installed loader finds the installed object" {
	need_kernel
	make_pair
	make -s install PREFIX="$BATS_TEST_TMPDIR/prefix"
	accepts "$BATS_TEST_TMPDIR/prefix/sbin/xdp_loader" --dev veth0
	assert_contains "$output" "object $BATS_TEST_TMPDIR/prefix/lib/xdp_loader/xdp_prog_kern.o"
	remove_all
}

@test "a program outside of the tree builds against what is installed" {
	make -s install PREFIX="$BATS_TEST_TMPDIR/prefix"
	cd "$BATS_TEST_TMPDIR"
	cp "$TOP/tests/objects/foreign.c" .
	local flags
	flags=$(PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/prefix/share/pkgconfig pkg-config --cflags xdp_stats)
	# shellcheck disable=SC2086 # flags are words
	accepts clang -O2 -g -target bpf $flags -isystem "$COPY/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" -c foreign.c -o foreign.o
	need_kernel
	make_pair
	accepts "$BATS_TEST_TMPDIR/prefix/sbin/xdp_loader" --dev veth0 --filename foreign.o
	accepts "$BATS_TEST_TMPDIR/prefix/sbin/xdp_stats" --dev veth0 --once
	remove_all
}

@test "clean removes all that was built" {
	make -s
	make -s clean
	assert_equal "$(find . -newer Makefile -name '*.o' -o -name '*.a' -o -name xdp_loader -type f)" ""
	[ ! -e build ] && [ ! -e libbpf/root ]
}

@test "help lists every target" {
	accepts make help
	local target
	for target in all check demo lint format install uninstall clean deps help libbpf-fetch; do
		assert_contains "$output" "make $target "
	done
}

@test "deps.sh lists every gap at once, in this distribution's names" {
	local bin=$BATS_TEST_TMPDIR/bin tool
	mkdir "$bin"
	for tool in bash cat dirname id sed sort tr env; do ln -s "$(command -v $tool)" "$bin/"; done
	ln -s /bin/true "$bin/zypper"
	run env PATH="$bin" testenv/deps.sh check build lab
	assert_equal "$status" 1
	assert_contains "$output" "missing: cc make clang pkg-config <libelf.h> <zlib.h> <linux/bpf.h> libbpf ip ping flock nsenter"
	assert_contains "$output" "zypper --non-interactive install clang gcc iproute2 iputils libbpf-devel-static libelf-devel linux-glibc-devel make pkgconf-pkg-config util-linux zlib-devel"
	rm "$bin/zypper"
	run env PATH="$bin" testenv/deps.sh check build
	assert_equal "$status" 1
	assert_contains "$output" "no package manager"
}

@test "deps.sh has a name for everything in each distribution" {
	local manager
	run bash -c "sed -n '/<<-/,/EOF\$/p' testenv/deps.sh | grep '|' | awk -F '|' 'NF != 7'"
	assert_equal "$output" ""
	for manager in apt-get dnf pacman apk zypper; do
		assert_contains "$(cat testenv/deps.sh)" "$manager"
	done
}
