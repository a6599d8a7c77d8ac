#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Pin by hand what xdp_loader pins.
set -euo pipefail

# Only pins of maps belong into the interface's directory, so the program is pinned
# beside it; a name longer than 15 bytes cannot be that of an interface.
program=/sys/fs/bpf/program_for_$DEV

# One load: the maps that get pinned are those that the program has.
bpftool prog load xdp_prog_kern.o "$program" pinmaps "/sys/fs/bpf/$DEV"
ip link set dev "$DEV" xdpdrv pinned "$program"

# From here on the interface holds the program, and the program its maps.
rm "$program"
