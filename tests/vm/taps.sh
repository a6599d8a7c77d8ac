#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command in a network namespace with devices tapN, which have several queues and the
# address 10.0.N.2.
#
#   taps.sh N... -- COMMAND [ARGUMENTS]

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin

if [ "${TAPS_INSIDE:-}" != 1 ]; then
	user=()
	[ "$(id -u)" = 0 ] || user=(--user --map-root-user)
	TAPS_INSIDE=1 exec unshare "${user[@]}" --net -- "$0" "$@"
fi
while [ "$1" != -- ]; do
	ip tuntap add dev "tap$1" mode tap multi_queue
	ip address add "10.0.$1.2/24" dev "tap$1"
	ip link set dev "tap$1" up
	shift
done
shift
exec "$@"
