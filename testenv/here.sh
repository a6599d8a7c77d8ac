#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Can this process load BPF programs here, and make network namespaces for a lab? Succeeds
# silently if so. Else it says why not, by name, and fails: testenv/vm.sh is then the place.
#
#   here.sh        needs the programs to be built

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin # which the PATH of a user lacks
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What the lab and the loader need, by the number of the bit in CapEff.
readonly CAPABILITIES=([12]=CAP_NET_ADMIN [21]=CAP_SYS_ADMIN [38]=CAP_PERFMON [39]=CAP_BPF)

reasons=()

look_at_capabilities() {
	local effective bit missing=''
	effective=$((16#$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)))
	for bit in "${!CAPABILITIES[@]}"; do
		# CAP_SYS_ADMIN includes the last two, which kernels before 5.8 do not have
		[ "$bit" -lt 38 ] || [ $((effective >> 21 & 1)) = 0 ] || continue
		[ $((effective >> bit & 1)) = 1 ] || missing+=" ${CAPABILITIES[bit]}"
	done
	[ -z "$missing" ] || reasons+=("this process lacks$missing")
}

look_around() {
	# a user without privileges lacks them anywhere
	if [ "$(id -u)" = 0 ] && { [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -n "${container:-}" ]; }; then
		reasons+=("this is a container")
	fi
	[ "$(xargs </proc/self/uid_map)" = '0 0 4294967295' ] || reasons+=("this is a user namespace")
	[ "$(sed -n 's/^Seccomp:[[:space:]]*//p' /proc/self/status)" != 2 ] ||
		reasons+=("a seccomp filter is in force")
	! grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
		reasons+=("the kernel is locked down (confidentiality)")
}

# lo is in every network namespace; nothing is attached to it.
said=$(./xdp_loader --dev lo --dry-run --quiet 2>&1) && unshare --net true 2>/dev/null && exit 0
look_at_capabilities
look_around
{
	echo 'BPF cannot be used here:'
	[ ${#reasons[@]} = 0 ] || printf '  %s\n' "${reasons[@]}"
	[ -z "$said" ] || printf '  %s\n' "$(head -n 1 <<<"$said")"
	[ -n "$said" ] || echo '  a network namespace cannot be made'
	[ "$(id -u)" = 0 ] || echo '  perhaps root can: try the same with sudo'
	echo 'so this goes on in a virtual machine (testenv/vm.sh)'
} >&2
exit 1
