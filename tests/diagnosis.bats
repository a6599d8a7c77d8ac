#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The rows of README's table of failures that this kernel can provoke: the cause is
# named, and the hint, followed to the letter, leads to success.

load helper

setup() {
	need_kernel
}

teardown() {
	remove_all
}

@test "no native XDP: the driver is named; --skb-mode and --auto-mode work" {
	ip tuntap add dev tun0 mode tun
	rejects 30 "Underlying driver does not support XDP in native mode" loader --dev tun0
	assert_contains "$stderr" "the driver tun has no native XDP"
	accepts loader --dev tun0 --auto-mode
	accepts loader --dev tun0 --unload
	accepts loader --dev tun0 --skb-mode
}

@test "no native XDP: the dry run says so, and a replacement keeps the mode" {
	local link
	ip tuntap add dev tun0 mode tun
	ip link add dev br0 type bridge
	for link in tun0 br0; do
		accepts loader --dev "$link" --dry-run
		assert_contains "$output" "native mode will be refused"
		accepts loader --dev "$link" --dry-run --skb-mode
		[[ $output != *refused* ]]
		accepts loader --dev "$link" --skb-mode
		accepts loader --dev "$link" --force
		assert_contains "$output" "skb mode is kept"
		[[ $(attached "$link") == skb* ]]
		accepts loader --dev "$link" --force --reuse-maps
		assert_contains "$output" "unchanged"
		accepts loader --dev "$link" --force --reuse-maps --auto-mode
		assert_contains "$output" "unchanged"
		accepts loader --dev "$link" --dry-run --force
		[[ $output != *"with a gap"* ]]
		# an option is obeyed
		rejects 30 "native mode" loader --dev "$link" --force --native-mode
		[[ $(attached "$link") == skb* ]]
	done
}

@test "native XDP: a replacement without a mode changes skb to native" {
	make_pair
	accepts loader --dev veth0 --skb-mode
	accepts loader --dev veth0 --force
	[[ $output != *"is kept"* ]]
	[[ $(attached veth0) == native* ]]
}

@test "the MTU: both values, and each of the three solutions" {
	make_pair veth0 9000
	rejects 30 "veth: Peer MTU is too large to set XDP" loader --dev veth0
	assert_contains "$stderr" "may be 3506 at most"
	assert_contains "$stderr" "that of veth0 is 9000"
	accepts loader --dev veth0 --progname xdp_pass_frags_func
	accepts loader --dev veth0 --unload
	accepts loader --dev veth0 --skb-mode
	accepts loader --dev veth0 --unload
	inside ip link set dev in mtu 1500
	accepts loader --dev veth0
}

@test "the MTU that is named is the largest that works" {
	make_pair veth0 3507
	rejects 30 "MTU" loader --dev veth0
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 3506
	accepts loader --dev veth0
}

@test "too few receive queues: how many there are, and ethtool -L" {
	ip link add dev q0 numrxqueues 1 numtxqueues 1 type veth peer name q1 numrxqueues 1 numtxqueues 2
	ip link set dev q0 up
	ip link set dev q1 up
	run --separate-stderr loader --dev q0
	assert_equal "$status" 30
	assert_contains "$stderr" "q0: veth: XDP expects number of rx queues not less than peer tx queues"
	[[ $stderr != *"-L q0"* ]] # it has as many as it can have
	assert_contains "$stderr" "ethtool -L PEER tx 1"
	accepts loader --dev q0 --skb-mode
	accepts loader --dev q0 --unload
	accepts ethtool -L q1 tx 1
	accepts loader --dev q0
}

@test "too few receive queues, and more are possible: ethtool -L" {
	ip link add dev q0 numrxqueues 4 numtxqueues 1 type veth peer name q1 numrxqueues 1 numtxqueues 4
	ethtool -L q0 rx 1
	ip link set dev q0 up
	ip link set dev q1 up
	rejects 30 "XDP expects number of rx queues" loader --dev q0
	assert_contains "$stderr" "ethtool -L q0 rx 4"
	accepts ethtool -L q0 rx 4
	accepts loader --dev q0
}

