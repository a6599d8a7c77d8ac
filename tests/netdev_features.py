#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What the kernel answers to NETDEV_CMD_DEV_GET, as JSON: netdev_features.py IFNAME"""

import json
import socket
import struct
import sys

NETLINK_GENERIC = 16
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
DEV_GET, IFINDEX, XDP_FEATURES, METADATA = 1, 1, 3, 5


def ask(sock, family, command, attribute, value):
    padded = value + b"\0" * (-len(value) % 4)
    payload = struct.pack("=BBHHH", command, 1, 0, 4 + len(value), attribute) + padded
    sock.send(struct.pack("=IHHII", 16 + len(payload), family, 1, 0, 0) + payload)
    answer = sock.recv(65536)
    at, end, found = 20, struct.unpack_from("=I", answer)[0], {}
    while at + 4 <= end:
        length, kind = struct.unpack_from("=HH", answer, at)
        found[kind & 0x3FFF] = answer[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def main():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC) as sock:
        family = ask(sock, CTRL, GETFAMILY, FAMILY_NAME, b"netdev\0")
        number = struct.unpack("=H", family[FAMILY_ID])[0]
        index = struct.pack("=I", socket.if_nametoindex(sys.argv[1]))
        device = ask(sock, number, DEV_GET, IFINDEX, index)
    json.dump({"xdp": struct.unpack("=Q", device[XDP_FEATURES])[0],
               "metadata": struct.unpack("=Q", device[METADATA])[0]}, sys.stdout)


main()
