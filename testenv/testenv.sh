#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A lab for XDP that does not affect the rest of the machine: a network namespace and
# a veth pair. The outer end has the name of the lab and gets the XDP program. The
# inner end is veth0 in the namespace of the same name and sends the packets.
# README.org in this directory describes the commands.

set -euo pipefail
# sudo and plain su leave out the directories of ip and tcpdump
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$HERE")
readonly HERE TOP

readonly STATE=/run/xdp-testenv # only root can write here
readonly BPFFS=/sys/fs/bpf
readonly INNER=veth0

name=""
gen_new=no
ipv6=yes
legacy_ip=no
vlan=no
inner=no
loader=${XDP_LOADER:-$TOP/xdp_loader}
stats=${XDP_STATS:-$TOP/xdp_stats}

usage() {
	cat <<-EOF
	Usage: testenv.sh [OPTIONS] COMMAND [ARGUMENTS]

	Commands:
	  setup               make a lab
	  teardown            remove the lab, its program and its pins
	  reset               teardown and setup
	  exec COMMAND...     run a command inside, on the sending side
	  enter               open a shell inside
	  ping [ARGUMENTS]    ping the outer end from inside
	  flood [ARGUMENTS]   send many frames from inside: --count N, --size BYTES
	  load [ARGUMENTS]    run xdp_loader on the outer end
	  unload [ARGUMENTS]  run xdp_loader --unload on the outer end
	  stats [ARGUMENTS]   run xdp_stats on the outer end
	  tcpdump [ARGUMENTS] watch the outer end, or with --inner the inner end
	  status              show all labs
	  alias               print an alias 't' for this script: eval "\$(testenv.sh alias)"
	  help                show this help

	Options:
	  --name NAME         name of the lab; default: the lab used last
	  --gen-new           choose an unused name for a new lab
	  --legacy-ip         add IPv4 addresses; always so where IPv6 is disabled
	  --vlan              add VLAN 1 with its own addresses on both ends
	  --loader FILE       use FILE instead of $loader
	  --stats FILE        use FILE instead of $stats
	  --inner             tcpdump: watch the inner end
	EOF
}

die() {
	printf 'testenv: %s\n' "$1" >&2
	shift
	[ $# = 0 ] || printf 'hint: %s\n' "$@" >&2
	exit 1
}

need() {
	command -v "$1" >/dev/null || die "'$1' is not installed" "make deps"
}

# The name of a lab is also the name of an interface and of a file.
check_name() {
	[[ $1 =~ ^[A-Za-z][A-Za-z0-9_-]{0,14}$ ]] ||
		die "'$1' is not a valid name for a lab" "use a letter, then up to 14 letters, digits, '-' or '_'"
}

inside() {
	# 'ip netns exec' also mounts another /sys and so hides $BPFFS
	nsenter --net="/run/netns/$name" -- "$@"
}

# --- state: one file for each lab, lines of "key value", never executed --------

open_state() {
	mkdir -m 0700 "$STATE" 2>/dev/null || [ -d "$STATE" ]
	if [ -L "$STATE" ] || [ ! -O "$STATE" ]; then
		[ "$(xargs </proc/self/uid_map)" = '0 0 4294967295' ] || die "$STATE belongs to another root: \
this is a user namespace" "in a virtual machine: testenv/vm.sh"
		die "$STATE does not belong to root" "inspect it, then remove it"
	fi
}

# Only one process at a time makes or removes labs.
lock_state() { # lock_state COMMAND
	case $1 in
	setup | teardown | reset)
		exec 9>"$STATE/.lock"
		flock 9
		;;
	esac
}

# By a rename: an interrupt must not leave half a file.
save_state() {
	printf '%s %s\n' number "$1" netns "$2" ipv6 "$ipv6" legacy_ip "$legacy_ip" vlan "$vlan" >"$STATE/.$name"
	mv "$STATE/.$name" "$STATE/$name"
}

get_state() {
	local key value
	while read -r key value; do
		[ "$key" != "$1" ] || printf '%s' "$value"
	done <"$STATE/$name"
}

has_lab() {
	[ -f "$STATE/$name" ]
}

labs() {
	find "$STATE" -maxdepth 1 -type f -name '[A-Za-z]*' -printf '%f\n' 2>/dev/null | sort
}

remember() {
	printf '%s\n' "$name" >"$STATE/.last"
}

