# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What every test file shares: a veth pair, its inner end "in" in the namespace
# "peer", and short names for what is done to it.

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OBJECTS=$TOP/build/tests/objects
BPFFS=/sys/fs/bpf

need_kernel() {
	[ "${XDP_TEST_SANDBOX:-}" = 1 ] || skip "needs root and namespaces"
}

# IPv6 off at both ends: nothing but the test sends a packet.
make_pair() { # make_pair [OUTER [MTU]]
	local outer=${1:-veth0} mtu=${2:-1500}
	ip netns add peer
	ip link add dev "$outer" mtu "$mtu" type veth peer name in mtu "$mtu" netns peer
	echo 1 >"/proc/sys/net/ipv6/conf/$outer/disable_ipv6" 2>/dev/null || true
	inside sh -c 'echo 1 >/proc/sys/net/ipv6/conf/in/disable_ipv6' 2>/dev/null || true
	ip link set dev "$outer" up
	inside ip link set dev in up
	inside ip link set dev lo up
}

# Everything that a test may have left, so that the next one starts with nothing.
remove_all() {
	local link
	for link in $(ip -o link show | awk -F '[ :@]+' '$2 != "lo" { print $2 }'); do
		ip link delete dev "$link" 2>/dev/null || true
	done
	ip netns delete peer 2>/dev/null || true
	while umount "$BPFFS" 2>/dev/null; do :; done
	mount -t bpf bpf "$BPFFS"
	rm -rf /run/xdp-testenv /run/bin /run/xdp_stats
}

inside() {
	nsenter --net=/run/netns/peer -- "$@"
}

# What is tried is what is here, committed or not, with nothing built.
copy_project() {
	export COPY=$BATS_FILE_TMPDIR/copy
	mkdir "$COPY"
	(cd "$TOP" && tar -c --exclude=./build --exclude=./libbpf/root --exclude=./libbpf/src \
		--exclude=.git .) | tar -x -C "$COPY"
	rm -f "$COPY/xdp_loader" "$COPY/xdp_stats" "$COPY/xdp_prog_kern.o"
}

enter_copy() {
	cd "$COPY"
	unset LIBBPF LIBBPF_SRC
}

loader() {
	"$TOP/xdp_loader" "$@"
}

stats() {
	"$TOP/xdp_stats" "$@"
}

flood() { # flood COUNT SIZE [OPTIONS]
	inside "$TOP/build/flood" --dev in --count "$1" --size "$2" "${@:3}"
}

# "PACKETS BYTES" of one action, read from the pin by the product itself.
counted() { # counted IFNAME ACTION
	stats --dev "$1" --once --json |
		jq -r --arg action "$2" '.actions[$action] | "\(.packets) \(.bytes)"'
}

# "MODE ID" of what iproute2 sees attached, "none" without a program.
attached() { # attached IFNAME
	ip -d -j link show dev "$1" | jq -r '.[0].xdp // empty |
		"\(if .mode == 1 then "native" elif .mode == 2 then "skb" else "mode\(.mode)" end) \(.prog.id)"' |
		grep . || echo none
}

map_id() { # map_id IFNAME
	bpftool -j map show pinned "$BPFFS/$1/xdp_stats_map" | jq .id
}

# Each says what it saw when it fails; bats shows that.

assert_equal() { # assert_equal GOT EXPECTED
	[ "$1" = "$2" ] && return 0
	printf 'got:      %s\nexpected: %s\n' "$1" "$2"
	return 1
}

assert_contains() { # assert_contains TEXT PART
	[[ $1 == *"$2"* ]] && return 0
	printf 'no "%s" in:\n%s\n' "$2" "$1"
	return 1
}

# The command succeeds; its output is in $output and $stderr.
accepts() {
	run --separate-stderr "$@"
	[ "$status" -eq 0 ] && return 0
	printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
	return 1
}

# rejects STATUS TEXT COMMAND...: it fails with that status, prints nothing on
# stdout, and on stderr the text and a hint.
rejects() {
	local expected=$1 text=$2
	run --separate-stderr "${@:3}"
	assert_equal "$status" "$expected" || { printf '%s\n' "$stderr" && return 1; }
	assert_equal "$output" "" || return 1
	assert_contains "$stderr" "$text" || return 1
	assert_contains "$stderr" "hint: "
}