@test "what was tried is no advice" {
	make_pair veth0 30000
	rejects 30 "Peer MTU is too large" loader --dev veth0
	assert_contains "$stderr" "--skb-mode"
	assert_contains "$stderr" "--progname xdp_pass_frags_func"
	ip link add dev q0 numrxqueues 1 numtxqueues 1 type veth peer name q1 numrxqueues 1 numtxqueues 2
	rejects 30 "rx queues" loader --dev q0 --progname xdp_pass_frags_func
	[[ $stderr != *frags* ]]
}

@test "a bpf_link: its id, and how to remove it" {
	make_pair
	bpftool prog load "$OBJECTS/no_maps.o" "$BPFFS/linked" type xdp
	python3 "$TOP/tests/hold_link.py" "$BPFFS/linked" veth0 3>&- &
	local holder=$! i id
	for i in $(seq 600); do [ "$(attached veth0)" = none ] || break; sleep 0.1; done
	id=$(bpftool -j link show | jq '[.[] | select(.type == "xdp") | .id] | max')
	rejects 30 "by bpf_link $id" loader --dev veth0
	[[ $stderr != *--force* ]]
	assert_contains "$stderr" "bpftool link detach id $id"
	accepts bpftool link detach id "$id"
	accepts loader --dev veth0
	kill "$holder"
	wait "$holder" || true
	rm "$BPFFS/linked"
}

@test "the verifier: the line of the source, the reason, and what to write" {
	make_pair
	rejects 40 "rejected.c:11: return data[0] ? XDP_PASS : XDP_DROP;" \
		loader --dev veth0 --filename "$OBJECTS/rejected.o"
	assert_contains "$stderr" "invalid access to packet"
	assert_contains "$stderr" "data_end"
	rejects 40 "unchecked_lookup.c:" loader --dev veth0 --filename "$OBJECTS/unchecked_lookup.o"
	assert_contains "$stderr" "if (!value)"
}

mistake() { # mistake PROGRAM WORDS HINT: refused so; the mended program, if there is one, loads
	local object=$OBJECTS/mistakes.o
	rejects 40 "$2" loader --dev veth0 --dry-run --filename "$object" --progname "$1" || return 1
	assert_contains "$stderr" "$3" || return 1
	! grep -q "PROGRAM($1_mended)" "$TOP/tests/objects/mistakes.c" ||
		accepts loader --dev veth0 --dry-run --filename "$object" --progname "$1_mended"
}

@test "the verifier: offsets and indexes without a bound" {
	make_pair
	mistake offset_of_a_map "unbounded min value" "if (offset > MAX)"
	[[ $stderr != *"if (!value)"* ]]
	mistake offset_of_the_packet "outside of the packet" "such as 1500"
	mistake metadata "outside of the packet" "if (ptr + size > data) return"
	mistake read_at_the_end "invalid mem access 'pkt_end'" "not from data_end"
	mistake whole_packet "jumps is too complex" "fewer rounds"
	mistake index_of_a_map "unbounded memory access" "if (index >= N)"
	mistake beyond_a_value "value_size=64 off=64" "beyond the value of the map"
}

@test "the verifier: fields of the context, and writing to it" {
	make_pair
	mistake field_of_others "off=20 size=4" "ctx->egress_ifindex is only for programs of a devmap"
	[[ $stderr != *"if (!value)"* ]]
	mistake field_of_an_skb "off=32 size=4" "data, data_end, data_meta, ingress_ifindex, rx_queue_index"
	mistake half_a_field "off=16 size=2" "four bytes each"
	mistake write_to_context "off=16 size=4" "may not write to its context"
}

@test "the verifier: loops, branches and recursion" {
	make_pair
	mistake loop_until_chance "Processed 1000001 insn" "constant number of rounds"
	mistake loop_for_ever "infinite loop detected" "with a constant N"
	mistake many_branches "jumps is too complex" "bpf_loop()"
	mistake recursion "call stack of" "none may call itself"
}

