#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Can this process load BPF programs here, and make network namespaces for a lab? Succeeds
# silently if so. Else it says why not, by name, and fails: testenv/vm.sh is then the place.
#
#   here.sh        exit status: 0 yes, 1 no, 2 unknown, because the programs are not built

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

# What the lab does, tried in namespaces that end at once.
look_at_lab() {
	if ! unshare --net true 2>/dev/null; then
		reasons+=("a network namespace cannot be made")
	elif ! unshare --mount true 2>/dev/null; then
		reasons+=("a mount namespace cannot be made")
	elif ! unshare --mount sh -c 'mount -t tmpfs lab /run' 2>/dev/null; then
		reasons+=("nothing can be mounted")
	fi
	[ -w /run ] || reasons+=("/run cannot be written to")
}

look_at_bpf() { # lo is in every network namespace; nothing is attached to it
	local said
	said=$(./xdp_loader --dev lo --dry-run --quiet 2>&1) || reasons+=("$(head -n 1 <<<"$said")")
}

# What may be the cause.
look_around() {
	[ "$(xargs </proc/self/uid_map)" = '0 0 4294967295' ] || reasons+=("this is a user namespace")
	[ "$(sed -n 's/^Seccomp:[[:space:]]*//p' /proc/self/status)" != 2 ] ||
		reasons+=("a seccomp filter is in force")
	! grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
		reasons+=("the kernel is locked down (confidentiality)")
	if [ "$(id -u)" != 0 ]; then
		reasons+=("perhaps root can: try the same with sudo")
	elif [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -n "${container:-}" ]; then
		reasons+=("this looks like a container, which may be why")
	fi
}

for file in xdp_loader xdp_prog_kern.o; do
	[ -e $file ] || { echo 'here.sh: the programs are not built: make' >&2 && exit 2; }
	[ -r $file ] || { echo "here.sh: $file cannot be read by you" >&2 && exit 2; }
done
look_at_capabilities
[ ${#reasons[@]} -gt 0 ] || look_at_lab
look_at_bpf
[ ${#reasons[@]} -gt 0 ] || exit 0
look_around
{
	echo 'BPF cannot be used here:'
	printf '  %s\n' "${reasons[@]}"
} >&2
exit 1
