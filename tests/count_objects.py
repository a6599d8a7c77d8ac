#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Print how many BPF maps and programs the kernel has: "MAPS PROGRAMS"."""
from bpf_syscall import BPF_MAP_GET_NEXT_ID, BPF_PROG_GET_NEXT_ID, count_ids

print(count_ids(BPF_MAP_GET_NEXT_ID), count_ids(BPF_PROG_GET_NEXT_ID))
