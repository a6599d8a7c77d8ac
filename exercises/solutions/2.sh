#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Read the map with bpftool. It prints the members of the record by name ("formatted"),
# because the object was loaded with BTF. Each key has one value for each possible CPU.
set -euo pipefail

bpftool -j map dump pinned "/sys/fs/bpf/$DEV/xdp_stats_map" | jq -r '
	["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"] as $names |
	.[].formatted | "\($names[.key]) \([.values[].value.rx_packets] | add) " +
		"\([.values[].value.rx_bytes] | add)"'
