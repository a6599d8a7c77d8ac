#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Attach a pinned XDP program by a bpf_link and hold it until killed.

hold_link.py PIN IFNAME: no tool of the tests can create such a link.
"""
import socket
import struct
import sys
import time

from bpf_syscall import BPF_LINK_CREATE, BPF_XDP, bpf, obj_get

program = obj_get(sys.argv[1])
bpf(BPF_LINK_CREATE, struct.pack("IIII", program, socket.if_nametoindex(sys.argv[2]), BPF_XDP, 0))
time.sleep(3600)