choose_name() {
	if [ -z "$name" ] && [ -f "$STATE/.last" ]; then
		read -r name <"$STATE/.last" || true
	fi
	[ -n "$name" ] || name=xdptest
	check_name "$name"
}

use_lab() {
	choose_name
	has_lab || die "there is no lab '$name'" "make one with: $0 --name $name setup"
	[ -e "/run/netns/$name" ] || die "the network namespace of lab '$name' is missing" "$0 --name $name reset"
	remember
}

make_up_name() {
	local i
	for i in $(seq 1 99); do
		name=xdptest$i
		has_lab || ip link show dev "$name" >/dev/null 2>&1 || return 0
	done
	die "all names from xdptest1 to xdptest$i are in use" "remove labs with: $0 --name NAME teardown"
}

# --- addresses: fd8f:7d91:NUMBER::/64, 10.211.NUMBER.0/24, and two for the VLAN --

subnet6() { printf 'fd8f:7d91:%x' "$1"; }
subnet4() { printf '10.211.%d' "$1"; }
vlan_subnet6() { printf 'fd8f:7d91:%x:1' "$1"; }
vlan_subnet4() { printf '10.212.%d' "$1"; }

# The address to show and to ping: IPv6 where the lab has it, else IPv4.
address() { # address NUMBER HOST
	if [ "$(get_state ipv6)" = no ]; then
		printf '%s.%d' "$(subnet4 "$1")" "$2"
	else
		printf '%s::%d' "$(subnet6 "$1")" "$2"
	fi
}

vlan_address() { # vlan_address NUMBER HOST
	if [ "$(get_state ipv6)" = no ]; then
		printf '%s.%d' "$(vlan_subnet4 "$1")" "$2"
	else
		printf '%s::%d' "$(vlan_subnet6 "$1")" "$2"
	fi
}

# Can a new interface have IPv6 addresses? Often not in containers.
has_ipv6() {
	local which value
	for which in all default; do
		value=$(cat "/proc/sys/net/ipv6/conf/$which/disable_ipv6" 2>/dev/null) || return 1
		[ "$value" = 0 ] || return 1
	done
}

choose_families() {
	if ! has_ipv6; then
		ipv6=no
		legacy_ip=yes
	fi
}

has_route() { # has_route -4|-6 SUBNET: is there a route other than the default?
	local routes
	routes=$(ip "$1" route show match "$2" && ip "$1" route show root "$2")
	grep -q -v '^default' <<<"${routes:-default}"
}

# The first number whose subnets no route of this machine covers.
free_number() {
	local i
	for i in $(seq 1 250); do
		[ "$ipv6" = yes ] && has_route -6 "$(subnet6 "$i")::/48" && continue
		if [ "$legacy_ip" = yes ]; then
			has_route -4 "$(subnet4 "$i").0/24" && continue
			has_route -4 "$(vlan_subnet4 "$i").0/24" && continue
		fi
		printf '%d' "$i"
		return 0
	done
	die "all subnets for labs are in use" "remove labs with: $0 --name NAME teardown"
}

# The functions below work on the inner end if their last argument is 'inside'.

# An interface in the lab sends only what the user sends: no duplicate address
# detection, no router solicitation. Reports of multicast groups come at once, see
# wait_for_reports().
quiet() { # quiet IFNAME [inside]
	local ifname=$1 setting
	shift
	for setting in disable_ipv6=0 accept_ra=0 accept_dad=0 router_solicitations=0 \
		mldv1_unsolicited_report_interval=1 mldv2_unsolicited_report_interval=1; do
		echo "${setting#*=}" |
			"$@" tee "/proc/sys/net/ipv6/conf/$ifname/${setting%=*}" >/dev/null 2>&1 || true
	done
}

bring_up() { # bring_up IFNAME [inside]
	[ "$ipv6" = no ] || quiet "$@"
	# fails if the kernel has no IPv6 at all
	"${@:2}" ip link set dev "$1" addrgenmode none 2>/dev/null || [ "$ipv6" = no ]
	"${@:2}" ip link set dev "$1" up
}

add_addresses() { # add_addresses IFNAME IPV6 IPV4 [inside]
	[ "$ipv6" = no ] || "${@:4}" ip -6 address add "$2/64" dev "$1" nodad
	[ "$legacy_ip" = no ] || "${@:4}" ip -4 address add "$3/24" dev "$1"
}

mac_of() { # mac_of IFNAME [inside]
	"${@:2}" ip -o link show dev "$1" | sed -n 's/.*link.ether \([^ ]*\) .*/\1/p'
}

