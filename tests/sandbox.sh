#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Run a command in its own network and mount namespaces, with its own BPF file system and /run.
# What it does there is not visible outside.
#
#   sandbox.sh COMMAND [ARGUMENTS]

set -euo pipefail
export PATH=$PATH:/usr/sbin:/sbin # which the PATH of a user lacks

unshare --net --mount --propagation private -- bash -euc '
	while umount /sys/fs/bpf 2>/dev/null; do :; done
	mount -t bpf bpf /sys/fs/bpf
	mount -t tmpfs tmpfs /run
	ip link set dev lo up
	XDP_TEST_SANDBOX=1 exec "$@"' - "$@"
