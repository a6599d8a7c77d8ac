#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Read the map with two commands of bpf(2), without a library for BPF."""
import ctypes
import os
import struct

BPF_MAP_LOOKUP_ELEM, BPF_OBJ_GET = 1, 7
NUMBER = 321 if os.uname().machine == "x86_64" else 280
libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attr):
    result = libc.syscall(NUMBER, command, attr, len(attr))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


# "0-3,8-11": the kernel writes a record for each possible CPU, online or not, so the
# buffer must have room for all of them.
with open("/sys/devices/system/cpu/possible") as file:
    ranges = [r.split("-") for r in file.read().strip().split(",")]
cpus = sum(int(r[-1]) - int(r[0]) + 1 for r in ranges)

path = f"/sys/fs/bpf/{os.environ['DEV']}/xdp_stats_map".encode()
name, key, records = ctypes.create_string_buffer(path), ctypes.c_uint32(), (ctypes.c_uint64 * (2 * cpus))()
fd = bpf(BPF_OBJ_GET, struct.pack("QII", ctypes.addressof(name), 0, 0))

for key.value, action in enumerate(["ABORTED", "DROP", "PASS", "TX", "REDIRECT"]):
    bpf(BPF_MAP_LOOKUP_ELEM, struct.pack("IxxxxQQQ", fd, ctypes.addressof(key), ctypes.addressof(records), 0))
    print(f"XDP_{action} {sum(records[0::2])} {sum(records[1::2])}")