@test "the verifier: a pointer from before bpf_xdp_adjust_head() is told from other numbers" {
	make_pair
	mistake after_adjust "invalid mem access 'scalar'" "make pointers to the packet invalid"
	mistake after_adjust_as_key "type=scalar" "make pointers to the packet invalid"
	mistake address_of_the_packet "invalid mem access 'scalar'" "a number, not a pointer"
	[[ $stderr != *"make pointers to the packet invalid"* ]]
}

@test "the verifier: arguments of helpers, and what they return" {
	make_pair
	mistake key_of_another_size "read from stack" "as large as the map"
	mistake lookup_as_key "type=map_value_or_null" "if (!value)"
	mistake redirect_by_a_hash "cannot pass map_type 1" "takes a DEVMAP"
	mistake tail_call_by_an_array "prog array" "bpf_tail_call() takes a PROG_ARRAY"
	[[ $stderr != *"processed"* ]]
	mistake look_up_a_program "cannot pass map_type 3" "only user space"
	mistake write_to_a_constant "write into map forbidden" "only read this map"
	mistake event_not_returned "Unreleased reference" "bpf_ringbuf_submit()"
	mistake event_not_checked "ringbuf_mem_or_null" "if (!value)"
	mistake no_value "!read_ok" "before it has a value"
	mistake shifted_pointer "operator prohibited" "only be moved by + and -"
}

compile() { # compile NAME [OPTIONS]: the source is stdin
	clang -O2 -g -target bpf -I"$TOP/headers" -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" "${@:2}" -x c -c - \
		-o "$BATS_TEST_TMPDIR/$1.o" 2>/dev/null
}

refuses() { # refuses NAME TEXT HINT
	rejects 40 "$2" loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/$1.o" || return 1
	assert_contains "$stderr" "$3"
}

loads() { # loads NAME
	accepts loader --dev veth0 --dry-run --filename "$BATS_TEST_TMPDIR/$1.o"
}

@test "an object without optimization; callbacks without -g" {
	make_pair
	printf '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n%s\n%s\n' \
		'static __u32 (*number)(void) = (void *)BPF_FUNC_get_prandom_u32;' \
		'SEC("xdp") int p(struct xdp_md *c) { return number() & 1; }' \
		>"$BATS_TEST_TMPDIR/slow.c"
	compile slow -O0 <"$BATS_TEST_TMPDIR/slow.c"
	refuses slow "unknown opcode 8d" "clang -O2"
	compile slow <"$BATS_TEST_TMPDIR/slow.c"
	loads slow
	callback() {
		printf '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n%s\n%s\n%s\n' \
			'static long stop(__u32 i, void *p) { return i > 3; }' \
			'SEC("xdp") int p(struct xdp_md *c) { return bpf_loop(9, stop, (void *)0, 0) & 1; }' \
			'char _license[] SEC("license") = "GPL";'
	}
	callback | compile bare -g0
	refuses bare "missing btf func_info" "compile with -g"
	callback | compile with_g
	loads with_g
}

program() { # program DECLARATION EXPRESSION: an XDP program that uses the expression
	printf '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n#include <bpf/bpf_endian.h>\n'
	printf '%s\nSEC("xdp") int p(struct xdp_md *ctx) { return (%s) ? XDP_DROP : XDP_PASS; }\n' "$1" "$2"
	printf 'char _license[] SEC("license") = "GPL";\n'
}

