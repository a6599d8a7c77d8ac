#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Write to a pinned map repeatedly until the kernel rejects it.

write_map.py PIN: prints a line when it works, and then the error.
"""
import ctypes
import struct
import sys

from bpf_syscall import BPF_MAP_UPDATE_ELEM, bpf, obj_get

key = ctypes.create_string_buffer(4)
value = ctypes.create_string_buffer(4096)
attr = struct.pack("IIQQQ", obj_get(sys.argv[1]), 0, ctypes.addressof(key),
                   ctypes.addressof(value), 0)
bpf(BPF_MAP_UPDATE_ELEM, attr)
print("writing", flush=True)
try:
    while True:
        bpf(BPF_MAP_UPDATE_ELEM, attr)
except OSError as error:
    print(error, flush=True)
