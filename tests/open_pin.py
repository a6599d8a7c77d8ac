#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Open a pinned map by its path repeatedly, until stdin is closed.

open_pin.py PATH: prints "OPENS FAILURES ID,ID,...", with the ids of the maps that it found.
"""
import os
import select
import sys

from bpf_syscall import BPF_F_RDONLY, map_id, obj_get

opens, failures, ids = 0, 0, []
while not select.select([0], [], [], 0)[0]:
    for _ in range(100):
        opens += 1
        try:
            fd = obj_get(sys.argv[1], BPF_F_RDONLY)
        except OSError:
            failures += 1
            continue
        found = map_id(fd)
        if not ids or ids[-1] != found:
            ids.append(found)
        os.close(fd)
print(opens, failures, ",".join(map(str, ids)))
