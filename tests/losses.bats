#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is lost after the verdict is what --losses counts, to the packet.

load helper

readonly PINS=$BPFFS/xdp_loader:losses

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

# A second pair, to whose outer end packets are redirected.
make_target() {
	ip link add dev veth2 type veth peer name in2 netns peer
	echo 1 >/proc/sys/net/ipv6/conf/veth2/disable_ipv6 2>/dev/null || true
	inside sh -c 'echo 1 >/proc/sys/net/ipv6/conf/in2/disable_ipv6' 2>/dev/null || true
	ip link set dev veth2 up
	inside ip link set dev in2 up
}

send() { # send COUNT [SIZE]: skbs, so that "in" needs no program
	flood "$1" "${2:-60}" --socket >/dev/null
}

attach_lossy() { # attach_lossy MODE PROGRAM
	loader --dev veth0 "--$1-mode" --force --quiet --filename "$OBJECTS/lossy.o" --progname "$2"
}

redirect_to() { # redirect_to IFNAME: the only entry of the devmap
	local index
	printf -v index '%08x' "$(ip -j link show dev "$1" | jq '.[0].ifindex')"
	bpftool map update pinned "$BPFFS/veth0/targets" key 0 0 0 0 \
		value hex "${index:6:2}" "${index:4:2}" "${index:2:2}" "${index:0:2}"
}

# {"reason":packets} without the zeros.
lost() { # lost IFNAME
	stats --dev "$1" --once --json --quiet | jq -c '.lost | with_entries(select(.value > 0))'
}

received() { # received IFNAME: packets, inside
	inside ip -j -s link show dev "$1" | jq '.[0].stats64.rx.packets'
}

# The machine may have other programs of the same kind: those of the pinned links.
program_ids() {
	bpftool -j link show | jq -c --argjson ours "$(link_ids)" \
		'[.[] | select(.id | IN($ours[])) | .prog_id]'
}