@test "functions that are not there: of libc, of nobody, of the kernel" {
	make_pair
	local name
	for name in ntohl htonl ntohs htons; do
		program "extern unsigned $name(unsigned);" "$name(ctx->ingress_ifindex) == 5" | compile "$name"
		refuses "$name" "$name is not defined in the object" "use bpf_$name() of <bpf/bpf_endian.h>"
		program "" "bpf_$name(ctx->ingress_ifindex) == 5" | compile "$name"
		loads "$name"
	done
	program "extern int memcmp(const void *, const void *, unsigned long);" \
		'memcmp(ctx, &ctx->data_end, ctx->ingress_ifindex)' | compile memcmp
	refuses memcmp "memcmp is not defined in the object" "loop of constant length"
	program "extern int my_function(int);" 'my_function(3)' | compile mine
	refuses mine "my_function is not defined in the object" "bpftool gen object"
	echo 'int my_function(int n) { return n == 3; }' | compile other
	bpftool gen object "$BATS_TEST_TMPDIR/all.o" "$BATS_TEST_TMPDIR/mine.o" "$BATS_TEST_TMPDIR/other.o"
	loads all
	program "extern int my_limit;" 'my_limit == 3' | compile variable
	refuses variable "my_limit is not defined in the object" "bpftool gen object"
	program 'extern struct { __uint(type, BPF_MAP_TYPE_ARRAY); } mine SEC(".maps");' \
		'bpf_map_lookup_elem(&mine, ctx)' | compile map
	refuses map "a map is only declared" "bpftool gen object"
	program "extern int bpf_no_such(int) __ksym;" 'bpf_no_such(3)' | compile kfunc
	refuses kfunc "this kernel has no function bpf_no_such" "this is kernel $(uname -r)"
	program "extern int bpf_no_such(int) __ksym __weak;" 'bpf_no_such && bpf_no_such(3)' | compile kfunc
	loads kfunc
	program "extern int CONFIG_NO_SUCH __kconfig;" 'CONFIG_NO_SUCH' | compile kconfig
	refuses kconfig "CONFIG_NO_SUCH is neither in the configuration" "__weak"
	program "extern int CONFIG_NO_SUCH __kconfig __weak;" 'CONFIG_NO_SUCH' | compile kconfig
	loads kconfig
}

@test "a static map, and a map in a section of its own" {
	make_pair
	local map='struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2);
		__type(key, __u32); __type(value, __u64); } switches'
	program "static $map SEC(\".maps\");" 'bpf_map_lookup_elem(&switches, ctx)' | compile static
	refuses static "map switches in section .maps is static" "remove the word static"
	program "$map SEC(\".maps.switches\");" 'bpf_map_lookup_elem(&switches, ctx)' | compile section
	refuses section "switches is in section .maps.switches" 'SEC(".maps")'
	program "$map SEC(\".maps\");" '(long)&switches == ctx->ingress_ifindex' | compile map
	loads map
}

@test "a kernel without BTF, and one without a field that the program needs" {
	make_pair
	program '#include <bpf/bpf_core_read.h>
		struct net_device { int ifindex; int no_such_field; } __attribute__((preserve_access_index));' \
		'bpf_core_field_offset(struct net_device, ifindex) == 5000' | compile core
	loads core
	mount -t tmpfs tmpfs /sys/kernel/btf
	refuses core "this kernel has no BTF" "CONFIG_DEBUG_INFO_BTF"
	umount /sys/kernel/btf
	program '#include <bpf/bpf_core_read.h>
		struct net_device { int ifindex; int no_such_field; } __attribute__((preserve_access_index));' \
		'bpf_core_field_offset(struct net_device, no_such_field) == 5000' | compile core
	refuses core "CO-RE relocation" "bpf_core_field_exists()"
	program '#include <bpf/bpf_core_read.h>
		struct net_device { int ifindex; int no_such_field; } __attribute__((preserve_access_index));
		struct net_device *d;' 'bpf_core_field_exists(d->no_such_field)' | compile core
	loads core
}

