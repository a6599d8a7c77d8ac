#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a reload loses: a million frames and more arrive while the program is replaced
twenty times. All maps that ever counted are kept, so what none of them has counted went
past every program. The frames come from a packet socket: those that the kernel makes
itself are not even sent while the other end has no program.

Alone, reloads.py WAY prints "SENT COUNTED MAPS" of one of WAYS below."""
import json
import re
import shutil
import sys
import threading
import time

from measure import (BPFFS, INSIDE, LOADER, STATS, TOP, Row, Skipped, make_pair, need,
                     need_sandbox, remove_pair, run)

sys.path.insert(0, f"{TOP}/tests")
import bpf_syscall  # noqa: E402, of the tests

SECTION = "reload under a flood"
RELOADS = 20
PAUSE_S = 0.05  # between two reloads
ENOUGH = 1000000  # frames, at the least
RUN = 200000  # frames of one run of the sender
OBJECT = f"{TOP}/xdp_prog_kern.o"
DEV = "outer"

# name: the commands that replace the program. One that cannot has to unload and load.
WAYS = {
    "ours": [(LOADER, "--dev", DEV, "--force", "--quiet")],
    "reuse": [(LOADER, "--dev", DEV, "--force", "--quiet", "--reuse-maps")],
    "ip -force": [("ip", "-force", "link", "set", "dev", DEV, "xdpdrv", "obj", OBJECT,
                   "sec", "xdp")],
    "xdp-loader": [("xdp-loader", "unload", DEV, "--all"),
                   ("xdp-loader", "load", "-m", "native", DEV, OBJECT)],
}
TITLES = {"ours": "fresh maps", "reuse": "--reuse-maps"}


class Counters:
    """The maps of all programs that were attached, each pinned a second time."""

    def __init__(self):
        self.pinned = {}

    def remember(self):
        """Hold what the program that is attached now counts in."""
        link = run("ip", "-details", "link", "show", "dev", DEV)
        prog_id = int(re.search(r"prog/xdp id (\d+)", link).group(1))
        for map_id in bpf_syscall.prog_map_ids(prog_id):
            if map_id not in self.pinned:
                self.pinned[map_id] = f"kept{map_id}"
                bpf_syscall.pin_by_id(map_id, f"{BPFFS}/kept{map_id}/xdp_stats_map")

    def packets(self):
        """Of all maps and actions, as xdp_stats reads them."""
        devs = [word for name in self.pinned.values() for word in ("--dev", name)]
        reports = run(STATS, "--once", "--quiet", "--json", *devs).splitlines()
        return sum(action["packets"] for report in reports
                   for action in json.loads(report)["actions"].values())

    def forget(self):
        for name in self.pinned.values():
            shutil.rmtree(f"{BPFFS}/{name}")


class Sender(threading.Thread):
    """Floods the interface until it is told to stop; sent is how many frames went."""

    def __init__(self):
        super().__init__()
        self.sent, self.stopping = 0, False

    def run(self):
        while not self.stopping:
            line = run(*INSIDE, f"{TOP}/build/flood", "--socket", "--dev", "inner",
                       "--count", str(RUN))
            self.sent += int(re.match(r"\d+", line).group())

    def stop_at(self, enough):
        while self.sent < enough and self.is_alive():
            time.sleep(0.05)
        self.stopping = True
        self.join()


def reload_under_flood(way, reloads=RELOADS, enough=ENOUGH):
    """(frames sent, frames counted by any program, maps that they were counted in)"""
    commands = WAYS[way]
    need(commands[0][0])
    run(*commands[-1])
    counters, sender = Counters(), Sender()
    counters.remember()
    sender.start()
    try:
        for _ in range(reloads):
            time.sleep(PAUSE_S)
            for command in commands:
                run(*command)
            counters.remember()
    except BaseException:
        sender.stop_at(0)
        raise
    sender.stop_at(enough)
    counted = counters.packets()
    counters.forget()
    return sender.sent, counted, len(counters.pinned)


def measure(way, reloads=RELOADS, enough=ENOUGH):
    make_pair()
    try:
        return reload_under_flood(way, reloads, enough)
    finally:
        remove_pair()


def rows(quick):
    reloads, enough = (5, 200000) if quick else (RELOADS, ENOUGH)
    seen, left_out = {}, []
    for way in WAYS:
        try:
            sent, counted, _ = measure(way, reloads, enough)
            seen[way] = {"sent": sent, "counted": counted, "lost": sent - counted}
        except (Skipped, RuntimeError) as reason:
            left_out.append(str(reason))
    for way in ("ours", "reuse"):
        for what, bound in (("sent", ()), ("counted", ()), ("lost", ("ours", "<=", 0))):
            for peer in [peer for peer in seen if peer not in TITLES] or [""]:
                yield Row(SECTION, f"{TITLES[way]}: frames {what}", "", [seen[way][what]], peer,
                          [seen[peer][what]] if peer else [], bound)
                bound = ()
    if left_out:
        raise Skipped("; ".join(left_out))


if __name__ == "__main__":
    need_sandbox()
    print(*measure(sys.argv[1]))
