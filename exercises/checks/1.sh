#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Count what is sent back: the number printed equals the number sent and counted.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

begin "$1"
COUNT=$(random 1000 60000)
export COUNT
make_ready
make_lab
run script
must_succeed

[ -e "$BPFFS/$DEV/xdp_stats_map" ] || unsolved "a program attached to $DEV, its map pinned" \
	"nothing is pinned in $BPFFS/$DEV when the script has ended" \
	"./xdp_loader --dev \"\$DEV\", and leave the program attached"
counted=$(packets XDP_TX)
[ "$counted" = "$COUNT" ] || unsolved "COUNT=$COUNT packets in the map under XDP_TX" \
	"$(totals)" \
	"which program sends a packet back (docs/reference.org lists them), and how many frames flood sends"
[ "$(cat "$WORK/stdout")" = "$COUNT" ] || unsolved "one line on stdout: $COUNT" \
	"$(head -n 8 "$WORK/stdout" | grep . || echo 'nothing on stdout')" \
	"xdp_stats --once --json and jq for the number; >&2 for all other output"
