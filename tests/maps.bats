#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Maps that the kernel refuses: the definition, the rule that it breaks, and, followed to the
# letter, the hint. Then the same map loads.

load helper

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

# shape TYPE KEY VALUE ENTRIES FLAGS [OPTIONS]: compile an object with such a map
shape() {
	clang -O2 -g -target bpf -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" -DTYPE="BPF_MAP_TYPE_$1" -DKEY="$2" \
		-DVALUE="$3" -DENTRIES="$4" -DFLAGS="$5" "${@:6}" -c "$TOP/tests/objects/map_shape.c" \
		-o "$BATS_TEST_TMPDIR/shape.o"
}

refused() { # refused RULE TYPE KEY VALUE ENTRIES FLAGS [OPTIONS]
	shape "${@:2}" || return 1
	rejects 40 "cannot create map shape (" \
		loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o" || return 1
	assert_contains "$stderr" "$1"
}

loads() { # loads TYPE KEY VALUE ENTRIES FLAGS [OPTIONS]
	shape "$@" || return 1
	accepts loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o" && return
	echo "$*"
	return 1
}

@test "what is shown: the map with its definition, the error, the rule, what to write" {
	refused "map_flags must have BPF_F_NO_PREALLOC" LPM_TRIE 8 4 100 0
	assert_equal "$(head -n 1 <<<"$stderr")" "xdp_loader: cannot create map shape (lpm_trie, key 8, value 4, entries 100, flags 0): Invalid argument: map_flags must have BPF_F_NO_PREALLOC"
	assert_contains "$stderr" "hint: write __uint(map_flags, BPF_F_NO_PREALLOC); in its definition"
	loads LPM_TRIE 8 4 100 BPF_F_NO_PREALLOC
	refused "key_size must be 4, max_entries must be at least 1" ARRAY 8 8 0 0
	assert_contains "$stderr" "hint: write __uint(key_size, 4); in its definition, in place of __type(key, ...)"
	assert_contains "$stderr" "hint: write __uint(max_entries, N); in its definition, where N is at least 1"
}

@test "arrays and hashes" {
	local type
	for type in ARRAY PERCPU_ARRAY; do
		refused "key_size must be 4" "$type" 8 8 2 0
		refused "value_size must be" "$type" 4 0 2 0
		refused "max_entries must be at least 1" "$type" 4 8 0 0
		loads "$type" 4 8 2 0
	done
	for type in HASH PERCPU_HASH LRU_HASH LRU_PERCPU_HASH; do
		refused "key_size must be at least 1" "$type" 0 8 2 0
		refused "value_size must be" "$type" 4 0 2 0
		refused "max_entries must be at least 1" "$type" 4 8 0 0
		loads "$type" 4 8 2 0
	done
}

@test "what all CPUs have: their number and their memory" {
	local cpus=$(($(cat /sys/devices/system/cpu/kernel_max) + 1)) type
	refused "max_entries must be 1 to $cpus (the CPUs for which this kernel is built)" \
		CPUMAP 4 8 $((cpus + 1)) 0
	loads CPUMAP 4 8 "$cpus" 0
	[ "$(getconf PAGESIZE)" = 4096 ] || skip "other sizes with larger pages"
	for type in PERCPU_ARRAY PERCPU_HASH LRU_PERCPU_HASH; do
		refused "value_size must be 1 to 32768" "$type" 4 32769 2 0
		loads "$type" 4 32768 2 0
	done
}

@test "longest prefix: the key has five bytes to 260" {
	refused "key_size must be 5 to 260" LPM_TRIE 4 4 100 BPF_F_NO_PREALLOC
	refused "key_size must be 5 to 260" LPM_TRIE 261 4 100 BPF_F_NO_PREALLOC
	refused "value_size must be at least 1" LPM_TRIE 8 0 100 BPF_F_NO_PREALLOC
	loads LPM_TRIE 5 4 100 BPF_F_NO_PREALLOC
	loads LPM_TRIE 260 4 100 BPF_F_NO_PREALLOC
}

@test "devices, CPUs and sockets: keys of four bytes, values of four or eight" {
	local type
	for type in DEVMAP DEVMAP_HASH CPUMAP SOCKMAP; do
		refused "key_size must be 4" "$type" 8 4 2 0
		refused "value_size must be 4 or 8" "$type" 4 12 2 0
		refused "max_entries must be" "$type" 4 4 0 0
		loads "$type" 4 4 2 0
		loads "$type" 4 8 2 0
	done
	refused "key_size must be 1 to 512" SOCKHASH 513 4 2 0
	loads SOCKHASH 512 4 2 0
}

@test "descriptors: keys and values of four bytes" {
	local type
	for type in XSKMAP PROG_ARRAY PERF_EVENT_ARRAY CGROUP_ARRAY; do
		refused "key_size must be 4" "$type" 8 4 2 0
		refused "value_size must be 4" "$type" 4 8 2 0
		loads "$type" 4 4 2 0
	done
	for type in XSKMAP PROG_ARRAY CGROUP_ARRAY; do
		refused "max_entries must be at least 1" "$type" 4 4 0 0
	done
	loads PERF_EVENT_ARRAY 4 4 0 0
}

