#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Scrape a node exporter as long as a process runs: every answer has all counters.

    scrape.py URL PID FILE

Prints how often it scraped, and how many versions of FILE there were meanwhile.
"""

import os
import re
import sys
import urllib.request

COUNTER = re.compile(r'^xdp_packets_total\{action="(\w+)",device="veth0"\} (\S+)$', re.M)
ACTIONS = {"aborted", "drop", "pass", "tx", "redirect"}


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def main(url, pid, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    scrapes, versions, last = 0, set(), -1
    while is_alive(pid):
        with opener.open(url) as answer:
            text = answer.read().decode()
        assert re.search(r"^node_textfile_scrape_error 0$", text, re.M), text
        found = dict(COUNTER.findall(text))
        assert set(found) == ACTIONS, text
        assert float(found["drop"]) >= last, text
        last = float(found["drop"])
        versions.add(os.stat(path).st_mtime_ns)
        scrapes += 1
    print(scrapes, len(versions))


main(*sys.argv[1:])
