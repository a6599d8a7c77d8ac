#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Run a command on a terminal that nobody reads; when it is stuck there, SIGTERM must end it.

    stalled_terminal.py COMMAND...
"""

import os
import pty
import signal
import sys
import termios
import time

master, slave = pty.openpty()
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.environ["TERM"] = "xterm"
    os.execv(sys.argv[1], sys.argv[1:])


def is_stuck():
    """In write(2) to the terminal: number 1 on all machines with 64 bits that test this."""
    with open(f"/proc/{pid}/syscall") as file:
        return file.read().split()[:2] in (["1", "0x1"], ["64", "0x1"])


stuck = 0
while stuck < 20:  # for a second without a pause
    stuck = stuck + 1 if is_stuck() else 0
    time.sleep(0.05)
os.kill(pid, signal.SIGTERM)
_, status = os.waitpid(pid, 0)
print("ended with", status)
if termios.tcgetattr(slave) != before:
    sys.exit("the modes of the terminal are not restored")