# Permanent neighbour entries: no neighbour discovery among the packets counted.
introduce() { # introduce OUTER-IFNAME INNER-IFNAME SUBNET6 SUBNET4
	local outer inner
	outer=$(mac_of "$1") inner=$(mac_of "$2" inside)
	if [ "$ipv6" = yes ]; then
		ip neighbour replace "$3::2" lladdr "$inner" nud permanent dev "$1"
		inside ip neighbour replace "$3::1" lladdr "$outer" nud permanent dev "$2"
	fi
	if [ "$legacy_ip" = yes ]; then
		ip neighbour replace "$4.2" lladdr "$inner" nud permanent dev "$1"
		inside ip neighbour replace "$4.1" lladdr "$outer" nud permanent dev "$2"
	fi
}

add_vlan() { # add_vlan IFNAME [inside]
	local ifname=$1
	shift
	"$@" ip link add link "$ifname" name "$ifname.1" type vlan id 1 ||
		die "this kernel has no VLAN interfaces" "modprobe 8021q"
}

# The kernel announces the link later. Announced after the addresses, it makes IPv6 report its
# multicast groups once more, and so does attaching a program.
wait_until_up() { # wait_until_up IFNAME [inside]
	local i
	for ((i = 0; i < 3000; i++)); do # only a failure takes that long
		case $("${@:2}" ip -o link show dev "$1") in *LOWER_UP*' state UP '*) return 0 ;; esac
		sleep 0.02
	done
	die "$1 has no carrier after 60 s"
}

# A new IPv6 address joins a multicast group, and the kernel reports that mld_qrv
# times. All reports must be sent before packets are counted.
wait_for_reports() { # wait_for_reports IFNAME
	local i key value expected sent
	expected=$(inside cat /proc/sys/net/ipv6/mld_qrv 2>/dev/null || echo 2)
	for ((i = 0; i < 1500; i++)); do # only a failure takes that long
		sent=0
		while read -r key value; do
			# ICMPv6 types of reports, MLD version 1 and 2
			case $key in Icmp6OutType131 | Icmp6OutType143) sent=$((sent + value)) ;; esac
		done < <(inside cat "/proc/net/dev_snmp6/$1" 2>/dev/null)
		[ "$sent" -lt "$expected" ] || return 0
		sleep 0.02
	done
}

# --- making and removing -------------------------------------------------------

is_our_link() {
	[[ $(ip -o link show dev "$name" 2>/dev/null) == *"alias xdp-testenv:$name"* ]]
}

# "pending": setup had not finished, and before it there was no such namespace. An `ip netns`
# that was interrupted leaves a file on which no namespace is mounted.
is_our_netns() {
	local id file=/run/netns/$name
	[ -e "$file" ] || return 1
	id=$(get_state netns)
	[ "$id" = pending ] || [ "$(stat -f -c %T "$file")" != nsfs ] || [ "$id" = "$(stat -c %i "$file")" ]
}

pins_of() {
	printf '%s/%s' "$BPFFS" "${1//./:}"
}

unload() { # unload IFNAME: detach and unpin; only unpin if the interface is gone
	[ ! -x "$loader" ] || [ ! -d "$(pins_of "$1")" ] ||
		"$loader" --dev "$1" --unload --quiet || true
}

remove_lab() {
	local ifname ifnames=("$name")
	[ "$(get_state vlan)" != yes ] || ifnames=("$name.1" "$name")
	if is_our_link; then
		for ifname in "${ifnames[@]}"; do unload "$ifname"; done
		# this deletes both ends and detaches their programs
		# a pair whose other end goes with its namespace may go by itself meanwhile
		ip link delete dev "$name" 2>/dev/null || ! is_our_link || ip link delete dev "$name"
	fi
	! is_our_netns || ip netns delete "$name"
	for ifname in "${ifnames[@]}"; do
		# an interface that has this name now does not belong to the lab
		ip link show dev "$ifname" >/dev/null 2>&1 || unload "$ifname"
		[ ! -d "$(pins_of "$ifname")" ] ||
			printf 'testenv: did not remove the pins in %s\n' "$(pins_of "$ifname")" >&2
	done
	rm -f "$STATE/$name"
}

# A setup that fails leaves nothing behind.
setup_failed() {
	trap - EXIT
	remove_lab
	printf 'testenv: setup of lab %s failed and was undone\n' "$name" >&2
}

