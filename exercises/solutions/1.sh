#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Count what is sent back. stdout is the answer, so all other output goes to stderr.
set -euo pipefail

./xdp_loader --dev "$DEV" --progname xdp_tx_func >&2
testenv/testenv.sh --name "$DEV" flood --count "$COUNT" >&2

# flood ends when all frames have arrived, so the counter is complete here.
./xdp_stats --dev "$DEV" --once --json | jq .actions.XDP_TX.packets
