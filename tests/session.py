#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A remote shell over TCP, as ssh would be: the far end of a lock-out.

session.py serve ADDRESS PORT           run each line of one connection with sh; says "ready"
session.py run ADDRESS PORT COMMAND...  send each command, print its answer, and
                                        how many seconds the last one took
"""
import socket
import subprocess
import sys
import time


def serve(address, port):
    with socket.create_server((address, port)) as server:
        print("ready", flush=True)
        with server.accept()[0] as connection, connection.makefile("rw") as lines:
            for line in lines:
                # its output goes through the session
                subprocess.run(["sh", "-c", line], stdin=connection, stdout=connection,
                               stderr=connection, check=False)
                lines.write("end of answer\n")
                lines.flush()


def run(address, port, commands):
    with socket.create_connection((address, port)) as connection, \
            connection.makefile("rw") as lines:
        for command in commands:
            begin = time.monotonic()
            lines.write(command + "\n")
            lines.flush()
            for line in iter(lines.readline, "end of answer\n"):
                if not line:
                    raise SystemExit("the session has ended")
                print(line, end="")
        print(f"{time.monotonic() - begin:.1f}")


if sys.argv[1] == "serve":
    serve(sys.argv[2], int(sys.argv[3]))
else:
    run(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
