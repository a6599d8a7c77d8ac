#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Kill xdp_loader at every system call, and let every system call fail.

For a load, a reload, a reload with --reuse-maps, a reload across modes and an
unload, and for each call that the loader makes once it has started: killed there
(SIGKILL before the call) and failing there (with an errno that this call can have).
Afterwards the state must be the old one or the new one; after a kill the next
loader, which is refused because something is attached, has put it right.

All calls are tried; FAULTS=N in the environment tries every Nth one.
Prints TAP, one line for each operation and kind of fault.
"""
import collections
import os
import re
import subprocess
import sys

from bpf_syscall import map_id, obj_get, prog_map_ids

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOADER = TOP + "/xdp_loader"
BPFFS = "/sys/fs/bpf"
PIN = BPFFS + "/veth0/xdp_stats_map"
STEP = os.environ.get("FAULTS", "all")
STEP = 1 if STEP == "all" else int(STEP)

# What each call can fail with; for the rest EIO.
ERRNO = {
    "openat": "EMFILE", "open": "EMFILE", "socket": "EMFILE", "mmap": "ENOMEM", "brk": "ENOMEM",
    "bpf": "ENOMEM", "sendto": "ENOBUFS", "recvmsg": "ENOBUFS", "recvfrom": "ENOBUFS",
    "mkdir": "ENOSPC", "chmod": "EPERM", "chown": "EPERM", "flock": "ENOLCK", "read": "EIO",
    "newfstatat": "EIO", "getdents64": "ENOMEM", "fstatfs": "ENOMEM", "statfs": "ENOMEM",
    "bind": "ENOMEM", "setsockopt": "ENOMEM", "getsockname": "ENOBUFS", "ioctl": "ENOBUFS",
    "renameat2": "ENOMEM", "unlink": "EPERM", "rmdir": "EBUSY", "readlink": "ENOMEM",
    "write": "EIO", "close": "EINTR", "fcntl": "EMFILE", "munmap": "ENOMEM",
}


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def attached():
    """(mode, id) of the program on veth0, or None."""
    text = run("ip", "-d", "link", "show", "dev", "veth0").stdout
    found = re.search(r"prog/xdp id (\d+)", text)
    mode = "skb" if "xdpgeneric" in text else "native"
    return (mode, int(found.group(1))) if found else None


def pinned():
    """The id of the map that readers find, or None."""
    try:
        fd = obj_get(PIN)
    except OSError:
        return None
    try:
        return map_id(fd)
    finally:
        os.close(fd)


def staged():
    """All that is in the loader's own directory."""
    return [os.path.join(where, name) for where, dirs, files in os.walk(BPFFS + "/xdp_loader:state")
            for name in dirs + files]


def is_whole():
    """What is pinned belongs to what is attached, or there is neither."""
    program, pin = attached(), pinned()
    if not program:
        return not os.path.exists(BPFFS + "/veth0")
    return pin is not None and pin in prog_map_ids(program[1])


Operation = collections.namedtuple("Operation", "name arguments loaded_before")

OPERATIONS = [
    Operation("load", ["--dev", "veth0"], False),
    Operation("reload", ["--dev", "veth0", "--force"], True),
    Operation("reload -M", ["--dev", "veth0", "--force", "-M"], True),
    Operation("reload to skb mode", ["--dev", "veth0", "--force", "--skb-mode"], True),
    Operation("unload", ["--dev", "veth0", "--unload"], True),
]


def reset(operation):
    """The state that an operation begins with."""
    run(LOADER, "--dev", "veth0", "--unload", "--quiet", "--force")
    if attached() or os.path.exists(BPFFS + "/veth0") or staged():
        raise SystemExit(f"cannot clean up: {attached()} {os.listdir(BPFFS)}")
    if operation.loaded_before:
        run(LOADER, "--dev", "veth0", "--quiet")
    return attached(), pinned()


