#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Hold the lock on a directory that is replaced all the time, until killed.

renew_lock.py DIRECTORY: like many loaders, one after the other. Prints a line when it works.
"""
import fcntl
import os
import sys
import time

held = None
while True:
    new = sys.argv[1] + ":new"
    os.mkdir(new, 0o700)
    fd = os.open(new, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.rename(new, sys.argv[1])
    if held is None:
        print("ready", flush=True)
    else:
        os.close(held)
    held = fd
    time.sleep(0.3)