cmd_setup() {
	local number
	if [ "$gen_new" = yes ]; then
		[ -z "$name" ] || die "--gen-new and --name exclude each other" "$0 help"
		make_up_name
	else
		choose_name
	fi
	must_be_free
	mount_bpffs
	choose_families
	number=$(free_number)

	trap setup_failed EXIT
	save_state "$number" pending
	ip netns add "$name"
	save_state "$number" "$(stat -c %i "/run/netns/$name")"
	ip link add dev "$name" type veth peer name "$INNER" netns "$name"
	ip link set dev "$name" alias "xdp-testenv:$name"
	inside ip link set dev lo up
	connect_ends "$name" "$INNER"
	receive_all
	address_ends "$name" "$INNER" "$(subnet6 "$number")" "$(subnet4 "$number")"
	if [ "$vlan" = yes ]; then
		add_vlan "$name"
		add_vlan "$INNER" inside
		connect_ends "$name.1" "$INNER.1"
		address_ends "$name.1" "$INNER.1" "$(vlan_subnet6 "$number")" "$(vlan_subnet4 "$number")"
	fi
	[ "$ipv6" = no ] || inside ip -6 route add default via "$(subnet6 "$number")::1" dev "$INNER"
	[ "$legacy_ip" = no ] || inside ip -4 route add default via "$(subnet4 "$number").1"
	trap - EXIT
	remember
	show_lab
}

# Without a program on the inner end, what the outer end transmits with XDP_TX or
# XDP_REDIRECT does not arrive. All else works, so a failure does not end the setup.
receive_all() {
	if [ ! -x "$TOP/build/receiver" ]; then
		printf 'testenv: XDP_TX and XDP_REDIRECT will not arrive: build/receiver is not built\n' >&2
		printf 'hint: run make before setup\n' >&2
	elif ! inside "$TOP/build/receiver" "$INNER"; then
		printf 'testenv: XDP_TX and XDP_REDIRECT will not arrive at %s\n' "$INNER" >&2
	fi
}

must_be_free() {
	! has_lab || die "lab '$name' exists already" "$0 --name $name reset"
	! ip link show dev "$name" >/dev/null 2>&1 ||
		die "there is an interface '$name' that is not part of a lab" "choose another --name"
	[ ! -e "/run/netns/$name" ] ||
		die "there is a network namespace '$name' that is not part of a lab" "choose another --name"
}

connect_ends() { # connect_ends OUTER-IFNAME INNER-IFNAME
	bring_up "$1"
	bring_up "$2" inside
	wait_until_up "$1"
	wait_until_up "$2" inside
}

address_ends() { # address_ends OUTER-IFNAME INNER-IFNAME SUBNET6 SUBNET4
	add_addresses "$1" "$3::1" "$4.1"
	add_addresses "$2" "$3::2" "$4.2" inside
	introduce "$@"
	[ "$ipv6" = no ] || wait_for_reports "$2"
}

mount_bpffs() {
	[ "$(stat -f -c %t "$BPFFS" 2>/dev/null)" = cafe4a11 ] ||
		mount -t bpf -o mode=0700 bpf "$BPFFS" ||
		die "cannot mount the BPF file system on $BPFFS"
}

cmd_teardown() {
	choose_name
	has_lab || die "there is no lab '$name'" "list the labs with: $0 status"
	remove_lab
	[ "$(cat "$STATE/.last" 2>/dev/null)" != "$name" ] || rm -f "$STATE/.last"
}

cmd_reset() {
	choose_name
	if has_lab; then
		[ "$legacy_ip" = yes ] || legacy_ip=$(get_state legacy_ip)
		[ "$vlan" = yes ] || vlan=$(get_state vlan)
		remove_lab
	fi
	cmd_setup
}

# --- commands inside and outside -----------------------------------------------

