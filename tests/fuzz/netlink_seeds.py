#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What this kernel answers when it is asked for an interface: netlink_seeds.py DIRECTORY"""
import socket
import struct
import sys

RTM_NEWLINK, RTM_GETLINK, NLMSG_ERROR, NLM_F_REQUEST = 16, 18, 2, 1
IFLA_IFNAME, IFLA_XDP, IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID = 3, 43, 5, 6


def ask(ifindex):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as link:
        link.send(struct.pack("IHHIIBBHiII", 32, RTM_GETLINK, NLM_F_REQUEST, 0, 0,
                              0, 0, 0, ifindex, 0, 0))
        return link.recv(65536)


def attribute(kind, payload):
    return struct.pack("HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def link_with(*xdp):
    xdp = b"".join(xdp)
    body = struct.pack("BBHiII", 0, 0, 1, 7, 0x1043, 0)
    body += attribute(IFLA_IFNAME, b"veth0\0") + attribute(IFLA_XDP | 0x8000, xdp)
    return struct.pack("IHHII", 16 + len(body), RTM_NEWLINK, 0, 0, 0) + body


def main():
    native = attribute(IFLA_XDP_DRV_PROG_ID, struct.pack("I", 41))
    skb = attribute(IFLA_XDP_SKB_PROG_ID, struct.pack("I", 42))
    seeds = {
        "lo": ask(1), "error": ask(0x7fffffff), "two": link_with(native, skb),
        "short": link_with(native, attribute(IFLA_XDP_SKB_PROG_ID, b"")),
    }
    for name, seed in seeds.items():
        with open(f"{sys.argv[1]}/{name}", "wb") as file:
            file.write(seed)


main()
