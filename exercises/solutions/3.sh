#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Pin by hand what xdp_loader pins.
set -euo pipefail

# The directory of an interface may hold only maps, so the program is pinned next to
# it. No interface can have a name longer than 15 bytes.
program=/sys/fs/bpf/program_for_$DEV

# A single load: the pinned maps are those that the program uses.
bpftool prog load xdp_prog_kern.o "$program" pinmaps "/sys/fs/bpf/$DEV"
ip link set dev "$DEV" xdpdrv pinned "$program"

# Now the interface holds the program, and the program holds its maps.
rm "$program"
