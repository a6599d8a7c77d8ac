#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Print a pinned per-CPU map of struct datarec, without the entries that are 0.

records.py PIN [CPU]: lines "KEY PACKETS BYTES", added up over all CPUs or of one. Reads
the bytes, because the map may come from a program without type information.
"""
import json
import subprocess
import sys


def number(text):
    return int.from_bytes(bytes(int(byte, 16) for byte in text), sys.byteorder)


def main(pin, cpu=None):
    dump = subprocess.run(["bpftool", "-j", "map", "dump", "pinned", pin], check=True,
                          stdout=subprocess.PIPE).stdout
    for entry in json.loads(dump):
        values = [value["value"] for value in entry["values"]
                  if cpu is None or value["cpu"] == int(cpu)]
        packets, size = (sum(number(value[at:at + 8]) for value in values) for at in (0, 8))
        if packets or size:
            print(number(entry["key"]), packets, size)


main(*sys.argv[1:])
