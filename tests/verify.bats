#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The counting helper passes the verifier in anybody's program: every clang that is
# installed, each instruction set and each optimisation that it has.

load helper

setup() {
	need_kernel
}

teardown() {
	remove_all
}

# Commands, one a line.
clangs() {
	local dir
	for dir in /usr/bin /usr/lib/llvm-*/bin; do
		find "$dir" -maxdepth 1 \( -name clang -o -name 'clang-[0-9]*' \) -exec realpath {} +
	done | sort -u
}

compile() { # compile CLANG SOURCE [FLAGS]
	"$1" --target=bpf -g -I"$TOP/headers" -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" "${@:3}" -c "$2" -o "$BATS_TEST_TMPDIR/prog.o"
}

# The instruction sets from v1 on that a clang knows, and this kernel: v4 needs 6.6.
cpus_of() { # cpus_of CLANG
	local cpu release
	release=$(uname -r)
	for cpu in v1 v2 v3 v4; do
		[ "$cpu" != v4 ] || printf '6.6\n%s\n' "${release%%-*}" | sort -CV || continue
		! "$1" --target=bpf -mcpu="$cpu" -x c -c /dev/null -o /dev/null 2>/dev/null || echo "$cpu"
	done
}

verifies_everywhere() { # verifies_everywhere SOURCE
	local clang cpu level tried=0
	while read -r clang; do
		for cpu in $(cpus_of "$clang"); do
			for level in -O1 -O2 -O3; do
				compile "$clang" "$1" "-mcpu=$cpu" "$level"
				bpftool prog loadall "$BATS_TEST_TMPDIR/prog.o" "$BPFFS/verify" \
					>"$BATS_TEST_TMPDIR/log" 2>&1 ||
					{ echo "$clang -mcpu=$cpu $level" && tail -n 20 "$BATS_TEST_TMPDIR/log" && return 1; }
				rm -r "$BPFFS/verify"
				tried=$((tried + 1))
			done
		done
	done < <(clangs)
	echo "# ${1##*/}: $tried objects, by $(clangs | wc -l) compilers" >&3
	[ "$tried" -ge 9 ]
}

@test "our programs verify with every clang, -mcpu and -O" {
	verifies_everywhere "$TOP/xdp_prog_kern.c"
}

@test "counting before, after and between comparisons, in loops, subprograms and frags: the same" {
	verifies_everywhere "$TOP/tests/objects/counting_places.c"
}

# "PACKETS BYTES" of all actions together.
total() {
	stats --dev veth0 --once --json |
		jq -r '"\([.actions[].packets] | add) \([.actions[].bytes] | add)"'
}

@test "what is counted after a comparison is exact with every clang, -mcpu=v1 and v3" {
	local clang cpu program
	make_pair
	while read -r clang; do
		for cpu in v1 v3; do
			compile "$clang" "$TOP/tests/objects/counting_places.c" "-mcpu=$cpu" -O2
			for program in after_comparison all_in_subprogram in_frags; do
				accepts loader --dev veth0 --force --filename "$BATS_TEST_TMPDIR/prog.o" \
					--progname "$program"
				flood 100 1000
				assert_equal "$(total)" "100 100000"
			done
		done
	done < <(clangs)
}
