#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Exercise 10: the program on $DEV sends packets back, but they do not arrive. Print the
# reason and how many of $COUNT frames were lost, "REASON PACKETS"; then mend it.
set -euo pipefail

testenv/testenv.sh --name "$DEV" flood --count "$COUNT" >&2
./xdp_stats --dev "$DEV" --once >&2