cmd_exec() {
	use_lab
	[ $# -gt 0 ] || die "exec needs a command" "$0 exec COMMAND..."
	inside "$@"
}

cmd_enter() {
	use_lab
	printf 'shell inside lab %s; leave it with exit\n' "$name" >&2
	inside "${SHELL:-bash}"
}

# An option of ping needs the same option of setup.
has_option() { # has_option legacy_ip|vlan
	[ "${!1}" = no ] || [ "$(get_state "$1")" = yes ] ||
		die "lab '$name' was set up without --${1//_/-}" "$0 --name $name --${1//_/-} reset"
}

cmd_ping() {
	use_lab
	need ping
	local number to
	number=$(get_state number)
	to=$(address "$number" 1)
	[ "$legacy_ip" = no ] || to=$(subnet4 "$number").1
	[ "$vlan" = no ] || to=$(vlan_address "$number" 1)
	has_option legacy_ip && has_option vlan
	inside ping "$@" "$to"
}

cmd_flood() {
	use_lab
	[ -x "$TOP/build/flood" ] || die "build/flood is not built" "make"
	inside "$TOP/build/flood" --dev "$INNER" "$@"
}

run_tool() { # run_tool FILE ARGUMENTS...
	use_lab
	[ -x "$1" ] || die "there is no $1" "make"
	"$@"
}

cmd_load() {
	use_lab
	run_tool "$loader" --dev "$name" "$@"
}

cmd_unload() {
	use_lab
	run_tool "$loader" --dev "$name" --unload "$@"
}

cmd_stats() {
	use_lab
	run_tool "$stats" --dev "$name" "$@"
}

cmd_tcpdump() {
	use_lab
	need tcpdump
	if [ "$inner" = yes ]; then
		inside tcpdump -n -e -i "$INNER" "$@"
	else
		tcpdump -n -e -i "$name" "$@"
	fi
}

show_lab() {
	local number state=up
	number=$(get_state number)
	is_our_link && is_our_netns || state='broken; repair it with reset, or remove it with teardown'
	printf 'lab %s: %s\n' "$name" "$state"
	printf '  outer end %s, XDP goes here: %s\n' "$name" "$(address "$number" 1)"
	printf '  inner end %s in namespace %s: %s\n' "$INNER" "$name" "$(address "$number" 2)"
	[ "$(get_state ipv6)" = no ] || [ "$(get_state legacy_ip)" = no ] ||
		printf '  IPv4 %s.1 and %s.2\n' "$(subnet4 "$number")" "$(subnet4 "$number")"
	[ "$(get_state vlan)" = no ] ||
		printf '  VLAN 1 %s and %s\n' "$(vlan_address "$number" 1)" "$(vlan_address "$number" 2)"
}

# All labs, or the one named with --name.
cmd_status() {
	local lab all
	all=$(labs)
	if [ -n "$name" ]; then
		has_lab || die "there is no lab '$name'" "list the labs with: $0 status"
		all=$name
	fi
	for lab in $all; do
		name=$lab
		show_lab
		[[ $(ip -d link show dev "$name" 2>/dev/null) =~ prog/xdp\ id\ [0-9]+( name [^ ]+)? ]] &&
			printf '  attached: %s\n' "${BASH_REMATCH[0]}"
	done
	[ -n "$all" ] || printf 'there is no lab\n'
}

cmd_alias() {
	printf "alias t='%s'\n" "$HERE/testenv.sh"
}

# --- options -------------------------------------------------------------------

# Sets the variables of the options, and words: the command and its arguments.
parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--name | --loader | --stats)
			[ $# -gt 1 ] || die "option $1 needs an argument"
			printf -v "${1#--}" '%s' "$2"
			shift
			;;
		--gen-new) gen_new=yes ;;
		--legacy-ip) legacy_ip=yes ;;
		--vlan) vlan=yes ;;
		--inner) inner=yes ;;
		-h | --help) words=(help) && return 0 ;;
		-*) die "unknown option '$1'" "$0 help" ;;
		*) words=("$@") && return 0 ;;
		esac
		shift
	done
}

main() {
	local words=()
	parse_options "$@"
	set -- "${words[@]}"
	[ $# -gt 0 ] || { usage >&2 && exit 2; }
	local command=$1
	shift
	case $command in
	help) usage && exit 0 ;;
	alias) cmd_alias && exit 0 ;;
	setup | teardown | reset | exec | enter | ping | flood | load | unload | stats | tcpdump | status) ;;
	*) die "unknown command '$command'" "$0 help" ;;
	esac
	# these commands take our options after the command, too, and nothing else
	case $command in
	setup | teardown | reset | status)
		words=()
		parse_options "$@"
		[ ${#words[@]} = 0 ] || die "unexpected argument '${words[0]}'" "to name a lab: $0 --name ${words[0]} $command"
		;;
	esac
	[ "$(id -u)" = 0 ] || die "only root can do this" "sudo $0 $command" "or, without root: testenv/vm.sh"
	if [ "$command" = tcpdump ] && [ "${1:-}" = --inner ]; then inner=yes && shift; fi
	need ip
	open_state
	lock_state "$command"
	[ -z "$name" ] || check_name "$name"
	"cmd_$command" "$@"
}

main "$@"
