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
	assert_contains "$stderr" "q0 has 1 receive queues, and its peer sends on more"
	assert_contains "$stderr" "ethtool -L PEER tx 1"
	accepts ethtool -L q1 tx 1
	accepts loader --dev q0
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
