#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A lab for XDP that cannot hurt the machine: a network namespace and a veth pair.
# The outer end, named like the lab, gets the XDP program; the inner end, veth0 in
# the namespace of the same name, sends the packets. See README.org beside this.

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin # which a user's lacks

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(dirname "$HERE")
readonly HERE TOP

readonly STATE=/run/xdp-testenv # root's alone: nobody else can write what we read
readonly BPFFS=/sys/fs/bpf
readonly INNER=veth0

name=""
gen_new=no
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
	  teardown            remove it, with the program and the pins in it
	  reset               teardown and setup
	  exec COMMAND...     run a command inside, on the sending side
	  enter               open a shell inside
	  ping [ARGUMENTS]    ping the outer end from inside
	  flood [ARGUMENTS]   send many frames from inside: --count N, --size BYTES
	  load [ARGUMENTS]    run xdp_loader on the outer end
	  unload [ARGUMENTS]  run xdp_loader --unload on the outer end
	  stats [ARGUMENTS]   run xdp_stats on the outer end
	  tcpdump [ARGUMENTS] watch the outer end; with --inner the inner one
	  status              show the labs there are
	  alias               print an alias 't' for this script: eval "\$(testenv.sh alias)"
	  help                show this help

	Options:
	  --name NAME         of the lab; default the one used last
	  --gen-new           make up a name for a new lab
	  --legacy-ip         give it IPv4 addresses, too
	  --vlan              add VLAN 1 on both ends, with addresses of its own
	  --loader FILE       instead of $loader
	  --stats FILE        instead of $stats
	  --inner             tcpdump: the inner end
	EOF
}

die() {
	printf 'testenv: %s\n' "$1" >&2
	[ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
	exit 1
}

need() {
	command -v "$1" >/dev/null || die "'$1' is not installed" "make deps"
}

# A lab's name is an interface's name and a file's name.
check_name() {
	[[ $1 =~ ^[A-Za-z][A-Za-z0-9_-]{0,14}$ ]] ||
		die "'$1' cannot be a lab's name" "a letter, then up to 14 letters, digits, '-' or '_'"
}

inside() {
	# the network namespace alone: 'ip netns exec' would hide $BPFFS
	nsenter --net="/run/netns/$name" -- "$@"
}

# --- state: one file a lab, lines of "key value", read as data -----------------

open_state() {
	mkdir -m 0700 "$STATE" 2>/dev/null || [ -d "$STATE" ]
	if [ -L "$STATE" ] || [ ! -O "$STATE" ]; then
		die "$STATE is not ours" "look at it and remove it"
	fi
}

# One that makes or removes a lab at a time.
lock_state() { # lock_state COMMAND
	case $1 in
	setup | teardown | reset)
		exec 9>"$STATE/.lock"
		flock 9
		;;
	esac
}

save_state() {
	printf '%s %s\n' number "$1" netns "$2" legacy_ip "$legacy_ip" vlan "$vlan" >"$STATE/$name"
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
	has_lab || die "there is no lab '$name'" "make it with: $0 --name $name setup"
	[ -e "/run/netns/$name" ] || die "the lab '$name' is broken" "$0 --name $name reset"
	remember
}

make_up_name() {
	local i
	for i in $(seq 1 99); do
		name=xdptest$i
		has_lab || ip link show dev "$name" >/dev/null 2>&1 || return 0
	done
	die "no name is left for a new lab" "remove some with: $0 --name NAME teardown"
}

# --- addresses: fd8f:7d91:NUMBER::/64 and 10.211.NUMBER.0/24, VLAN beside ------

subnet6() { printf 'fd8f:7d91:%x' "$1"; }
subnet4() { printf '10.211.%d' "$1"; }
vlan_subnet6() { printf 'fd8f:7d91:%x:1' "$1"; }
vlan_subnet4() { printf '10.212.%d' "$1"; }

has_route() { # has_route -4|-6 SUBNET: is there one, the default aside?
	local routes
	routes=$(ip "$1" route show match "$2" && ip "$1" route show root "$2")
	grep -q -v '^default' <<<"${routes:-default}"
}

# The first number whose subnets are on no route of this machine.
free_number() {
	local i
	for i in $(seq 1 250); do
		has_route -6 "$(subnet6 "$i")::/48" && continue
		if [ "$legacy_ip" = yes ]; then
			has_route -4 "$(subnet4 "$i").0/24" && continue
			has_route -4 "$(vlan_subnet4 "$i").0/24" && continue
		fi
		printf '%d' "$i"
		return 0
	done
	die "every test subnet is taken" "remove labs with: $0 --name NAME teardown"
}

# The functions below do their work inside when 'inside' is put after the rest.