@test "maps without keys, and stack traces" {
	local type
	for type in QUEUE STACK BLOOM_FILTER; do
		refused "key_size must be 0" "$type" 4 8 2 0
		refused "value_size must be at least 1" "$type" 0 0 2 0
		refused "max_entries must be at least 1" "$type" 0 8 0 0
		loads "$type" 0 8 2 0
	done
	for type in RINGBUF USER_RINGBUF; do
		refused "key_size must be 0" "$type" 4 0 4096 0
		refused "value_size must be 0" "$type" 0 8 4096 0
		assert_contains "$stderr" "hint: leave out value_size"
		refused "max_entries must be at least 1" "$type" 0 0 0 0
		loads "$type" 0 0 4096 0
		loads "$type" 0 0 5000 0 # libbpf rounds it up
	done
	refused "value_size must be at least 8, a multiple of 8" STACK_TRACE 4 12 8 0
	loads STACK_TRACE 4 16 8 0
}

@test "maps of maps: what is in them" {
	local type
	for type in ARRAY_OF_MAPS HASH_OF_MAPS; do
		refused "__array(values, struct" "$type" 4 4 2 0
		loads "$type" 4 4 2 0 -DINNER=BPF_MAP_TYPE_ARRAY
		refused "max_entries must be at least 1" "$type" 4 4 0 0 -DINNER=BPF_MAP_TYPE_ARRAY
		refused "does not take inner maps of this type" "$type" 4 4 2 0 -DINNER=BPF_MAP_TYPE_PROG_ARRAY
	done
	shape ARRAY_OF_MAPS 4 4 2 0 -DINNER=BPF_MAP_TYPE_LPM_TRIE
	rejects 40 "(lpm_trie, key 4, value 4, entries 4, flags 0)" \
		loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o"
	assert_contains "$stderr" "key_size must be 5 to 260, map_flags must have BPF_F_NO_PREALLOC"
}

@test "flags that a type does not take" {
	refused "map_flags must not have BPF_F_NO_PREALLOC" ARRAY 4 4 2 BPF_F_NO_PREALLOC
	refused "map_flags must not have BPF_F_NO_PREALLOC" LRU_HASH 4 4 2 BPF_F_NO_PREALLOC
	assert_contains "$stderr" "Operation not supported"
	refused "map_flags must not have BPF_F_MMAPABLE" HASH 4 4 2 BPF_F_MMAPABLE
	refused "map_flags must not have BPF_F_RDONLY_PROG" DEVMAP 4 4 2 BPF_F_RDONLY_PROG
	refused "map_flags must not have BPF_F_RDONLY" CPUMAP 4 4 2 BPF_F_RDONLY
	refused "map_flags must not have BPF_F_NO_COMMON_LRU" HASH 4 4 2 BPF_F_NO_COMMON_LRU
	refused "must not have both of BPF_F_RDONLY|BPF_F_WRONLY" ARRAY 4 4 2 "BPF_F_RDONLY|BPF_F_WRONLY"
	refused "must not have both of BPF_F_RDONLY_PROG|BPF_F_WRONLY_PROG" \
		HASH 4 4 2 "BPF_F_RDONLY_PROG|BPF_F_WRONLY_PROG"
	refused "map_flags must not have 0x40000000" ARRAY 4 4 2 0x40000000
}

@test "a map of a type that no XDP program can use is not made, and may not be used" {
	shape SK_STORAGE 4 8 0 BPF_F_NO_PREALLOC
	rejects 40 "BPF map 'shape' is referenced but wasn't created" \
		loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o"
	assert_contains "$stderr" "hint: no XDP program can use a map of this type"
}

@test "a node that the machine has not" {
	[ -e /sys/devices/system/node/node0 ] || skip "a kernel without NUMA"
	shape ARRAY 4 4 2 BPF_F_NUMA_NODE -DNODE=40
	rejects 40 "flags BPF_F_NUMA_NODE): Invalid argument" \
		loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o"
	assert_contains "$stderr" "this machine has no node 40"
	loads ARRAY 4 4 2 BPF_F_NUMA_NODE -DNODE=0
}

# The sets of flags in map_rules.c are not too small: whatever a type takes, it takes here.
@test "flags that a type takes" {
	local type
	for type in ARRAY PERCPU_ARRAY HASH PERCPU_HASH LRU_HASH LRU_PERCPU_HASH QUEUE; do
		loads "$type" "$([ "$type" = QUEUE ] && echo 0 || echo 4)" 4 2 BPF_F_RDONLY_PROG
		loads "$type" "$([ "$type" = QUEUE ] && echo 0 || echo 4)" 4 2 BPF_F_RDONLY
	done
	loads ARRAY 4 4 2 BPF_F_MMAPABLE
	loads HASH 4 4 2 "BPF_F_NO_PREALLOC|BPF_F_ZERO_SEED"
	loads LRU_HASH 4 4 2 BPF_F_NO_COMMON_LRU
	loads STACK_TRACE 4 32 2 BPF_F_STACK_BUILD_ID
}

@test "too large for this machine, and a type that no kernel has" {
	refused "flags 0): " ARRAY 4 0x7fffffff 0x7fffffff 0
	assert_contains "$stderr" "use fewer or smaller entries"
	sed 's/__uint(type, TYPE)/__uint(type, 99)/' "$TOP/tests/objects/map_shape.c" >"$BATS_TEST_TMPDIR/a.c"
	clang -O2 -g -target bpf -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" -c "$BATS_TEST_TMPDIR/a.c" \
		-o "$BATS_TEST_TMPDIR/shape.o"
	rejects 40 "cannot create map shape (type 99, " \
		loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/shape.o"
}
