#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Files that are no good: refused with 40, the cause named, nothing changed.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	local left
	left="$(attached veth0) $(ls "$BPFFS" | grep -v debug || true)"
	remove_all
	assert_equal "$left" "none "
}

refuses_file() { # refuses_file TEXT FILE [OPTIONS]
	rejects 40 "$1" loader --dev veth0 --filename "$2" "${@:3}"
	assert_contains "$stderr" "$2"
}

@test "missing, empty, directory, device, text, another machine" {
	local dir=$BATS_TEST_TMPDIR
	: >"$dir/empty.o"
	echo 'int main' >"$dir/text.o"
	mkfifo "$dir/fifo.o"
	refuses_file "No such file" "$dir/missing.o"
	refuses_file "is empty" "$dir/empty.o"
	refuses_file "is a directory" "$dir"
	refuses_file "not a regular file" "$dir/fifo.o"
	refuses_file "not a regular file" /dev/zero
	refuses_file "not an ELF" "$dir/text.o"
	refuses_file "another machine" "$TOP/build/xdp_stats.o"
	refuses_file "another machine" /bin/true
}

@test "the other byte order" {
	clang -O2 -g -target bpfeb -I"$TOP/headers" -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" -c "$TOP/tests/objects/empty.c" \
		-o "$BATS_TEST_TMPDIR/big.o"
	refuses_file "byte order" "$BATS_TEST_TMPDIR/big.o"
}

@test "truncated anywhere: an error, never a crash" {
	local object=$TOP/xdp_prog_kern.o size length
	size=$(stat -c %s "$object")
	for length in 3 20 63 64 100 $(seq 200 997 "$size") $((size - 1)); do
		head -c "$length" "$object" >"$BATS_TEST_TMPDIR/cut.o"
		run --separate-stderr loader --dev veth0 --filename "$BATS_TEST_TMPDIR/cut.o"
		assert_equal "$length bytes: $status" "$length bytes: 40"
		assert_contains "$stderr" "hint: "
		[[ $stderr != *"Unknown error"* ]]
	done
}

# A map's definition refers to a type that is not there: libbpf 1.1 crashes.
@test "an object on which libbpf crashes: a message, with --json too, and the lock is gone" {
	local object=$TOP/tests/objects/btf_bit_flip.o
	refuses_file "cannot load $object: " "$object"
	[ "$(wc -l <<<"$stderr")" -eq 2 ]
	run --separate-stderr loader --dev veth0 --filename "$object" --json
	assert_equal "$status $stderr" "40 "
	assert_equal "$(jq -sc 'map(keys)' <<<"$output")" '[["cause","error","exit_code","hint"]]'
	assert_equal "$(jq -r '"\(.error) \(.exit_code)"' <<<"$output")" "cannot load $object 40"
	assert_equal "$(ls "$BPFFS" | grep -v debug || true)" ""
	ip link add dev other type veth peer name otherpeer
	run --separate-stderr loader --dev veth0 --dev other --filename "$object"
	assert_equal "$status $(ls "$BPFFS" | grep -v debug || true)" "40 "
	# a name from outside
	cp "$object" "$BATS_TEST_TMPDIR/"$'a"\n.o'
	run --separate-stderr loader --dev veth0 --filename "$BATS_TEST_TMPDIR/"$'a"\n.o' --json
	assert_equal "$status $(jq -r .error <<<"$output")" \
		"40 cannot load $BATS_TEST_TMPDIR/a\"\\x0a.o"
}

@test "half a gigabyte of global variables: refused before it is in memory" {
	refuses_file "more than 256 MB of global variables" "$OBJECTS/huge.o"
	[ "$(command time -f %M "$TOP/xdp_loader" --dev veth0 --filename "$OBJECTS/huge.o" 2>&1 |
		tail -n 1)" -le 8192 ]
}

@test "no XDP program, no such program, not an XDP program" {
	refuses_file "no XDP program in it" "$OBJECTS/no_xdp.o"
	refuses_file "no program 'xdp_dorp_func'" "$TOP/xdp_prog_kern.o" --progname xdp_dorp_func
	assert_contains "$stderr" "most similar name first: xdp_drop_func, "
	local name
	for name in pass abort tx redirect pass_frags; do
		assert_contains "$stderr" " xdp_${name}_func"
	done
}

@test "the reason of the verifier is shown" {
	rejects 40 "invalid access to packet" loader --dev veth0 --filename "$OBJECTS/rejected.o"
	assert_contains "$stderr" "unchecked"
	[[ $stderr != *"processed "* ]]
	[ "$(wc -l <<<"$stderr")" -le 9 ]
	run --separate-stderr loader --dev veth0 --filename "$OBJECTS/rejected.o" --verbose
	assert_contains "$stderr" "processed "
}

@test "a helper that needs a licence" {
	rejects 40 "GPL" loader --dev veth0 --filename "$OBJECTS/no_licence.o"
	assert_contains "$stderr" 'SEC("license")'
}

@test "a bad object does not change the attached program and its pins" {
	accepts loader --dev veth0
	local before pins
	before=$(attached veth0)
	pins=$(ls -iR "$BPFFS")
	rejects 40 "invalid access" loader --dev veth0 --filename "$OBJECTS/rejected.o" --force
	rejects 40 "No such file" loader --dev veth0 --filename /nonexistent.o --force
	assert_equal "$(attached veth0)" "$before"
	assert_equal "$(ls -iR "$BPFFS")" "$pins"
	accepts loader --dev veth0 --unload
}

@test "an object that is older than its source: said in the report and with a failure" {
	local dir=$BATS_TEST_TMPDIR
	cp "$TOP/xdp_prog_kern.o" "$dir/prog.o"
	cp "$TOP/xdp_prog_kern.c" "$dir/prog.c"
	touch -d '1 second ago' "$dir/prog.c"
	accepts loader --dev veth0 --filename "$dir/prog.o"
	assert_contains "$output" "object $dir/prog.o"$'\n'
	touch -d '1 second' "$dir/prog.c"
	accepts loader --dev veth0 --force --filename "$dir/prog.o"
	assert_contains "$output" "object $dir/prog.o, older than $dir/prog.c"
	rejects 40 "no program" loader --dev veth0 --force --filename "$dir/prog.o" --progname xdp_new_func
	assert_contains "$stderr" "$dir/prog.o is older than $dir/prog.c: compile it again"
	# another failure has nothing to do with it
	rejects 30 "already attached" loader --dev veth0 --filename "$dir/prog.o"
	[[ $stderr != *older* ]]
	accepts loader --dev veth0 --unload
}
