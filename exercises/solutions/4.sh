#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Replace a pin without a gap.
set -euo pipefail

# rename(2) replaces one name by another in one step, but only within one file system,
# so the new map is pinned next to the old one.
new=$PIN-new
bpftool map create "$new" type percpu_array key 4 value 16 entries 5 name xdp_stats_map

# -T: replace the name itself, even if it is a directory. The old map loses its only
# reference and is freed.
mv -T "$new" "$PIN"
