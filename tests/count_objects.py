#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Find out which BPF programs and maps still exist.

Reads lines "prog ID" and "map ID"; prints those that exist.
"""
import os
import struct
import sys

from bpf_syscall import BPF_MAP_GET_FD_BY_ID, BPF_PROG_GET_FD_BY_ID, bpf

COMMAND = {"prog": BPF_PROG_GET_FD_BY_ID, "map": BPF_MAP_GET_FD_BY_ID}

for line in sys.stdin:
    kind, number = line.split()
    try:
        os.close(bpf(COMMAND[kind], struct.pack("III", int(number), 0, 0))[0])
    except FileNotFoundError:
        continue
    print(kind, number)