link_ids() {
	local pin
	for pin in "$PINS"/*; do
		bpftool -j link show pinned "$pin" 2>/dev/null || true
	done | jq -c -s '[.[] | .id? // empty]'
}

programs() {
	program_ids | jq length
}

# The kernel frees them a little later.
wait_until_ended() { # wait_until_ended IDS
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(bpftool -j prog show | jq --argjson ids "$1" '[.[] | select(.id | IN($ids[]))] | length')" != 0 ] ||
			return 0
		sleep 0.1
	done
	return 1
}

@test "XDP_TX without a program at the other end: 100 of 100; with one: 0" {
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	send 100
	assert_equal "$(lost veth0)" '{"tx_no_receiver":100}'
	assert_contains "$(stats --dev veth0 --once)" \
		"lost after XDP_TX: 100 (no program at the other end, or it is down)"
	inside "$TOP/build/receiver" in
	send 100
	assert_equal "$(lost veth0)" '{"tx_no_receiver":100}'
	assert_equal "$(counted veth0 XDP_TX)" "200 12000"
	assert_equal "$(received in)" 100
}

@test "XDP_TX in skb mode needs no program at the other end: 0 of 100" {
	loader --losses
	loader --dev veth0 --skb-mode --progname xdp_tx_func
	send 100
	assert_equal "$(lost veth0)" '{}'
	assert_equal "$(received in)" 100
}

# GRO makes a queue at the other end, but XDP_TX does not wake who empties it.
@test "XDP_TX with GRO alone at the other end: the queue takes 256 of 600" {
	inside ethtool -K in gro on
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	send 600
	assert_equal "$(lost veth0)" '{"tx_full":344}'
	assert_equal "$(received in)" 0
}

@test "the other end of the target is down, or has GRO alone" {
	make_target
	inside ethtool -K in2 gro on
	loader --losses
	attach_lossy native to_map
	redirect_to veth2
	send 40
	assert_equal "$(lost veth0)" '{}'
	assert_equal "$(received in2)" 40
	inside "$TOP/build/receiver" in2
	inside ip link set dev in2 down
	send 30
	assert_equal "$(lost veth0)" '{"redirect_no_receiver":30}'
}

@test "redirect to no such interface: 100 of 100, in both modes" {
	loader --losses
	local mode
	for mode in native skb; do
		attach_lossy $mode to_nowhere
		send 100
	done
	assert_equal "$(lost veth0)" '{"redirect_no_device":200}'
	assert_contains "$(stats --dev veth0 --once)" \
		"lost after XDP_REDIRECT: 200 (no such interface)"
}

@test "devmap to a veth: 40 of 40 without a program at its other end, 0 with one" {
	make_target
	loader --losses
	attach_lossy native to_map
	redirect_to veth2
	send 40
	assert_equal "$(lost veth0)" '{"redirect_no_receiver":40}'
	inside "$TOP/build/receiver" in2
	send 40
	assert_equal "$(lost veth0)" '{"redirect_no_receiver":40}'
	assert_equal "$(received in2)" 40
	# skb mode hands the packet to the driver as an skb
	inside ip link set dev in2 xdp off
	attach_lossy skb to_map
	redirect_to veth2
	send 40
	assert_equal "$(lost veth0)" '{"redirect_no_receiver":40}'
	assert_equal "$(received in2)" 80
}

@test "XDP_ABORTED, an unknown action, XDP_REDIRECT without a target: in both modes" {
	loader --losses
	local mode
	for mode in native skb; do
		loader --dev veth0 --$mode-mode --force --progname xdp_abort_func
		send 10
		attach_lossy $mode unknown_action
		send 20
		attach_lossy $mode to_no_target
		send 30
	done
	assert_equal "$(lost veth0)" '{"aborted":20,"unknown_action":40,"redirect_no_target":60}'
}

@test "the target is down, or its MTU is too small: in both modes" {
	make_target
	inside "$TOP/build/receiver" in2
	loader --losses
	local mode
	for mode in native skb; do
		attach_lossy $mode to_map
		redirect_to veth2
		ip link set dev veth2 mtu 500
		send 10 1000
		ip link set dev veth2 mtu 1500 down
		send 20
		ip link set dev veth2 up
	done
	assert_equal "$(lost veth0)" '{"redirect_down":40,"redirect_too_long":20}'
}

@test "a target that cannot transmit XDP frames is told from a veth" {
	ip link add dev br0 type bridge
	ip link set dev br0 up
	loader --losses
	attach_lossy native to_map
	redirect_to br0 || skip "this kernel has no bridge in a devmap"
	send 25
	assert_equal "$(lost veth0)" '{"redirect_unsupported":25}'
}

@test "what is not lost is not counted" {
	inside "$TOP/build/receiver" in
	loader --losses
	local program
	for program in xdp_pass_func xdp_drop_func xdp_tx_func; do
		loader --dev veth0 --force --progname $program
		send 50
	done
	assert_equal "$(lost veth0)" '{}'
	assert_equal "$(stats --dev veth0 --once | grep -c lost)" 0
}

@test "two interfaces do not mix" {
	make_target
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	loader --dev veth2 --progname xdp_abort_func
	send 30
	inside "$TOP/build/flood" --dev in2 --count 20 --size 60 --socket
	assert_equal "$(lost veth0)" '{"tx_no_receiver":30}'
	assert_equal "$(lost veth2)" '{"aborted":20}'
}

@test "two network namespaces with the same ifindex do not mix" {
	local other=$BATS_TEST_TMPDIR/other
	touch "$other"
	unshare --net="$other" true
	nsenter --net="$other" ip link add dev veth1 index "$(ip -j link show dev veth0 | jq '.[0].ifindex')" \
		type veth peer name in1 index 99
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	nsenter --net="$other" "$TOP/xdp_loader" --dev veth1 --progname xdp_tx_func
	send 30
	assert_equal "$(lost veth0)" '{"tx_no_receiver":30}'
	assert_equal "$(nsenter --net="$other" "$TOP/xdp_stats" --dev veth1 --once --json -q |
		jq '[.lost[]] | add')" 0
	umount "$other"
}

@test "what was lost before --losses is not known: null" {
	loader --dev veth0 --progname xdp_tx_func
	send 10
	assert_equal "$(stats --dev veth0 --once --json -q | jq .lost)" null
	loader --losses
	assert_equal "$(lost veth0)" '{}'
	send 5
	assert_equal "$(lost veth0)" '{"tx_no_receiver":5}'
	loader --losses=off
	assert_equal "$(stats --dev veth0 --once --json -q | jq .lost)" null
}

@test "a new interface of an old name begins at zero" {
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	send 10
	ip link delete dev veth0
	ip netns delete peer
	make_pair
	loader --dev veth0 --progname xdp_tx_func
	assert_equal "$(lost veth0)" '{}'
	send 7
	assert_equal "$(lost veth0)" '{"tx_no_receiver":7}'
}

@test "the map is for all readers and for no writer; --status names it" {
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	send 10
	assert_equal "$(stat -c %a "$PINS" "$PINS/xdp_losses_map" | xargs)" "755 444"
	chmod 755 "$BPFFS/veth0" && chmod 644 "$BPFFS/veth0/xdp_stats_map"
	mkdir /run/bin && cp "$TOP/xdp_stats" /run/bin && chmod 755 /run/bin
	assert_equal "$(setpriv --reuid=nobody --regid=nogroup --clear-groups --bounding-set=-all \
		/run/bin/xdp_stats --dev veth0 --once --json -q | jq .lost.tx_no_receiver)" 10
	local id
	id=$(bpftool -j map show pinned "$PINS/xdp_losses_map" | jq .id)
	run bpftool map delete pinned "$PINS/xdp_losses_map" key hex 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
	assert_contains "$output" "Operation not permitted"
	assert_contains "$(loader --status)" \
		"packets lost after the verdict are counted: map id $id pinned at $PINS/xdp_losses_map"
	assert_equal "$(loader --status --json | jq .losses.map_id)" "$id"
}

@test "twice is once; off twice, too" {
	local first second ids
	first=$(loader --losses)
	assert_contains "$first" "packets lost after the verdict are counted: map id"
	second=$(loader --losses)
	assert_equal "$second" "${first/are counted/are already counted}"
	assert_equal "$(loader --losses --json | jq .changed)" false
	assert_equal "$(programs)" 4
	ids=$(program_ids)
	assert_equal "$(loader --losses=off)" "packets lost after the verdict are no longer counted"
	assert_equal "$(loader --losses=off)" "packets lost after the verdict were not counted"
	assert_equal "$(loader --losses=off --json)" '{"action":"losses","changed":false,"losses":null}'
	wait_until_ended "$ids"
	assert_equal "$(ls -A "$BPFFS" | grep -v debug)" ""
}

# Programs of another version have another tag, or other names.
@test "what another version has pinned is replaced" {
	loader --losses
	mv "$PINS/xdp_bulk_tx" "$PINS/xdp_exception"
	assert_contains "$(loader --losses)" "replaced the programs of another version"
	assert_contains "$(loader --losses)" "already counted"
	rm "$PINS/xdp_devmap_xmit"
	assert_equal "$(loader --losses --json | jq .changed)" true
	assert_contains "$(loader --losses)" "already counted"
	assert_equal "$(programs)" 4
}

@test "a reader follows: off, on, another version" {
	loader --losses
	loader --dev veth0 --progname xdp_tx_func
	send 3
	coproc reader { "$TOP/xdp_stats" --dev veth0 --interval 0.1 --json -q; }
	wait_for() { # wait_for VALUE of .lost.tx_no_receiver
		local line
		while read -r -t 60 line <&"${reader[0]}"; do
			[ "$(jq -c '.lost.tx_no_receiver' <<<"$line")" != "$1" ] || return 0
		done
		return 1
	}
	wait_for 3
	rm "$PINS/xdp_devmap_xmit"
	loader --losses
	wait_for 0
	send 4
	wait_for 4
	loader --losses=off
	wait_for null
	kill "$reader_PID"
}

@test "a loader that is killed leaves nothing that the next one does not mend" {
	local call when ids
	for call in mkdirat bpf renameat2; do
		strace -qq -o /dev/null -e "inject=$call:signal=KILL:when=3+" \
			"$TOP/xdp_loader" --losses 2>/dev/null || true
		loader --losses
		assert_equal "$(programs)" 4
		assert_equal "$(ls -A "$BPFFS" | grep -v debug)" "xdp_loader:losses"
		rm "$PINS/xdp_devmap_xmit" # so that the next one has something to replace
		for when in 1 2 3; do
			strace -qq -o /dev/null -e "inject=renameat,renameat2,rename:signal=KILL:when=$when" \
				"$TOP/xdp_loader" --losses 2>/dev/null || true
		done
		ids=$(program_ids)
		loader --losses=off
		wait_until_ended "$ids"
		assert_equal "$(ls -A "$BPFFS" | grep -v debug)" ""
	done
}

@test "if the pins cannot be put in place, the previous ones are back" {
	loader --losses
	rm "$PINS/xdp_devmap_xmit"
	run --separate-stderr strace -qq -o /dev/null -e inject=renameat2:error=ENOMEM \
		"$TOP/xdp_loader" --losses
	assert_equal "$status" 40
	assert_contains "$stderr" "cannot pin the programs that count losses in $PINS: Cannot allocate memory"
	assert_equal "$(ls "$PINS" | xargs)" "xdp_bulk_tx xdp_exception xdp_losses_map xdp_redirect_err"
	assert_equal "$(ls -A "$BPFFS" | grep -v debug)" "xdp_loader:losses"
}

@test "a directory of another user is moved aside; off leaves it" {
	mkdir -m 700 "$PINS" && mkdir "$PINS/deep" && chown -R nobody "$PINS"
	rejects 40 "it belongs to another user" loader --losses=off
	loader --losses
	assert_equal "$(stat -c %U "$PINS")" root
	assert_equal "$(stat -c %U "$BPFFS"/xdp_loader:moved:*)" nobody
}

@test "without CAP_PERFMON: the message names it" {
	rejects 40 "cannot load the programs that count losses: Operation not permitted: this process lacks CAP_PERFMON" \
		setpriv --bounding-set=-sys_admin,-perfmon --inh-caps=-sys_admin,-perfmon \
		"$TOP/xdp_loader" --losses
	assert_equal "$(ls -A "$BPFFS" | grep -v debug)" ""
}

@test "with CAP_BPF and CAP_PERFMON, without CAP_SYS_ADMIN: it works, twice" {
	local as=(setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin)
	accepts "${as[@]}" "$TOP/xdp_loader" --losses
	accepts "${as[@]}" "$TOP/xdp_loader" --losses
	assert_contains "$output" "already counted"
}

@test "without BTF of the kernel: the message says so" {
	mount -t tmpfs tmpfs /sys/kernel/btf
	rejects 40 "cannot load the programs that count losses: " loader --losses
	assert_contains "$stderr" "there is no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)"
	umount /sys/kernel/btf
	accepts loader --losses
}

@test "--losses is for the machine: no --dev, and nothing to load" {
	rejects 2 "--losses is for the whole machine" loader --losses --dev veth0
	rejects 2 "--losses is for the whole machine" loader --losses --progname x
	rejects 2 "write --losses, or --losses=off" loader --losses=on
	assert_contains "$(loader --losses --explain 2>&1)" "each is attached to a tracepoint"
}

@test "without --losses, xdp_stats makes one stat() for it; with it, one bpf() a report more" {
	local trace=$BATS_TEST_TMPDIR/trace without
	loader --dev veth0
	strace -qq -o "$trace" "$TOP/xdp_stats" --dev veth0 --count 50 --interval 0.01 >/dev/null
	assert_equal "$(grep -c xdp_losses_map "$trace")" 1
	without=$(grep -c '^bpf(' "$trace")
	loader --losses
	strace -qq -o "$trace" "$TOP/xdp_stats" --dev veth0 --count 50 --interval 0.01 >/dev/null
	[ "$(grep -c '^bpf(' "$trace")" -le $((without + 50 + 5)) ]
}

@test "the man page has every reason" {
	local word
	for word in $(sed -n 's/.*\[XDP_LOSS_[A-Z_]*\] = { "\([a-z_]*\)".*/\1/p' "$TOP/common/stats/stats_losses.c"); do
		grep -q "^\.It Li $word$" "$TOP/docs/man/xdp_stats.8" || { echo "no reason $word" && return 1; }
		grep -q "XDP_LOSS_${word^^}," "$TOP/headers/xdp_losses.h" || { echo "no XDP_LOSS_${word^^}" && return 1; }
	done
	assert_equal "$(grep -c '^\.It Li \(aborted\|unknown\|tx_\|redirect_\)' "$TOP/docs/man/xdp_stats.8")" 13
}

# The map is frozen, so this fills another one of the same size, on all CPUs.
@test "there is room for 1024 interfaces, however they are spread over the CPUs" {
	local entries cpu i=0 fill=$BATS_TEST_TMPDIR/fill cpus
	cpus=$(nproc)
	loader --losses
	entries=$(bpftool -j map show pinned "$PINS/xdp_losses_map" | jq .max_entries)
	bpftool map create "$BPFFS/room" type lru_hash key 4 value 4 entries "$entries" name room
	for ((cpu = 0; cpu < cpus; cpu++)); do
		for ((; i < 1024 * (cpu + 1) / cpus; i++)); do
			echo "map update pinned $BPFFS/room key $((i % 256)) $((i / 256)) 0 0 value 0 0 0 0"
		done >"$fill"
		taskset --cpu-list "$cpu" bpftool batch file "$fill" >/dev/null
	done
	assert_equal "$(bpftool -j map dump pinned "$BPFFS/room" | jq length)" 1024
}
