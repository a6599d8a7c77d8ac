#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Find out whether a path is missing at any moment.

watch_pin.py PATH: prints "ready", watches until stdin is closed, and prints
"LOOKS MISSES REMOVALS". Looks can miss a gap of a microsecond, so inotify also tells
whether the name has been removed from its directory.
"""
import ctypes
import os
import select
import struct
import sys

IN_DELETE = 0x200
libc = ctypes.CDLL(None, use_errno=True)


def watch(directory):
    fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if fd < 0 or libc.inotify_add_watch(fd, directory.encode(), IN_DELETE) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd, os.stat(directory).st_ino


def removals(fd, name):
    try:
        events = os.read(fd, 1 << 16)
    except BlockingIOError:
        return 0
    count = offset = 0
    while offset < len(events):
        length = struct.unpack_from("iIII", events, offset)[3]
        found = events[offset + 16:offset + 16 + length].rstrip(b"\0").decode()
        count += found == name
        offset += 16 + length
    return count


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
    directory, name = os.path.split(path)
    fd, inode = watch(directory)
    looks, misses, removed = 0, 0, 0
    print("ready", flush=True)
    running = True
    while running:
        running = not select.select([0], [], [], 0)[0]
        misses += look(path)
        looks += 100
        found = removals(fd, name)
        if os.path.isdir(directory) and os.stat(directory).st_ino != inode:
            # another directory has replaced it; events in the old one do not
            # concern this path
            os.close(fd)
            fd, inode = watch(directory)
        else:
            removed += found
    print(looks, misses, removed)


main(sys.argv[1])
