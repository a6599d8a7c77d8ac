#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Make and pin a map of XDP statistics in which all counters differ, and differ from
# those of other maps: make_map.sh PIN NUMBER [TYPE]

set -euo pipefail

# Numbers as the bytes that bpftool takes, in the byte order of this machine.
python3 - "$@" <<'END' | bpftool batch file - >/dev/null
import struct
import sys

pin, number = sys.argv[1], int(sys.argv[2])
kind = (sys.argv[3:] or ["percpu_array"])[0]
print(f"map create {pin} type {kind} key 4 value 16 entries 5 name xdp_stats_map")
for action in range(5):
    packets = number * 100 + action + 1
    key, value = struct.pack("=I", action), struct.pack("=QQ", packets, packets * 60)
    print(f"map update pinned {pin} key {' '.join(map(str, key))} value {' '.join(map(str, value))}")
END
