#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is sent is what is counted, to the packet and to the byte.

load helper

readonly FRAMES=100000

setup() {
	need_kernel
	make_pair
}

teardown() {
	remove_all
}

# counts_exactly MODE PROGRAM ACTION [FLOOD OPTIONS]
counts_exactly() {
	local size
	for size in 60 1000 1514; do
		accepts loader --dev veth0 "--$1-mode" --force --progname "$2"
		accepts flood $FRAMES $size "${@:4}"
		assert_equal "$(counted veth0 "$3")" "$FRAMES $((FRAMES * size))"
	done
}

@test "native: 100,000 frames of 60, 1000 and 1514 bytes under each action" {
	counts_exactly native xdp_pass_func XDP_PASS
	counts_exactly native xdp_drop_func XDP_DROP
	counts_exactly native xdp_abort_func XDP_ABORTED
	counts_exactly native xdp_tx_func XDP_TX
	counts_exactly native xdp_redirect_func XDP_REDIRECT
	counts_exactly native xdp_pass_frags_func XDP_PASS
}

# A frame that a packet socket sends arrives as one skb of its own length: what
# the stack has merged (GRO) or not yet split (GSO) would count as one packet.
@test "skb mode: the same" {
	counts_exactly skb xdp_pass_func XDP_PASS --socket
	counts_exactly skb xdp_drop_func XDP_DROP --socket
	counts_exactly skb xdp_abort_func XDP_ABORTED --socket
	counts_exactly skb xdp_tx_func XDP_TX --socket
	counts_exactly skb xdp_redirect_func XDP_REDIRECT --socket
	counts_exactly skb xdp_pass_frags_func XDP_PASS --socket
}

@test "skb mode: a GSO packet counts once, with all its bytes" {
	accepts loader --dev veth0 -S --progname xdp_pass_frags_func
	ip address add 192.0.2.1/24 dev veth0
	inside ip address add 192.0.2.2/24 dev in
	local wire
	python3 - <<-'EOF' &
		import socket
		s = socket.create_server(("192.0.2.1", 5000)).accept()[0]
		n = 0
		while (d := s.recv(1 << 16)):
		    n += len(d)
		assert n == 1000000, n
	EOF
	inside python3 -c '
import socket, time
for _ in range(600):
    try:
        s = socket.create_connection(("192.0.2.1", 5000))
        break
    except ConnectionRefusedError: # the server is not ready yet
        time.sleep(0.1)
s.sendall(bytes(1000000))'
	wait $!
	read -r packets bytes <<<"$(counted veth0 XDP_PASS)"
	wire=$((1000000 / 1448))
	# fewer packets than the wire would have carried, and every byte of the data
	[ "$packets" -lt "$wire" ] || { echo "$packets packets, $wire on a wire" && return 1; }
	[ "$bytes" -ge 1000000 ]
}

# docs/pictures/hooks.svg has tcpdump below both places.
@test "tcpdump sees what a program passes, and nothing of what it drops, in both modes" {
	local mode seen
	for mode in native skb; do
		accepts loader --dev veth0 "--$mode-mode" --force --progname xdp_drop_func
		seen=$BATS_TEST_TMPDIR/$mode
		tcpdump -i veth0 -Q in -n -e -l --immediate-mode >"$seen" 2>"$seen.log" 3>&- &
		timeout 60 sh -c 'until grep -q "listening on" "$1"; do sleep 0.1; done' sh "$seen.log"
		accepts flood 1000 100 --socket
		accepts loader --dev veth0 "--$mode-mode" --force --progname xdp_pass_func
		accepts flood 10 200 --socket
		timeout 60 sh -c 'until [ "$(grep -c "length 200" "$1")" = 10 ]; do sleep 0.1; done' sh "$seen"
		kill $!
		assert_equal "$(grep -c ethertype "$seen")" 10
	done
}

@test "4,000,000 flood frames: all counted" {
	accepts loader --dev veth0 --progname xdp_drop_func
	accepts flood 4000000 60
	assert_equal "$(counted veth0 XDP_DROP)" "4000000 240000000"
}

@test "MTU 9000: fragments are counted in full" {
	ip link delete dev veth0
	ip netns delete peer
	make_pair veth0 9000
	accepts loader --dev veth0 --progname xdp_pass_frags_func
	accepts flood $FRAMES 9014 --socket
	assert_equal "$(counted veth0 XDP_PASS)" "$FRAMES $((FRAMES * 9014))"
}

@test "a program of a user counts with the two lines of the header" {
	accepts loader --dev veth0 --filename "$OBJECTS/foreign.o"
	assert_contains "$output" my_filter
	accepts flood 1000 60
	accepts flood 500 1000
	# an action beyond the five is counted, and dropped, as XDP_ABORTED
	assert_equal "$(counted veth0 XDP_ABORTED)" "500 500000"
	assert_equal "$(counted veth0 XDP_DROP)" "1000 60000"
}

@test "an array that is not per CPU is read, too" {
	accepts loader --dev veth0 --filename "$OBJECTS/array.o"
	accepts flood 1000 60
	assert_equal "$(counted veth0 XDP_DROP)" "1000 60000"
}

@test "counting adds at most 24 translated instructions" {
	bpftool prog load "$OBJECTS/empty.o" "$BPFFS/empty" type xdp
	bpftool prog loadall "$TOP/xdp_prog_kern.o" "$BPFFS/all" type xdp
	local empty prog counted
	empty=$(bpftool prog dump xlated pinned "$BPFFS/empty" | grep -cE '^ *[0-9]+:')
	for prog in pass drop abort pass_frags; do
		counted=$(bpftool prog dump xlated pinned "$BPFFS/all/xdp_${prog}_func" |
			grep -cE '^ *[0-9]+:')
		echo "xdp_${prog}_func: $((counted - empty)) more than an empty program"
		[ $((counted - empty)) -le 24 ]
	done
}
