#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Find out whether a path is missing at any moment.

watch_pin.py PATH: prints "ready", watches until stdin is closed, and prints
"LOOKS MISSES REMOVALS". Looks can miss a gap of a microsecond, so inotify also tells
whether the name has been removed, or renamed before there was another one. It watches the
directory, the one above, and new ones there.
"""
import ctypes
import os
import select
import struct
import sys

MOVED_FROM, MOVED_TO, CREATE, DELETE, ISDIR = 0x40, 0x80, 0x100, 0x200, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


class Removals:
    """Follows a name through the events of its directory, and counts its gaps."""

    def __init__(self, path):
        self.directory, self.name = os.path.split(path)
        self.above, self.directory_name = os.path.split(self.directory)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.above_wd, self.wd = self.watch(self.above), self.watch(self.directory)
        self.count = 0
        self.source = None  # of the rename whose second half is the next event
        self.last = None    # the last rename, source and target
        self.gone_to = None

    def watch(self, directory):
        wd = libc.inotify_add_watch(self.fd, directory.encode(),
                                    MOVED_FROM | MOVED_TO | CREATE | DELETE)
        if wd < 0 and ctypes.get_errno() not in (2, 20):  # it can be gone already
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return wd

    def read(self):
        try:
            events = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return
        offset = 0
        while offset < len(events):
            wd, mask, cookie, length = struct.unpack_from("iIII", events, offset)
            name = events[offset + 16:offset + 16 + length].rstrip(b"\0").decode()
            self.note(mask, cookie, (wd, name))
            offset += 16 + length

    def note(self, mask, cookie, place):
        is_pin = place == (self.wd, self.name)
        if mask & MOVED_FROM:
            self.source = cookie, place
        elif mask & MOVED_TO:
            known = self.source and self.source[0] == cookie
            self.note_rename(self.source[1] if known else None, place)
        elif is_pin and (mask & DELETE or self.gone_to):
            self.count += 1
            self.gone_to = None
        if not mask & MOVED_TO:
            self.last = self.last if mask & MOVED_FROM else None
        self.note_directory(mask, place)

    def note_rename(self, source, target):
        pin = self.wd, self.name
        if source == pin and self.last != (target, pin):  # else the second half of an exchange
            self.gone_to = target
        elif target == pin:
            # an exchange brings back what is where the old one went
            self.count += bool(self.gone_to and source and source != self.gone_to)
            self.gone_to = None
        self.last, self.source = (source, target), None

    def note_directory(self, mask, place):
        """Another directory may have replaced it; events in the old one do not matter then."""
        if place[0] != self.above_wd or not mask & ISDIR:
            return
        if place[1] == self.directory_name:
            self.wd, self.gone_to = self.watch(self.directory), None
        elif mask & CREATE:
            self.watch(os.path.join(self.above, place[1]))


def look(path):
    """How often the path was missing in 100 looks."""
    misses = 0
    for _ in range(100):
        try:
            os.close(os.open(path, os.O_PATH))
        except FileNotFoundError:
            misses += 1
    return misses


def main(path):
    looks, misses, removals = 0, 0, Removals(path)
    print("ready", flush=True)
    running = True
    while running:
        running = not select.select([0], [], [], 0)[0]
        misses += look(path)
        looks += 100
        removals.read()
    print(looks, misses, removals.count)


main(sys.argv[1])