# No packets that nobody sent: no duplicate detection, no router discovery, and the
# reports of multicast groups at once, not a second later.
quiet() { # quiet IFNAME [inside]
	local ifname=$1 setting
	shift
	for setting in accept_ra=0 accept_dad=0 router_solicitations=0 \
		mldv1_unsolicited_report_interval=1 mldv2_unsolicited_report_interval=1; do
		echo "${setting#*=}" |
			"$@" tee "/proc/sys/net/ipv6/conf/$ifname/${setting%=*}" >/dev/null 2>&1 || true
	done
}

bring_up() { # bring_up IFNAME IPV6 IPV4 [inside]
	local ifname=$1 ipv6=$2 ipv4=$3
	shift 3
	quiet "$ifname" "$@"
	"$@" ip link set dev "$ifname" addrgenmode none
	"$@" ip link set dev "$ifname" up
	"$@" ip -6 address add "$ipv6/64" dev "$ifname" nodad
	[ "$legacy_ip" = no ] || "$@" ip -4 address add "$ipv4/24" dev "$ifname"
}

mac_of() { # mac_of IFNAME [inside]
	"${@:2}" ip -o link show dev "$1" | sed -n 's/.*link.ether \([^ ]*\) .*/\1/p'
}

# Each end knows the other: no neighbour discovery among the packets that are counted.
introduce() { # introduce OUTER-IFNAME INNER-IFNAME SUBNET6 SUBNET4
	local outer inner
	outer=$(mac_of "$1") inner=$(mac_of "$2" inside)
	ip neighbour replace "$3::2" lladdr "$inner" nud permanent dev "$1"
	inside ip neighbour replace "$3::1" lladdr "$outer" nud permanent dev "$2"
	[ "$legacy_ip" = yes ] || return 0
	ip neighbour replace "$4.2" lladdr "$inner" nud permanent dev "$1"
	inside ip neighbour replace "$4.1" lladdr "$outer" nud permanent dev "$2"
}

add_vlan() { # add_vlan IFNAME [inside]
	local ifname=$1
	shift
	"$@" ip link add link "$ifname" name "$ifname.1" type vlan id 1 ||
		die "this kernel has no VLAN interfaces" "modprobe 8021q"
}

wait_for_carrier() { # wait_for_carrier IFNAME
	local i
	for i in $(seq 1 50); do
		case $(ip -o link show dev "$1") in *LOWER_UP*) return 0 ;; esac
		sleep 0.1
	done
	die "$1 does not come up ($i tries)"
}

# --- making and removing -------------------------------------------------------

is_our_link() {
	[[ $(ip -o link show dev "$name" 2>/dev/null) == *"alias xdp-testenv:$name"* ]]
}

# "pending": ours, for there was none when we began to make it
is_our_netns() {
	local id
	[ -e "/run/netns/$name" ] || return 1
	id=$(get_state netns)
	[ "$id" = pending ] || [ "$id" = "$(stat -c %i "/run/netns/$name")" ]
}

pins_of() {
	printf '%s/%s' "$BPFFS" "${1//./:}"
}

unload() { # unload IFNAME: what is attached, and the pins; the pins alone when it has gone
	[ ! -x "$loader" ] || [ ! -d "$(pins_of "$1")" ] ||
		"$loader" --dev "$1" --unload --quiet || true
}

remove_lab() {
	local ifname ifnames=("$name")
	[ "$(get_state vlan)" != yes ] || ifnames=("$name.1" "$name")
	if is_our_link; then
		for ifname in "${ifnames[@]}"; do unload "$ifname"; done
		# deleting one end deletes the other, and detaches what is attached
		ip link delete dev "$name"
	fi
	! is_our_netns || ip netns delete "$name"
	for ifname in "${ifnames[@]}"; do
		# an interface that has this name now is somebody else's
		ip link show dev "$ifname" >/dev/null 2>&1 || unload "$ifname"
		[ ! -d "$(pins_of "$ifname")" ] ||
			printf 'testenv: left pins in %s alone\n' "$(pins_of "$ifname")" >&2
	done
	rm -f "$STATE/$name"
}

# What did not work to the end leaves nothing behind.
setup_failed() {
	trap - EXIT
	remove_lab
	printf 'testenv: setup of %s failed; everything is removed again\n' "$name" >&2
}

