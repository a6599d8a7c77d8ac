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


class Name:
    """A name in a directory that is watched. A rename to another name leaves a gap if
    what comes next comes from elsewhere; an exchange of two names (RENAME_EXCHANGE) does not.
    """

    def __init__(self, place):
        self.place = place  # watch descriptor and name
        self.gaps, self.gone_to = 0, None

    def note_rename(self, source, target, previous):
        if source == self.place and previous != (target, self.place):
            self.gone_to = target
        elif target == self.place:
            self.gaps += bool(self.gone_to and source and source != self.gone_to)
            self.gone_to = None

    def note(self, mask, place):
        if place == self.place and mask & (CREATE | DELETE):
            self.gaps += bool(mask & DELETE or self.gone_to)
            self.gone_to = None


class Removals:
    """Counts the gaps of a path: of the name, and of its directory in the one above."""

    def __init__(self, path):
        self.directory, name = os.path.split(path)
        self.above, directory_name = os.path.split(self.directory)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.parent = Name((self.watch(self.above), directory_name))
        self.pin = Name((self.watch(self.directory), name))
        self.source = None    # of the rename whose second half is the next event
        self.previous = None  # the last event, if that was a rename: source and target

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
        if mask & MOVED_FROM:
            self.source = cookie, place
        elif mask & MOVED_TO:
            known = self.source and self.source[0] == cookie
            source = self.source[1] if known else None
            for name in self.pin, self.parent:
                name.note_rename(source, place, self.previous)
            self.previous, self.source = (source, place), None
        else:
            for name in self.pin, self.parent:
                name.note(mask, place)
            self.previous = None
        self.note_directory(mask, place)

    def note_directory(self, mask, place):
        """Another directory may have replaced it; events in the old one do not matter then."""
        if place[0] != self.parent.place[0] or not mask & ISDIR:
            return
        if place == self.parent.place:
            self.pin.place, self.pin.gone_to = (self.watch(self.directory), self.pin.place[1]), None
        elif mask & CREATE:
            self.watch(os.path.join(self.above, place[1]))

    def count(self):
        return self.pin.gaps + self.parent.gaps


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
    print(looks, misses, removals.count())


main(sys.argv[1])
