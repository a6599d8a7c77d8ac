#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Replace a pin without a gap.
set -euo pipefail

# rename(2) puts a name in the place of another in one step, but only within one file
# system; so the new map is pinned beside the old one. A pin there is as good as any.
new=$PIN-new
bpftool map create "$new" type percpu_array key 4 value 16 entries 5 name xdp_stats_map

# -T: onto the name itself, even if it should be a directory. The old map loses its
# only reference with that, and is freed.
mv -T "$new" "$PIN"
