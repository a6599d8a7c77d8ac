#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Send frames of one kind, byte for byte as they are written here.

frames.py                    list the kinds
frames.py KIND COUNT [DEV]   send COUNT of them out of DEV, veth0 where none is
                             named; prints how many bytes one has
frames.py - [DEV]            the same for each line "KIND COUNT" of the input
"""
import socket
import struct
import sys
import time

IPV4, IPV6, VLAN, EXPERIMENT = 0x0800, 0x86DD, 0x8100, 0x88B5
HOPOPTS, ICMP, TCP, UDP, ICMPV6, OSPF = 0, 1, 6, 17, 58, 89


def eth(ethertype, payload):
    return b"\xff" * 6 + b"\x02\0\0\0\0\x01" + struct.pack("!H", ethertype) + payload


def ipv4(protocol, payload):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0,
                       bytes((10, 0, 0, 2)), bytes((10, 0, 0, 1))) + payload


def ipv6(protocol, payload):
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64,
                       bytes(15) + b"\x02", bytes(15) + b"\x01") + payload


def udp(source, dest, data=b"hello"):
    return struct.pack("!HHHH", source, dest, 8 + len(data), 0) + data


def tcp(source, dest):
    return struct.pack("!HHIIBBHHH", source, dest, 0, 0, 0x50, 2, 0, 0, 0)


HOP_BY_HOP = struct.pack("BB6x", UDP, 0)
ECHO6 = eth(IPV6, ipv6(UDP, udp(4000, 7)))
HEADERS = 14 + 40  # of Ethernet and IPv6

KINDS = {
    "udp6-echo": ("UDP over IPv6 to port 7", ECHO6),
    "udp6-echo-long": ("UDP over IPv6 to port 7, 1000 bytes of data",
                       eth(IPV6, ipv6(UDP, udp(4000, 7, bytes(1000))))),
    "udp6-echo-empty": ("UDP over IPv6 to port 7, no data", eth(IPV6, ipv6(UDP, udp(4000, 7, b"")))),
    "udp6-from-7": ("UDP over IPv6 from port 7 to another", eth(IPV6, ipv6(UDP, udp(7, 4000)))),
    "udp6-1792": ("UDP over IPv6 to port 1792, which is 7 with its bytes swapped",
                  eth(IPV6, ipv6(UDP, udp(4000, 1792)))),
    "udp4-echo": ("UDP over IPv4 to port 7", eth(IPV4, ipv4(UDP, udp(4000, 7)))),
    "tcp4": ("TCP over IPv4", eth(IPV4, ipv4(TCP, tcp(4000, 80)))),
    "icmp4": ("ICMP", eth(IPV4, ipv4(ICMP, struct.pack("!BBHHH", 8, 0, 0, 1, 1)))),
    "ospf4": ("OSPF, IP protocol 89", eth(IPV4, ipv4(OSPF, bytes(24)))),
    "tcp6-echo": ("TCP over IPv6 to port 7", eth(IPV6, ipv6(TCP, tcp(4000, 7)))),
    "icmp6": ("ICMPv6", eth(IPV6, ipv6(ICMPV6, struct.pack("!BBHHH", 128, 0, 0, 7, 7)))),
    "hopopts6": ("UDP behind an IPv6 extension header (hop-by-hop options)",
                 eth(IPV6, ipv6(HOPOPTS, HOP_BY_HOP + udp(4000, 7)))),
    "vlan-echo": ("UDP over IPv6 to port 7, with a VLAN tag before", eth(VLAN, b"\0\1" + ECHO6[12:])),
    "other-echo": ("what looks like it, but of EtherType 0x88b5", eth(EXPERIMENT, ECHO6[14:])),
    "cut-eth": ("an Ethernet header and nothing more, EtherType IPv6", ECHO6[:14]),
    "cut-ipv4": ("an IPv4 header cut after 12 bytes", eth(IPV4, ipv4(UDP, b""))[:14 + 12]),
    "cut-ipv6": ("an IPv6 header cut after 20 bytes", ECHO6[:14 + 20]),
    "cut-udp-3": ("a UDP header to port 7 cut after 3 bytes", ECHO6[:HEADERS + 3]),
    "cut-udp-7": ("a UDP header to port 7 cut after 7 bytes", ECHO6[:HEADERS + 7]),
}


def send(s, kind, count):
    frame = KINDS[kind][1]
    for i in range(int(count)):
        s.send(frame)
        if i % 64 == 63:  # the other end has room for 256
            time.sleep(0.001)
    print(len(frame), flush=True)


def send_lines(lines, dev):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((dev, 0))
        for line in lines:
            send(s, *line.split())


def show_kinds():
    for name, (what, frame) in KINDS.items():
        print(f"{name:16} {len(frame):5} bytes  {what}")


def main(args):
    if not args:
        show_kinds()
        return 0
    if args[0] == "-":
        lines, dev = sys.stdin, args[1:2]
    elif len(args) > 1 and args[0] in KINDS and args[1].isdigit():
        lines, dev = [" ".join(args[:2])], args[2:3]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        send_lines(lines, *dev or ["veth0"])
    except OSError as error:
        print(f"frames.py: cannot send: {error.strerror}\nhint: as root, and from inside the lab: "
              f"testenv/testenv.sh exec exercises/frames.py {' '.join(args)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
