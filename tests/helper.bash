# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for all test files. They make a veth pair, whose inner end "in" is in the namespace
# "peer".

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OBJECTS=$TOP/build/tests/objects
BPFFS=/sys/fs/bpf

need_kernel() {
	[ "${XDP_TEST_SANDBOX:-}" = 1 ] || skip "needs root and namespaces"
}

# IPv6 is off at both ends, so that only the test sends packets.
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

# Remove what a test may have left.
remove_all() {
	local link
	for link in $(ip -o link show | awk -F '[ :@]+' '$2 != "lo" { print $2 }'); do
		ip link delete dev "$link" 2>/dev/null || true
	done
	ip link set dev lo xdp off 2>/dev/null || true
	ip netns delete peer 2>/dev/null || true
	while umount "$BPFFS" 2>/dev/null; do :; done
	mount -t bpf bpf "$BPFFS"
	rm -rf /run/xdp-testenv /run/bin /run/xdp_stats
}

inside() {
	nsenter --net=/run/netns/peer -- "$@"
}

# A copy of the tree, with uncommitted changes, without build results.
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

# A source tree of libbpf. make check has fetched it: there is no network in here.
source_tree() {
	[ -e "$TOP/build/tests/libbpf-src/src/bpf.c" ] ||
		skip "no source tree: see build/tests/libbpf-src.log"
	export LIBBPF_SRC=$TOP/build/tests/libbpf-src
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

# "PACKETS BYTES" of one action, as xdp_stats prints them.
counted() { # counted IFNAME ACTION
	stats --dev "$1" --once --json |
		jq -r --arg action "$2" '.actions[$action] | "\(.packets) \(.bytes)"'
}

# "MODE ID" of the attached program, from iproute2; "none" without a program.
attached() { # attached IFNAME
	ip -d -j link show dev "$1" | jq -r '.[0].xdp // empty |
		"\(if .mode == 1 then "native" elif .mode == 2 then "skb" else "mode\(.mode)" end) \(.prog.id)"' |
		grep . || echo none
}

map_id() { # map_id IFNAME
	bpftool -j map show pinned "$BPFFS/$1/xdp_stats_map" | jq .id
}

compile() { # compile FILE.o [OPTIONS OF CLANG], from stdin
	clang -O2 -g -target bpf -I"$TOP/headers" -isystem "$TOP/libbpf/root/usr/include" \
		-I"/usr/include/$(cc -print-multiarch)" "${@:2}" -x c -c -o "$1" -
}

# On failure each prints what it got; bats shows that.

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

# The command must succeed; its output is in $output and $stderr.
accepts() {
	run --separate-stderr "$@"
	[ "$status" -eq 0 ] && return 0
	printf 'status %s\n%s\n%s\n' "$status" "$output" "$stderr"
	return 1
}

# rejects STATUS TEXT COMMAND...: it must fail with this status, print nothing on stdout, and
# print the text and a hint on stderr.
rejects() {
	local expected=$1 text=$2
	run --separate-stderr "${@:3}"
	assert_equal "$status" "$expected" || { printf '%s\n' "$stderr" && return 1; }
	assert_equal "$output" "" || return 1
	assert_contains "$stderr" "$text" || return 1
	assert_contains "$stderr" "hint: "
}
