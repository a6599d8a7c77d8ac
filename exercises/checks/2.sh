#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Read the map without xdp_stats: each action on each CPU has its own random counters.

# shellcheck source=exercises/checks/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=exercises/checks/totals.sh
source exercises/checks/totals.sh
# shellcheck source=exercises/checks/calls.sh
source exercises/checks/calls.sh

begin "$1"
make_ready
make_calls
make_lab
fill_map
put_away xdp_stats
expected=$(totals)
run script
must_succeed
must_be_totals "$expected"
if has_other_machine; then
	must_suit_machine 300 0-299 script
	must_suit_machine 1 0 script
fi
solved 'your five totals are those of xdp_stats, added up over all possible CPUs'
