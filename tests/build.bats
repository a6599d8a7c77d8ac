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

@test "a parallel build from nothing, quiet, without warnings; a second make does nothing" {
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

# The second one is linked into the loader.
only_bpf_objects() {
	assert_equal "$(lines CLANG)" "common/losses/xdp_losses_kern.c xdp_prog_kern.o " &&
		assert_equal "$(lines CC)$(lines LD)" "common/losses/losses_object.S xdp_loader "
}

@test "another CLANG rebuilds only the BPF objects, another LDFLAGS only links again" {
	make -s -j2
	accepts make CLANG='clang -DSOMETHING'
	only_bpf_objects
	accepts make CLANG='clang -DSOMETHING'
	assert_equal "$output" ""
	accepts make
	only_bpf_objects
	accepts make -j2 LDFLAGS=-Wl,-O1
	assert_equal "$(lines CC)$(lines CLANG)" ""
	assert_contains "$(lines LD)" "xdp_loader xdp_stats "
	accepts make -j2
	assert_contains "$(lines LD)" "xdp_loader xdp_stats "
}

@test "another CC or flag compiles all C files, but not the BPF object" {
	make -s -j2
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
	run make CC=no-such-cc
	[ "$status" -ne 0 ]
	assert_contains "$output" no-such-cc
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

@test "all symbols are bound at the start, in read-only pages; PIE if the compiler does it by default" {
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

# What is in the directory, without what a build makes.
sources() {
	find . -path ./build -prune -o -path ./libbpf/root -prune -o -print | sort
}

@test "install below a DESTDIR with blanks writes only there; uninstall leaves nothing" {
	local root="$BATS_TEST_TMPDIR/in/a root" file before
	make -s -j2
	before=$(sources)
	accepts make install DESTDIR="$root" PREFIX='/opt/it'\''s & mine'
	for file in sbin/xdp_loader sbin/xdp_stats lib/xdp_loader/xdp_prog_kern.o \
		include/xdp_stats/xdp_stats_kern.h share/man/man8/xdp_loader.8 share/man/man8/xdp_stats.8 \
		share/pkgconfig/xdp_stats.pc share/bash-completion/completions/xdp_stats; do
		[ -e "$root/opt/it's & mine/$file" ] || { echo "no $file" && return 1; }
	done
	assert_contains "$(cat "$root/opt/it's & mine/share/man/man8/xdp_loader.8")" \
		"/opt/it's & mine/lib/xdp_loader/xdp_prog_kern.o"
	assert_equal "$(sources)" "$before"
	assert_equal "$(ls "$BATS_TEST_TMPDIR/in")" "a root"
	accepts make uninstall DESTDIR="$root" PREFIX='/opt/it'\''s & mine'
	assert_equal "$(find "$root" ! -type d -o -name 'xdp_*')" ""
}

@test "install with each directory given by its GNU name" {
	local root=$BATS_TEST_TMPDIR/root
	local dirs=(prefix=/usr exec_prefix=/e sbindir=/e/bin libdir=/usr/lib64 includedir=/i mandir=/m
		pkgconfigdir=/p bashcompletiondir=/b)
	accepts make -s -j2 install DESTDIR="$root" "${dirs[@]}"
	assert_equal "$(cd "$root" && find . ! -type d | sort | tr '\n' ' ')" "./b/xdp_loader ./b/xdp_stats \
./e/bin/xdp_loader ./e/bin/xdp_stats ./i/xdp_stats/xdp_stats_kern.h ./i/xdp_stats/xdp_stats_kern_user.h \
./m/man8/xdp_loader.8 ./m/man8/xdp_stats.8 ./p/xdp_stats.pc ./usr/lib64/xdp_loader/xdp_prog_kern.o "
	assert_contains "$(cat "$root/b/xdp_loader")" "dir='/usr/lib64/xdp_loader'"
	assert_contains "$(cat "$root/m/man8/xdp_loader.8")" "/usr/lib64/xdp_loader/xdp_prog_kern.o"
	accepts make uninstall DESTDIR="$root" "${dirs[@]}"
	assert_equal "$(find "$root" ! -type d)" ""
}

@test "the pkg-config file names the headers of each prefix" {
	local prefix root=$BATS_TEST_TMPDIR/root
	export PKG_CONFIG_PATH=$root/pc
	make -s -j2
	for prefix in /usr /opt/x '/opt/a b'; do
		make -s install DESTDIR="$root" prefix="$prefix" pkgconfigdir=/pc
		assert_equal "$(pkg-config --cflags xdp_stats | xargs printf '%s\n')" \
			"-I$prefix/include/xdp_stats"
		assert_equal "$(pkg-config --variable=prefix xdp_stats)" "$prefix"
	done
	make -s install DESTDIR="$root" prefix=/opt/x includedir=/elsewhere pkgconfigdir=/pc
	assert_equal "$(pkg-config --cflags xdp_stats | xargs printf '%s\n')" "-I/elsewhere/xdp_stats"
}

@test "install builds what is missing or older than its source, and keeps the flags of the build" {
	local root=$BATS_TEST_TMPDIR/root
	make -s -j2 CFLAGS='-O1 -g'
	accepts make -s install DESTDIR="$root"
	[[ $output != *" CC "* ]]
	touch common/cli/json.c
	rm xdp_prog_kern.o
	accepts make -s install DESTDIR="$root"
	assert_equal "$(lines CC)$(lines CLANG)" "common/cli/json.c xdp_prog_kern.o "
}

@test "the installed loader finds the installed object, in libdir" {
	need_kernel
	make_pair
	local prefix="$BATS_TEST_TMPDIR/a prefix" libdir
	for libdir in "$prefix/lib" "$prefix/lib64" "$BATS_TEST_TMPDIR/100%s"; do
		make -s -j2 install PREFIX="$prefix" libdir="$libdir"
		accepts "$prefix/sbin/xdp_loader" --dev veth0 --force
		assert_contains "$output" "object $libdir/xdp_loader/xdp_prog_kern.o"
	done
	remove_all
}

@test "a program outside the tree builds with the installed files" {
	local prefix="$BATS_TEST_TMPDIR/a prefix"
	make -s install PREFIX="$prefix"
	cd "$BATS_TEST_TMPDIR"
	cp "$TOP/tests/objects/foreign.c" .
	PKG_CONFIG_PATH="$prefix/share/pkgconfig" pkg-config --cflags xdp_stats |
		accepts xargs clang -O2 -g -target bpf -isystem "$COPY/libbpf/root/usr/include" \
			-isystem "/usr/include/$(cc -print-multiarch)" -c foreign.c -o foreign.o
	[ -e foreign.o ]
	need_kernel
	make_pair
	accepts "$prefix/sbin/xdp_loader" --dev veth0 --filename foreign.o
	accepts "$prefix/sbin/xdp_stats" --dev veth0 --once
	remove_all
}

# What a make of root has left in it that is not its owner's.
not_of() { # not_of UID DIRECTORY
	find "$2" ! -user "$1" -o ! -group "$1"
}

@test "root builds as the owner of the checkout, who can continue" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	local dir
	dir=$(mktemp -d)
	chmod 0755 "$dir"
	(cd "$COPY" && tar -c --exclude=./build --exclude=./libbpf/root .) | tar -x -C "$dir"
	# the demo itself is not what is tried here, nor are packages
	printf '#!/bin/sh\n' | tee "$dir/testenv/demo.sh" >"$dir/testenv/deps.sh"
	chown -R 12345:12345 "$dir"
	cd "$dir"
	accepts make -j2 demo
	[ -x xdp_loader ] && [ -x build/flood ]
	accepts make -j2 install LDFLAGS=-Wl,-O1 DESTDIR="$BATS_TEST_TMPDIR/root"
	assert_equal "$(stat -c %u "$BATS_TEST_TMPDIR/root/usr/local/sbin/xdp_loader")" 0
	assert_equal "$(not_of 12345 "$dir")" ""
	accepts setpriv --reuid=12345 --regid=12345 --clear-groups make -j2 CFLAGS=-O1
	accepts setpriv --reuid=12345 --regid=12345 --clear-groups make clean
	rm -rf "$dir"
}

@test "root builds as root where the owner cannot reach the checkout" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	local dir=$BATS_TEST_TMPDIR/closed
	mkdir -m 0700 "$dir"
	mkdir "$dir/checkout"
	tar -c --exclude=./build --exclude=./libbpf/root . | tar -x -C "$dir/checkout"
	chown -R 12345:12345 "$dir/checkout"
	accepts make -C "$dir/checkout" xdp_prog_kern.o
	[ -e "$dir/checkout/xdp_prog_kern.o" ]
}

@test "clean removes all that was built" {
	make -s
	make -s clean
	assert_equal "$(find . -newer Makefile -name '*.o' -o -name '*.a' -o -name xdp_loader -type f)" ""
	[ ! -e build ] && [ ! -e libbpf/root ]
}

@test "help lists targets that exist, and no variable that does nothing" {
	accepts make help
	local target word
	for target in all check demo exercise bench lint format install uninstall clean deps help libbpf-fetch; do
		assert_contains "$output" "  make $target "
	done
	for target in $(sed -n 's/^  make \([^ ]*\) .*/\1/p' <<<"$output"); do
		grep -q "^$target:" Makefile tests/*.mk tests/*/*.mk bench/*.mk docs/*.mk || { echo "no target $target" && return 1; }
	done
	for word in $(sed -n '/^Variables/,$p' <<<"$output" | grep -oE '\b[A-Za-z_]{3,}\b' |
		grep -vE '^(Variables|auto|source|system|shared|DIR)$'); do
		grep -q "\$($word)" Makefile libbpf/Makefile || { echo "no variable $word" && return 1; }
	done
}

# A PATH of a few tools, where no package manager is that is not put there, and no
# /usr/sbin.
bare() { # bare COMMAND...
	need_kernel
	unshare --mount bash -euc 'mount -t tmpfs none /usr/sbin && PATH=$BIN && exec "$@"' - "$@"
}

make_bin() { # make_bin TOOL...: sets BIN
	local tool
	export BIN=$BATS_TEST_TMPDIR/bin
	mkdir "$BIN"
	for tool in bash cat dirname env grep id mktemp rm sed sort tee tr "$@"; do
		ln -s "$(type -P "$tool")" "$BIN/"
	done
}

@test "deps.sh lists all missing packages at once, by their names in this distribution" {
	make_bin
	ln -s /bin/true "$BIN/zypper"
	run bare testenv/deps.sh check build lab
	assert_equal "$status" 1
	assert_contains "$output" "missing: cc make clang pkg-config <libelf.h> <zlib.h> <linux/bpf.h> libbpf ip ping flock nsenter"
	assert_contains "$output" "zypper --non-interactive install clang gcc iproute2 iputils libbpf-devel-static libelf-devel linux-glibc-devel make pkgconf-pkg-config util-linux zlib-devel"
	rm "$BIN/zypper"
	run bare testenv/deps.sh check build
	assert_equal "$status" 1
	assert_contains "$output" "no package manager"
}

@test "deps.sh finds what is in /usr/sbin with the PATH of an ordinary user" {
	[ "$(type -P ethtool)" = /usr/sbin/ethtool ] || skip "ethtool is elsewhere"
	accepts env PATH=/usr/local/bin:/usr/bin:/bin testenv/deps.sh check build lab test
	accepts env PATH=/usr/local/bin:/usr/bin:/bin tests/sandbox.sh bash -c 'command -v bpftool ethtool'
}

@test "make deps: only what the build and the lab need, and nothing twice" {
	make_bin make
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>"$BIN/asked"' >"$BIN/apt-get"
	chmod +x "$BIN/apt-get"
	run bare make deps
	[ "$status" -ne 0 ]
	assert_equal "$(grep -oE 'gnuplot|bats|libxdp|emacs|qemu|jq' "$BIN/asked" || true)" ""
	assert_equal "$(grep -c '^install ' "$BIN/asked")" 1
	rm "$BIN/asked"
	# where all is there, nobody is asked
	accepts env PATH="$BIN:$PATH" make deps
	assert_equal "$output" "everything is there"
	[ ! -e "$BIN/asked" ]
}

@test "deps.sh: a missing network is named, and stops only what needs it" {
	make_bin
	printf '%s\n' '#!/bin/sh' "echo \"W: Failed to fetch x  Temporary failure resolving 'deb.debian.org'\" >&2" \
		'[ "$1" = update ] || { echo "E: Unable to locate package make" >&2; exit 100; }' >"$BIN/apt-get"
	chmod +x "$BIN/apt-get"
	run bare testenv/deps.sh ensure build
	assert_equal "$status" 1
	assert_contains "$output" "could not install: cc make clang"
	assert_contains "$output" "hint: the package servers cannot be reached from here: is there a network?"
	accepts bare testenv/deps.sh try docs
	assert_contains "$stderr" "could not install: emacs english"
	# another failure is not the network's
	sed -i /Temporary/d "$BIN/apt-get"
	run bare testenv/deps.sh ensure build
	assert_equal "$status" 1
	[[ $output != *network* ]]
}

@test "deps.sh: if the packaged libbpf is too old, the message says what to do" {
	make_bin
	printf '%s\n' '#!/bin/sh' 'case "$*" in *--modversion*) echo 0.3.0 ;; *) exit 1 ;; esac' \
		>"$BIN/pkg-config"
	chmod +x "$BIN/pkg-config"
	ln -s /bin/true "$BIN/apt-get"
	run bare testenv/deps.sh check build
	assert_equal "$status" 1
	assert_contains "$output" "the libbpf of this system is 0.3.0, and 1.0 is needed: make libbpf-fetch"
	[[ $output != *libbpf-dev* ]]
	run bare env LIBBPF_SRC=/somewhere testenv/deps.sh check build
	[[ $output != *"libbpf of"* ]]
}

@test "deps.sh has a package for everything in each distribution" {
	local manager
	run bash -c "sed -n '/<<-/,/EOF\$/p' testenv/deps.sh | grep '|' | awk -F '|' 'NF != 7'"
	assert_equal "$output" ""
	for manager in apt-get dnf pacman apk zypper; do
		assert_contains "$(cat testenv/deps.sh)" "$manager"
	done
}