cmd_setup() {
	local number
	if [ "$gen_new" = yes ]; then
		[ -z "$name" ] || die "--gen-new and --name contradict each other" "$0 help"
		make_up_name
	else
		choose_name
	fi
	! has_lab || die "there is a lab '$name' already" "$0 --name $name reset"
	! ip link show dev "$name" >/dev/null 2>&1 || die "there is an interface '$name', and it is not ours" "take another --name"
	[ ! -e "/run/netns/$name" ] || die "there is a network namespace '$name', and it is not ours" "take another --name"
	mount_bpffs
	number=$(free_number)

	trap setup_failed EXIT
	save_state "$number" pending
	ip netns add "$name"
	save_state "$number" "$(stat -c %i "/run/netns/$name")"
	ip link add dev "$name" type veth peer name "$INNER" netns "$name"
	ip link set dev "$name" alias "xdp-testenv:$name"
	inside ip link set dev lo up
	bring_up "$name" "$(subnet6 "$number")::1" "$(subnet4 "$number").1"
	bring_up "$INNER" "$(subnet6 "$number")::2" "$(subnet4 "$number").2" inside
	introduce "$name" "$INNER" "$(subnet6 "$number")" "$(subnet4 "$number")"
	if [ "$vlan" = yes ]; then
		add_vlan "$name"
		add_vlan "$INNER" inside
		bring_up "$name.1" "$(vlan_subnet6 "$number")::1" "$(vlan_subnet4 "$number").1"
		bring_up "$INNER.1" "$(vlan_subnet6 "$number")::2" "$(vlan_subnet4 "$number").2" inside
		introduce "$name.1" "$INNER.1" "$(vlan_subnet6 "$number")" "$(vlan_subnet4 "$number")"
	fi
	inside ip -6 route add default via "$(subnet6 "$number")::1" dev "$INNER"
	[ "$legacy_ip" = no ] || inside ip -4 route add default via "$(subnet4 "$number").1"
	wait_for_carrier "$name"
	sleep 0.1 # for the reports that quiet() has not kept back
	trap - EXIT
	remember
	show_lab
}

mount_bpffs() {
	[ "$(stat -f -c %t "$BPFFS" 2>/dev/null)" = cafe4a11 ] ||
		mount -t bpf -o mode=0700 bpf "$BPFFS" ||
		die "cannot mount the BPF file system on $BPFFS"
}

cmd_teardown() {
	choose_name
	has_lab || die "there is no lab '$name'" "see them with: $0 status"
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
	[ $# -gt 0 ] || die "exec needs a command"
	inside "$@"
}

cmd_enter() {
	use_lab
	printf 'inside %s; leave with exit\n' "$name" >&2
	inside "${SHELL:-bash}"
}

# What ping is asked for must have been set up.
has_option() { # has_option legacy_ip|vlan
	[ "${!1}" = no ] || [ "$(get_state "$1")" = yes ] ||
		die "the lab '$name' was made without --${1//_/-}" "$0 --name $name --${1//_/-} reset"
}

cmd_ping() {
	use_lab
	need ping
	local number to
	number=$(get_state number)
	to=$(subnet6 "$number")::1
	[ "$legacy_ip" = no ] || to=$(subnet4 "$number").1
	[ "$vlan" = no ] || to=$(vlan_subnet6 "$number")::1
	has_option legacy_ip && has_option vlan
	inside ping "$@" "$to"
}

cmd_flood() {
	use_lab
	[ -x "$TOP/build/flood" ] || die "the sender is not built" "make"
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
	is_our_link && is_our_netns || state='broken: see reset and teardown'
	printf 'lab %s: %s\n' "$name" "$state"
	printf '  outer end %s, XDP goes here: %s::1\n' "$name" "$(subnet6 "$number")"
	printf '  inner end %s in namespace %s: %s::2\n' "$INNER" "$name" "$(subnet6 "$number")"
	[ "$(get_state legacy_ip)" = no ] || printf '  IPv4 %s.1 and %s.2\n' "$(subnet4 "$number")" "$(subnet4 "$number")"
	[ "$(get_state vlan)" = no ] || printf '  VLAN 1 %s::1 and %s::2\n' "$(vlan_subnet6 "$number")" "$(vlan_subnet6 "$number")"
}

# Without --name, of all labs.
cmd_status() {
	local lab all
	all=$(labs)
	if [ -n "$name" ]; then
		has_lab || die "there is no lab '$name'" "see them with: $0 status"
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

# Sets the options, and words to the command and its arguments.
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
	# options of ours may follow the command as well, but nothing else
	case $command in
	setup | teardown | reset | status)
		words=()
		parse_options "$@"
		[ ${#words[@]} = 0 ] || die "unexpected '${words[0]}'" "name a lab with: $0 --name ${words[0]} $command"
		;;
	esac
	[ "$(id -u)" = 0 ] || die "this takes root" "sudo $0 $command"
	if [ "$command" = tcpdump ] && [ "${1:-}" = --inner ]; then inner=yes && shift; fi
	need ip
	open_state
	lock_state "$command"
	[ -z "$name" ] || check_name "$name"
	"cmd_$command" "$@"
}

main "$@"