def calls_of(arguments):
    """How often each call is made, in order of the names' first appearance."""
    trace = "/run/trace"
    run("strace", "-qq", "-o", trace, LOADER, *arguments)
    with open(trace) as lines:
        return collections.Counter(re.match(r"\w+", line).group() for line in lines
                                   if re.match(r"\w+\(", line))


def inject(call, n, fault, arguments):
    return run("strace", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
               "-e", f"inject={call}:{fault}:when={n}", LOADER, *arguments)


def check_killed(operation, before):
    program, pin = before
    # a reader finds a map as long as something is attached to count with
    if operation.loaded_before and operation.name != "unload" and pinned() is None:
        return "killed: no map is pinned any more"
    # the next loader: refused or not, it leaves everything in order
    after = run(LOADER, "--dev", "veth0")
    if after.returncode not in (0, 30):
        return f"the next loader fails: {after.stderr.strip()}"
    if not is_whole():
        return f"not whole after the next loader: {attached()} {pinned()}"
    if staged():
        return f"left over: {staged()}"
    if operation.name != "unload" and program and attached() == program and pinned() != pin:
        return "old program, other map"
    return None


def check_failed(operation, before, result):
    now = attached(), pinned()
    if result.returncode < 0:
        return f"died of signal {-result.returncode}"
    if result.returncode not in (0, 1, 2, 30, 40):
        return f"exit code {result.returncode}"
    if result.returncode and "xdp_loader: " not in result.stderr:
        return f"exit code {result.returncode} without a message"
    if "Success" in result.stderr:
        return f"an error that says Success: {result.stderr.strip()}"
    if result.returncode == 0 and operation.name != "unload" and now[0] == before[0]:
        return "exit code 0, but nothing has changed"
    if result.returncode == 0 and operation.name == "unload" and now[0]:
        return "exit code 0, but still attached"
    # a failed unload may have detached; a failed clean-up may leave what was before
    unpinned_next = operation.name == "unload" and not now[0]
    if not unpinned_next and not is_whole():
        return f"neither the old nor the new state: {before} -> {now}: {result.stderr.strip()}"
    if result.returncode and now[0] == before[0] and now[1] != before[1]:
        return f"the old program with another map: {before} -> {now}"
    after = run(LOADER, "--dev", "veth0")
    if after.returncode not in (0, 30) or not is_whole() or staged():
        return f"not put right by the next loader: {after.stderr.strip()} {staged()}"
    return None


def sweep(operation, kind):
    reset(operation)
    # the dynamic linker's calls come first; they are the same for --version, which
    # writes, too, and asks what stdout is: by fstat in glibc 2.41, as the linker does
    started = calls_of(["--version"])
    started["write"] = 0
    started["fstat"] = max(started["fstat"] - 1, 0)
    calls = calls_of(operation.arguments)
    tried, wrong = 0, []
    for call in calls:
        if call in ("execve", "exit_group"):
            continue
        for n in range(started[call] + 1, calls[call] + 1):
            if (n + len(call)) % STEP and call not in ("renameat2", "mkdir", "sendto"):
                continue
            before = reset(operation)
            fault = "signal=KILL" if kind == "killed" else "error=" + ERRNO.get(call, "EIO")
            result = inject(call, n, fault, operation.arguments)
            problem = (check_killed(operation, before) if kind == "killed"
                       else check_failed(operation, before, result))
            tried += 1
            if problem:
                wrong.append(f"{call} {n} ({fault}): {problem}")
    return tried, wrong


def main():
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        print("1..1\nok 1 # skip needs root and namespaces")
        return
    run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1")
    run("ip", "link", "set", "veth0", "up")
    run("ip", "link", "set", "veth1", "up")
    number = 0
    for operation in OPERATIONS:
        for kind in ("killed", "failing"):
            number += 1
            tried, wrong = sweep(operation, kind)
            status = "not ok" if wrong or not tried else "ok"
            print(f"{status} {number} {operation.name}, {kind} at {tried} calls", flush=True)
            for line in wrong:
                print("#", line, flush=True)
    print(f"1..{number}")


sys.exit(main())
