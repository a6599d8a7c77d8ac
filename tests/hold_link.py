#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Attach a pinned XDP program by a bpf_link and hold it until killed.

hold_link.py PIN IFNAME: no tool that the tests have can make such a link.
"""
import ctypes
import socket
import struct
import sys
import time

BPF_OBJ_GET = 7
BPF_LINK_CREATE = 28
BPF_XDP = 37
SYS_BPF = {"x86_64": 321, "aarch64": 280}

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attr):
    import os
    number = SYS_BPF[os.uname().machine]
    buffer = ctypes.create_string_buffer(attr, 128)
    result = libc.syscall(number, command, buffer, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


path = ctypes.create_string_buffer(sys.argv[1].encode())
program = bpf(BPF_OBJ_GET, struct.pack("QII", ctypes.addressof(path), 0, 0))
bpf(BPF_LINK_CREATE, struct.pack("IIII", program, socket.if_nametoindex(sys.argv[2]), BPF_XDP, 0))
time.sleep(60)