@test "where bpf(2) is forbidden: a user namespace, a seccomp filter, root without capabilities" {
	make_pair
	run --separate-stderr unshare --user --map-root-user "$TOP/xdp_loader" --dev veth0
	assert_equal "$status" 40
	assert_contains "$stderr" "run as root outside of it"
	run --separate-stderr python3 "$TOP/tests/no_bpf.py" "$TOP/xdp_loader" --dev veth0
	assert_equal "$status" 40
	assert_contains "$stderr" "this process has a seccomp filter"
	accepts loader --dev veth0
	run --separate-stderr python3 "$TOP/tests/no_bpf.py" "$TOP/xdp_loader" --dev veth0 --force
	assert_equal "$status" 40
	assert_contains "$stderr" "this process has a seccomp filter"
	[[ $stderr != *"another user"* ]]
	run --separate-stderr python3 "$TOP/tests/no_bpf.py" "$TOP/xdp_loader" --dev veth0 --status
	assert_equal "$status" 4
	assert_contains "$output" "bpf(2) is not permitted"
	accepts loader --dev veth0 --unload
	run --separate-stderr setpriv --bounding-set -sys_admin,-bpf "$TOP/xdp_loader" --dev veth0
	assert_contains "$stderr" "lacks CAP_BPF"
	[[ $stderr != *"run as root"* ]]
	assert_contains "$stderr" "--cap-add=BPF"
	accepts loader --dev veth0
}

@test "a helper that XDP programs may not call: its name, and the kernel's version" {
	make_pair
	run --separate-stderr loader --dev veth0 --filename "$OBJECTS/wrong_helper.o"
	assert_equal "$status" 40
	assert_contains "$stderr" "bpf_skb_load_bytes"
	assert_contains "$stderr" "$(uname -r)"
}

@test "maps in the old format, and maps without BTF" {
	make_pair
	rejects 40 "maps" loader --dev veth0 --filename "$OBJECTS/legacy.o"
	assert_contains "$stderr" 'SEC(".maps")'
	clang -O2 -target bpf -I"$TOP/headers" -isystem "$TOP/libbpf/root/usr/include" \
		-isystem "/usr/include/$(cc -print-multiarch)" -c "$TOP/xdp_prog_kern.c" \
		-o "$BATS_TEST_TMPDIR/no_btf.o"
	rejects 40 "BTF" loader --dev veth0 --filename "$BATS_TEST_TMPDIR/no_btf.o"
	assert_contains "$stderr" "with -g"
}

@test "a read-only BPF file system" {
	make_pair
	mount -o remount,ro "$BPFFS"
	rejects 40 "Read-only file system" loader --dev veth0
	assert_contains "$stderr" "mount -o remount,rw $BPFFS"
	assert_equal "$(attached veth0)" none
	accepts mount -o remount,rw "$BPFFS"
	accepts loader --dev veth0
}

@test "each missing capability is named" {
	make_pair
	local lacking
	cp "$TOP/xdp_loader" "$TOP/xdp_prog_kern.o" /run
	for lacking in "bpf CAP_BPF" "net_admin CAP_NET_ADMIN"; do
		run --separate-stderr setpriv --bounding-set "-sys_admin,-${lacking% *}" \
			"$TOP/xdp_loader" --dev veth0
		[ "$status" -ne 0 ]
		assert_contains "$stderr" "lacks ${lacking#* }"
	done
	run --separate-stderr setpriv --bounding-set -sys_admin,-perfmon "$TOP/xdp_loader" --dev veth0
	assert_contains "$stderr" CAP_PERFMON
	rm /run/xdp_loader /run/xdp_prog_kern.o
}

@test "too few descriptors" {
	make_pair
	run --separate-stderr bash -c "exec 3>&- 4>&- 5>&- 6>&- 7>&-; ulimit -n 6; exec '$TOP/xdp_loader' --dev veth0"
	assert_equal "$(attached veth0)" none
	[ "$status" -ne 0 ]
	assert_contains "$stderr" "Too many open files"
}

@test "inside ip netns exec: the message says what happens to the pins" {
	make_pair
	accepts ip netns exec peer "$TOP/xdp_loader" --dev in
	assert_contains "$stderr" "nsenter --net=/run/netns/NAME"
	accepts inside "$TOP/xdp_loader" --dev in --unload
}

@test "nothing of this is looked up without a failure" {
	make_pair
	strace -qq -f -o "$BATS_TEST_TMPDIR/trace" "$TOP/xdp_loader" --dev veth0
	run ! grep -E 'SIOCETHTOOL|/proc/self/status|lockdown|uname|PROG_GET_NEXT_ID|LINK_GET_NEXT_ID' \
		<(grep -v uname "$BATS_TEST_TMPDIR/trace")
}
