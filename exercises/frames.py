#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Send frames of one kind, byte for byte as defined here.

frames.py                    list the kinds
frames.py KIND COUNT [DEV]   send COUNT of them out of DEV (default: veth0) and print
                             the size of one in bytes
frames.py - [DEV]            the same for each line "KIND COUNT" of the input
frames.py --write DIR        write one frame of each kind to DIR/KIND

A frame that finds the queue of the other end full is sent again. The size is printed
when the other end has processed all frames, if it has a native XDP program.
"""
import errno
import socket
import struct
import sys
import time

BURST = 64         # frames; the queue of the other end has room for 256
PATIENCE_S = 120   # without any progress; only a failure takes that long

IPV4, ARP, IPV6, VLAN, EXPERIMENT = 0x0800, 0x0806, 0x86DD, 0x8100, 0x88B5
SWAPPED_IPV4, SWAPPED_IPV6 = 0x0008, 0xDD86  # read in the wrong byte order
HOPOPTS, ICMP, TCP, UDP, ICMPV6, NONE, OSPF, TEST = 0, 1, 6, 17, 58, 59, 89, 253


def eth(ethertype, payload):
    return b"\xff" * 6 + b"\x02\0\0\0\0\x01" + struct.pack("!H", ethertype) + payload


def ipv4(protocol, payload, options=b""):
    length = 20 + len(options)
    return struct.pack("!BBHHHBBH4s4s", 0x40 | length // 4, 0, length + len(payload), 0, 0, 64, protocol,
                       0, bytes((10, 0, 0, 2)), bytes((10, 0, 0, 1))) + options + payload


def ipv6(protocol, payload):
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64,
                       bytes(15) + b"\x02", bytes(15) + b"\x01") + payload


def udp(source, dest, data=b"hello"):
    return struct.pack("!HHHH", source, dest, 8 + len(data), 0) + data


def tcp(source, dest):
    return struct.pack("!HHIIBBHHH", source, dest, 0, 0, 0x50, 2, 0, 0, 0)


HOP_BY_HOP = struct.pack("BB6x", UDP, 0)
NO_OPERATIONS = b"\x01" * 4
ECHO6 = eth(IPV6, ipv6(UDP, udp(4000, 7)))
HEADERS = 14 + 40  # of Ethernet and IPv6

KINDS = {
    "udp6-echo": ("UDP over IPv6 to port 7", ECHO6),
    "udp6-echo-long": ("UDP over IPv6 to port 7, 1000 bytes of data",
                       eth(IPV6, ipv6(UDP, udp(4000, 7, bytes(1000))))),
    "udp6-echo-empty": ("UDP over IPv6 to port 7, no data", eth(IPV6, ipv6(UDP, udp(4000, 7, b"")))),
    "udp6-from-7": ("UDP over IPv6 from port 7 to another", eth(IPV6, ipv6(UDP, udp(7, 4000)))),
    "udp6-1792": ("UDP over IPv6 to port 1792, which is 7 in the wrong byte order",
                  eth(IPV6, ipv6(UDP, udp(4000, 1792)))),
    "udp6-263": ("UDP over IPv6 to port 263, whose low byte is 7", eth(IPV6, ipv6(UDP, udp(4000, 263)))),
    "udp4-echo": ("UDP over IPv4 to port 7", eth(IPV4, ipv4(UDP, udp(4000, 7)))),
    "tcp4": ("TCP over IPv4", eth(IPV4, ipv4(TCP, tcp(4000, 80)))),
    "icmp4": ("ICMP", eth(IPV4, ipv4(ICMP, struct.pack("!BBHHH", 8, 0, 0, 1, 1)))),
    "ospf4": ("OSPF, IP protocol 89", eth(IPV4, ipv4(OSPF, bytes(24)))),
    "tcp6-echo": ("TCP over IPv6 to port 7", eth(IPV6, ipv6(TCP, tcp(4000, 7)))),
    "icmp6": ("ICMPv6", eth(IPV6, ipv6(ICMPV6, struct.pack("!BBHHH", 128, 0, 0, 7, 7)))),
    "hopopts6": ("UDP after an IPv6 extension header (hop-by-hop options)",
                 eth(IPV6, ipv6(HOPOPTS, HOP_BY_HOP + udp(4000, 7)))),
    "vlan-echo": ("UDP over IPv6 to port 7 with a VLAN tag", eth(VLAN, b"\0\1" + ECHO6[12:])),
    "swapped-ip4": ("IPv4 with EtherType 0x0008, which is 0x0800 in the wrong byte order",
                    eth(SWAPPED_IPV4, ipv4(UDP, udp(4000, 80)))),
    "swapped-ip6": ("udp6-echo with EtherType 0xdd86, which is 0x86dd in the wrong byte order",
                    eth(SWAPPED_IPV6, ECHO6[14:])),
    "swapped-both": ("EtherType 0xdd86 and port 1792: IPv6 and 7 in the wrong byte order",
                     eth(SWAPPED_IPV6, ipv6(UDP, udp(4000, 1792)))),
    "options4": ("UDP after an IPv4 header of 24 bytes (options)",
                 eth(IPV4, ipv4(UDP, udp(4000, 80), NO_OPERATIONS))),
    "ends-ipv4": ("an IPv4 header, and nothing after it", eth(IPV4, ipv4(TEST, b""))),
    "ends-ipv6": ("an IPv6 header, and nothing after it", eth(IPV6, ipv6(NONE, b""))),
    "other-echo": ("the same bytes with EtherType 0x88b5", eth(EXPERIMENT, ECHO6[14:])),
    "zero-echo": ("the same bytes with EtherType 0", eth(0, ECHO6[14:])),
    "arp": ("a frame with EtherType 0x0806, of ARP", eth(ARP, bytes(28))),
    "cut-eth": ("only an Ethernet header, EtherType IPv6", ECHO6[:14]),
    "cut-ipv4": ("an IPv4 header cut after 12 bytes", eth(IPV4, ipv4(UDP, b""))[:14 + 12]),
    "cut-ipv4-19": ("an IPv4 header cut after 19 bytes", eth(IPV4, ipv4(UDP, b""))[:14 + 19]),
    "cut-ipv6": ("an IPv6 header cut after 20 bytes", ECHO6[:14 + 20]),
    "cut-ipv6-39": ("an IPv6 header cut after 39 bytes", ECHO6[:14 + 39]),
    "cut-udp-3": ("a UDP header to port 7 cut after 3 bytes", ECHO6[:HEADERS + 3]),
    "cut-udp-7": ("a UDP header to port 7 cut after 7 bytes", ECHO6[:HEADERS + 7]),
}


def counters(dev):
    """Packets of dev that were delivered, and that found the queue full."""
    with open("/proc/net/dev", encoding="ascii") as lines:
        for line in lines:
            name, _, fields = line.partition(":")
            if name.strip() == dev:
                fields = fields.split()
                return int(fields[9]), int(fields[11])
    raise OSError(errno.ENODEV, f"no counters of {dev}")


def wait_until_counted(dev, total):
    """Wait until dev has delivered or dropped total packets; returns the counters."""
    last, idle_since = None, time.monotonic()
    while True:
        now = counters(dev)
        if sum(now) >= total:
            return now
        if now != last:
            last, idle_since = now, time.monotonic()
        elif time.monotonic() - idle_since > PATIENCE_S:
            raise OSError(errno.ETIMEDOUT, f"frames are stuck in the queue of {dev}")
        time.sleep(0.001)


def send_burst(s, frame, count):
    for _ in range(count):
        try:
            s.send(frame)
        except OSError as error:  # how newer kernels report a full queue
            if error.errno != errno.ENOBUFS:
                raise


def send(s, dev, kind, count):
    frame = KINDS[kind][1]
    before = now = counters(dev)
    sent = 0
    while (left := int(count) - (now[0] - before[0])) > 0:
        send_burst(s, frame, min(left, BURST))
        sent += min(left, BURST)
        now = wait_until_counted(dev, sum(before) + sent)
    print(len(frame), flush=True)


def send_lines(lines, dev):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((dev, 0))
        for line in lines:
            send(s, dev, *line.split())


def show_kinds():
    for name, (what, frame) in KINDS.items():
        print(f"{name:16} {len(frame):5} bytes  {what}")


def write_kinds(directory):
    for name, (_, frame) in KINDS.items():
        with open(f"{directory}/{name}", "wb") as file:
            file.write(frame)


def main(args):
    if not args:
        show_kinds()
        return 0
    if args[0] == "--write" and len(args) == 2:
        write_kinds(args[1])
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
