#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Find where the packets go. The map of the program cannot tell: it counts verdicts.
set -euo pipefail

# What the kernel loses is counted from here on, so this comes before the frames.
./xdp_loader --losses >&2
testenv/testenv.sh --name "$DEV" flood --count "$COUNT" >&2

# Each reason has a number, which is 0 for those that did not happen.
./xdp_stats --dev "$DEV" --once --json --quiet |
	jq -r '.lost | to_entries[] | select(.value > 0) | "\(.key) \(.value)"'

# A veth takes packets of XDP_TX and XDP_REDIRECT from its other end only while it has a
# program itself.
testenv/testenv.sh --name "$DEV" exec build/receiver veth0
