#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Kill xdp_loader at every system call, and let every system call fail.

For a load, a reload, a reload with --reuse-maps, a reload across modes, an unload, a
load that is to be confirmed, its confirmation and its rollback, --losses, and for each
call that the loader makes once it has started: killed there (SIGKILL before the call)
and failing there (with an errno that this call can have).
Afterwards the state must be the old one or the new one; after a kill the next
loader, which is refused because something is attached, has put it right.

The same beside others, and with less than root on the newest kernel: each class below
is such a case, and says what must not have been touched.

All calls are tried alone, and every 12th one in the other cases; FAULTS=N in the
environment tries every Nth one of all, FAULTS=all each one. FAULTS_CASES=PATTERN runs
the cases whose names match. Prints TAP, one line for each operation and kind of fault.
"""
import collections
import json
import os
import re
import subprocess
import sys

from bpf_syscall import map_id, obj_get, prog_map_ids

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOADER = TOP + "/xdp_loader"
BPFFS = "/sys/fs/bpf"
PIN = BPFFS + "/veth0/xdp_stats_map"
STATE = BPFFS + "/xdp_loader:state"
STEP = os.environ.get("FAULTS", "")
CASES = os.environ.get("FAULTS_CASES", "")
TWO_MAPS = TOP + "/build/tests/objects/two_maps.o"

# An errno with which each call can fail; EIO for the others.
ERRNO = {
    "openat": "EMFILE", "open": "EMFILE", "socket": "EMFILE", "mmap": "ENOMEM", "brk": "ENOMEM",
    "bpf": "ENOMEM", "sendto": "ENOBUFS", "recvmsg": "ENOBUFS", "recvfrom": "ENOBUFS",
    "mkdir": "ENOSPC", "chmod": "EPERM", "chown": "EPERM", "flock": "ENOLCK", "read": "EIO",
    "newfstatat": "EIO", "getdents64": "ENOMEM", "fstatfs": "ENOMEM", "statfs": "ENOMEM",
    "bind": "ENOMEM", "setsockopt": "ENOMEM", "getsockname": "ENOBUFS", "ioctl": "ENOBUFS",
    "renameat2": "ENOMEM", "unlink": "EPERM", "rmdir": "EBUSY", "readlink": "ENOMEM",
    "write": "EIO", "close": "EINTR", "clone": "EAGAIN", "fcntl": "EMFILE", "munmap": "ENOMEM",
}


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def attached(dev="veth0"):
    """(mode, id) of the program on an interface, or None."""
    text = run("ip", "-d", "link", "show", "dev", dev).stdout
    found = re.search(r"prog/xdp id (\d+)", text)
    mode = "skb" if "xdpgeneric" in text else "native"
    return (mode, int(found.group(1))) if found else None


def pinned(dev="veth0"):
    """The id of the pinned map, or None."""
    try:
        fd = obj_get(f"{BPFFS}/{dev}/xdp_stats_map")
    except OSError:
        return None
    try:
        return map_id(fd)
    finally:
        os.close(fd)


def is_ours(path):
    try:
        return os.lstat(path).st_uid == 0
    except FileNotFoundError:
        return False


def staged():
    """The entries of the state directory of the loader."""
    return [os.path.join(where, name) for where, dirs, files in os.walk(STATE)
            for name in dirs + files] if is_ours(STATE) else []


def is_whole(dev="veth0"):
    """Are the pinned maps those of the attached program, or is there neither?"""
    program, pin = attached(dev), pinned(dev)
    if not program:
        return not is_ours(f"{BPFFS}/{dev}")
    return pin is not None and pin in prog_map_ids(program[1])


Operation = collections.namedtuple("Operation", "name arguments loaded_before")

OPERATIONS = [
    Operation("load", ["--dev", "veth0"], False),
    Operation("reload", ["--dev", "veth0", "--force"], True),
    Operation("reload -M", ["--dev", "veth0", "--force", "-M", "--progname", "xdp_drop_func"], True),
    Operation("reload to skb mode", ["--dev", "veth0", "--force", "--skb-mode"], True),
    Operation("unload", ["--dev", "veth0", "--unload"], True),
]


class Alone:
    """As root, without others."""
    name = "alone"
    operations = OPERATIONS
    step = 1
    before_strace = []
    strace = []
    force = ["--force"]  # for cleaning up

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def loader(self, *arguments):
        return run(*self.before_strace, LOADER, *arguments)

    def inject(self, call, n, fault, arguments):
        # a loader that hangs has failed, too: exit code 124
        return run("timeout", "300", *self.before_strace, "strace", "-qq", "-o", "/dev/null",
                   "-e", "trace=" + ",".join([call, *self.traced()]), *self.strace,
                   "-e", f"inject={call}:{fault}:when={n}", LOADER, *arguments)

    def traced(self):
        return [re.match(r"inject=(\w+)", word).group(1) for word in self.strace
                if word.startswith("inject=")]

    def left(self):
        """What the loader has left and must not have: all but a pin of the program."""
        found = staged()
        if STATE + "/veth0/program" in found:
            return [path for path in found if re.search(r"/\d+(/|$)", path)]
        return found

    def touched(self):
        """What was changed for others, or None."""
        return None

    def reset(self, operation):
        """The state in which an operation begins."""
        run(LOADER, "--dev", "veth0", "--unload", "--quiet", *self.force)
        if attached() or is_ours(BPFFS + "/veth0") or self.left():
            raise SystemExit(f"cannot clean up: {attached()} {os.listdir(BPFFS)} {self.left()}")
        if operation.loaded_before:
            self.loader("--dev", "veth0", "--quiet", *self.object_before)
        return attached(), pinned()

    object_before = []

    def next_loader(self):
        """The next loader fails or loads, but repairs in any case. A problem, or None."""
        after = self.loader("--dev", "veth0")
        if after.returncode not in (0, 30):
            return f"the next loader fails: {after.stderr.strip()}"
        if not is_whole():
            return f"not whole after the next loader: {attached()} {pinned()}"
        return f"left over: {self.left()}" if self.left() else None

    def check_killed(self, operation, before):
        program, pin = before
        # as long as a program is attached, a reader must find a map
        if operation.loaded_before and operation.name != "unload" and pinned() is None:
            return "killed: no map is pinned any more"
        problem = self.next_loader()
        if problem:
            return problem
        if operation.name != "unload" and program and attached() == program and pinned() != pin:
            return "old program, other map"
        return None

    def check_failed(self, operation, before, result):
        now = attached(), pinned()
        if result.returncode == 0 and operation.name != "unload" and now[0] == before[0]:
            return "exit code 0, but nothing has changed"
        if result.returncode == 0 and operation.name == "unload" and now[0]:
            return "exit code 0, but still attached"
        # a failed unload may have detached; a failed clean-up may leave the previous pins
        unpinned_next = operation.name == "unload" and not now[0]
        if not unpinned_next and not self.is_whole_now():
            return f"neither the old nor the new state: {before} -> {now}: {result.stderr.strip()}"
        if result.returncode and now[0] == before[0] and now[1] != before[1]:
            return f"the old program with another map: {before} -> {now}"
        return self.next_loader()

    def is_whole_now(self):
        return is_whole()

    def check(self, kind, operation, before, result):
        if kind == "killed":
            return self.check_killed(operation, before)
        if result.returncode < 0:
            return f"died of signal {-result.returncode}"
        if result.returncode not in (0, 1, 2, 30, 40):
            return f"exit code {result.returncode}"
        if result.returncode and "xdp_loader: " not in result.stderr:
            return f"exit code {result.returncode} without a message"
        if "Success" in result.stderr:
            return f"an error that says Success: {result.stderr.strip()}"
        return self.check_failed(operation, before, result)


class PinByPin(Alone):
    """A kernel before 5.17, which cannot exchange two directories."""
    name = "pin by pin"
    operations = [Operation("reload", ["--dev", "veth0", "--force", "--filename", TWO_MAPS], True),
                  Operation("reload -M", ["--dev", "veth0", "--force", "-M", "--progname", "xdp_drop_func"], True)]
    step = 6
    strace = ["-e", "inject=renameat2:error=EINVAL"]
    object_before = ["--filename", TWO_MAPS]

    def loader(self, *arguments):
        if not os.path.exists(BPFFS + "/veth0"):  # for a first load these kernels have it
            return run(LOADER, *arguments)
        return run("strace", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", *self.strace,
                   LOADER, *arguments)


class TwoDevices(Alone):
    """Two interfaces in one call: both or none."""
    name = "two devices"
    devs = ["veth0", "veth1"]
    both = ["--dev", "veth0", "--dev", "veth1"]
    operations = [Operation("load", both, False),
                  Operation("reload", [*both, "--force"], True),
                  Operation("reload -M to skb mode", [*both, "--force", "-M", "-S"], True),
                  Operation("unload", [*both, "--unload"], True)]
    step = 5

    def look(self):
        return [(attached(dev), pinned(dev)) for dev in self.devs]

    def reset(self, operation):
        run(LOADER, *self.both, "--unload", "--quiet", "--force")
        if any(any(now) for now in self.look()) or self.left():
            raise SystemExit(f"cannot clean up: {self.look()} {self.left()}")
        if operation.loaded_before:
            run(LOADER, *self.both, "--quiet")
        return self.look()

    def next_loader(self):
        """After a kill, each interface is repaired by itself."""
        for dev in self.devs:
            after = self.loader("--dev", dev)
            if after.returncode not in (0, 30):
                return f"the next loader fails: {after.stderr.strip()}"
        if not all(is_whole(dev) for dev in self.devs):
            return f"not whole after the next loader: {self.look()}"
        return f"left over: {self.left()}" if self.left() else None

    def check_killed(self, operation, before):
        if operation.loaded_before and operation.name != "unload" and not all(
                pin for _, pin in self.look()):
            return "killed: no map is pinned any more"
        return self.next_loader()

    def check_failed(self, operation, before, result):
        now = self.look()
        changed = [was[0] != new[0] for was, new in zip(before, now)]
        if result.returncode == 0 and operation.name != "unload" and not all(changed):
            return "exit code 0, but not all have changed"
        if operation.name != "unload" and any(changed) != all(changed):
            return f"one has changed, one has not: {before} -> {now}: {result.stderr.strip()}"
        if operation.name != "unload" and not any(changed) and now != before:
            return f"other pins: {before} -> {now}"
        return self.next_loader()


class Pending(Alone):
    """A load that waits for confirmation: the load, --confirm and --rollback."""
    name = "pending"
    load = ["--dev", "veth0", "--force", "--filename", TWO_MAPS, "--confirm=86400"]
    operations = [Operation("load --confirm", load, False),
                  Operation("reload --confirm", load, True),
                  Operation("reload -M --confirm to skb mode", [*load, "-M", "-S"], True),
                  Operation("confirm", ["--dev", "veth0", "--confirm"], True),
                  Operation("rollback", ["--dev", "veth0", "--rollback"], True)]
    step = 7

    def pending(self):
        status = run(LOADER, "--dev", "veth0", "--status", "--json").stdout
        return json.loads(status)["interfaces"][0]["pending"] if status else None

    def reset(self, operation):
        self.loader("--dev", "veth0", "--rollback")
        before = super().reset(operation)
        self.old = before
        if "--force" in operation.arguments:
            return before
        self.loader(*self.load, "--quiet")
        if not self.pending():
            raise SystemExit("nothing is pending")
        return attached(), pinned()

    def settle(self):
        """The next loader is refused, but repairs; what is pending can be rolled back."""
        pending = self.pending()
        if attached() and (pending or attached() == self.old[0]):
            after = self.loader("--dev", "veth0")
            if after.returncode != 30:
                return f"the next loader: {after.returncode} {after.stderr.strip()}"
        elif not self.old[0] and not attached():
            after = self.loader("--dev", "veth0", "--unload")
            if after.returncode:
                return f"the next loader: {after.returncode} {after.stderr.strip()}"
        elif self.loader("--dev", "veth0").returncode not in (0, 30):
            return "the next loader fails"
        if not is_whole():
            return f"not whole after the next loader: {attached()} {pinned()}"
        if self.pending():
            after = self.loader("--dev", "veth0", "--rollback")
            if after.returncode or (attached(), pinned()) != self.old:
                return f"rollback: {self.old} -> {attached()} {pinned()} {after.stderr.strip()}"
        elif attached() == self.old[0] and pinned() != self.old[1]:
            return f"old program, other map: {self.old} -> {attached()} {pinned()}"
        return f"left over: {self.left()}" if self.left() else None

    def check_killed(self, operation, before):
        if self.old[0] and pinned() is None:
            return "killed: no map is pinned any more"
        return self.settle()

    def check_failed(self, operation, before, result):
        now = attached(), pinned()
        pending = self.pending()
        if result.returncode == 0:
            right = {"confirm": not pending and now == before,
                     "rollback": not pending and now == self.old}
            if not right.get(operation.name, pending and now[0] != before[0]):
                return f"exit code 0: {before} -> {now}, pending {pending}"
        elif "--force" in operation.arguments and now != before:
            return f"failed, but changed: {before} -> {now}: {result.stderr.strip()}"
        return self.settle()


class PendingPinByPin(Pending):
    """The same where two directories cannot be exchanged."""
    name = "pending, pin by pin"
    operations = [operation for operation in Pending.operations if operation.name != "load --confirm"]
    step = 12
    strace = PinByPin.strace
    loader = PinByPin.loader


class Elsewhere(Alone):
    """In another network namespace the same name has a program whose pins are staged."""
    name = "another namespace's staged pins"
    operations = [operation for operation in OPERATIONS if "--force" not in operation.arguments]
    step = 12
    force = []
    inside = ["nsenter", "--net=/run/netns/elsewhere", "--"]
    kill = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=renameat2:signal=KILL"]

    def __enter__(self):
        run("ip", "netns", "add", "elsewhere")
        run("ip", "-n", "elsewhere", "link", "add", "veth0", "type", "veth", "peer", "name", "in")
        run("ip", "-n", "elsewhere", "link", "set", "veth0", "up")
        run(*self.inside, *self.kill, LOADER, "--dev", "veth0")
        self.theirs = set(staged())
        self.before = self.look()
        if len(self.theirs) < 3:
            raise SystemExit(f"nothing is staged: {self.theirs}")
        return self

    def __exit__(self, *_):
        run("ip", "netns", "delete", "elsewhere")

    def look(self):
        program = run(*self.inside, "ip", "-d", "link", "show", "dev", "veth0").stdout
        return (re.search(r"prog/xdp id (\d+)", program).group(1),
                [(path, os.lstat(path).st_ino) for path in sorted(self.theirs)])

    def left(self):
        return [path for path in super().left() if path not in self.theirs
                and path != STATE + "/veth0/program"]

    def touched(self):
        now = self.look()
        return None if now == self.before else f"of others: {self.before} -> {now}"


class ElsewherePinned(Elsewhere):
    """In another network namespace the same name has a program and its pins."""
    name = "another namespace's pins"
    operations = [Operation("refused load", ["--dev", "veth0"], False),
                  Operation("refused unload", ["--dev", "veth0", "--unload"], False)]
    kill = []

    def __enter__(self):
        run("ip", "netns", "add", "elsewhere")
        run("ip", "-n", "elsewhere", "link", "add", "veth0", "type", "veth", "peer", "name", "in")
        run("ip", "-n", "elsewhere", "link", "set", "veth0", "up")
        run(*self.inside, LOADER, "--dev", "veth0")
        self.theirs = {BPFFS + "/veth0", PIN}
        self.before = self.look()
        return self

    def reset(self, operation):
        if attached() or staged():
            raise SystemExit(f"attached: {attached()}, staged: {staged()}")
        return attached(), pinned()

    def check(self, kind, operation, before, result):
        if (attached(), pinned()) != before:
            return f"{before} -> {attached()} {pinned()}"
        if kind == "failing" and result.returncode == 0:
            return "exit code 0"
        after = run(LOADER, "--dev", "veth0")
        if after.returncode != 40 or "is in use by program" not in after.stderr:
            return f"the next loader: {after.returncode} {after.stderr.strip()}"
        return f"left over: {staged()}" if staged() else None


class TwoLoaders(Alone):
    """Another loader works on the same interface."""
    name = "two loaders"
    operations = [OPERATIONS[0]._replace(arguments=["--dev", "veth0", "--force"]), OPERATIONS[1],
                  OPERATIONS[4]]
    step = 12

    def inject(self, call, n, fault, arguments):
        with subprocess.Popen([LOADER, "--dev", "veth0", "--force"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as other:
            result = super().inject(call, n, fault, arguments)
            self.said = other.communicate()[1].strip()
        self.status = other.returncode
        return result

    def touched(self):
        return f"the other loader: {self.status} {self.said}" if self.status else None

    def check_killed(self, operation, before):
        return self.next_loader()

    def check_failed(self, operation, before, result):
        return self.next_loader()


class WithoutAdmin(Alone):
    """With only CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON."""
    name = "without CAP_SYS_ADMIN"
    operations = [OPERATIONS[0], OPERATIONS[1], OPERATIONS[2], OPERATIONS[4]]
    step = 12
    before_strace = ["setpriv", "--bounding-set", "-all,+bpf,+net_admin,+perfmon",
                     "--inh-caps", "-all,+bpf,+net_admin,+perfmon", "--"]

    def next_loader(self):
        after = self.loader("--dev", "veth0")
        if after.returncode not in (0, 30, 40):
            return f"the next loader: {after.returncode} {after.stderr.strip()}"
        if after.returncode == 40 and "CAP_SYS_ADMIN" not in after.stderr:
            return f"the next loader: {after.returncode} {after.stderr.strip()}"
        after = run(LOADER, "--dev", "veth0")  # only root can find out which program uses the maps
        if after.returncode not in (0, 30):
            return f"root's loader fails: {after.stderr.strip()}"
        if not is_whole():
            return f"not whole after root's loader: {attached()} {pinned()}"
        return f"left over: {self.left()}" if self.left() else None

    def is_whole_now(self):
        return True  # without a descriptor the old program is not attached again


class HostileUser(Alone):
    """On a BPF file system of mode 1777, a user creates, renames and removes entries."""
    name = "a hostile user"
    operations = [operation._replace(arguments=[*operation.arguments, "--force"])
                  for operation in (OPERATIONS[0], OPERATIONS[1], OPERATIONS[2], OPERATIONS[4])]
    step = 12

    def __enter__(self):
        os.chmod(BPFFS, 0o1777)
        os.makedirs("/run/victim/veth0", exist_ok=True)
        for name in ("xdp_stats_map", "1", "veth0/xdp_stats_map"):
            with open("/run/victim/" + name, "w") as victim:
                victim.write("untouched")
        run("bpftool", "map", "create", BPFFS + "/theirs", "type", "array", "key", "4", "value",
            "4", "entries", "1", "name", "theirs")
        os.chown(BPFFS + "/theirs", 65534, 65534)
        self.before = self.look()
        self.user = subprocess.Popen(
            [sys.executable, TOP + "/tests/hostile_user.py", "plant", BPFFS, "veth0",
             "xdp_loader:state", "xdp_loader:state:0"], stdout=subprocess.PIPE,
            env={**os.environ, "PAUSE": "0.001"})
        self.user.stdout.readline()
        return self

    def __exit__(self, *_):
        self.user.kill()
        self.user.wait()
        self.user.stdout.close()
        run(LOADER, "--dev", "veth0", "--unload", "--force")
        for name in os.listdir(BPFFS):
            if not is_ours(f"{BPFFS}/{name}"):
                run("rm", "-r", f"{BPFFS}/{name}")
        os.chmod(BPFFS, 0o700)

    def look(self):
        found = run("find", "/run/victim", BPFFS + "/theirs", "-printf", "%p %i %u %g %m %s %C@\n")
        return sorted(found.stdout.splitlines())

    def touched(self):
        now = self.look()
        return None if now == self.before else f"of others: {self.before} -> {now}"

    def loader(self, *arguments):
        """By force, since he has perhaps something where the pins belong."""
        return run(LOADER, *arguments, "--force")


class OwnMounts(Alone):
    """In its own mount namespace without bpffs: it mounts one, which ends with it."""
    name = "a mount namespace of its own"
    operations = [OPERATIONS[0], OPERATIONS[1], OPERATIONS[4]]
    step = 12
    before_strace = ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c",
                     "umount /sys/fs/bpf && exec \"$@\"", "sh"]

    def __enter__(self):
        os.mkdir(BPFFS + "/theirs")
        run("bpftool", "map", "create", BPFFS + "/theirs/map", "type", "array", "key", "4",
            "value", "4", "entries", "1", "name", "theirs")
        return self

    def __exit__(self, *_):
        run("rm", "-r", BPFFS + "/theirs")

    def reset(self, operation):
        run(LOADER, "--dev", "veth0", "--unload", "--quiet", "--force")
        if operation.loaded_before:
            run(LOADER, "--dev", "veth0", "--quiet")
        self.before = self.look()
        return attached(), pinned()

    def look(self):
        with open("/proc/self/mounts") as mounts:
            return mounts.read(), run("find", BPFFS, "-printf", "%p %i %u %m\n").stdout

    def touched(self):
        now = self.look()
        return None if now == self.before else f"outside: {self.before} -> {now}"

    def check_killed(self, operation, before):
        return self.next_loader()

    def check_failed(self, operation, before, result):
        if result.returncode == 0 and operation.name != "unload" and attached() == before[0]:
            return "exit code 0, but nothing has changed"
        if before[0] and not attached() and operation.name != "unload":
            return f"nothing is attached any more: {before}"
        return self.next_loader()

    def next_loader(self):
        """Outside, where the program has no pins, --force is needed."""
        after = run(LOADER, "--dev", "veth0", "--force")
        if after.returncode:
            return f"the next loader fails: {after.stderr.strip()}"
        return None if is_whole() and not staged() else f"not whole: {attached()} {pinned()}"


class Losses(Alone):
    """--losses: all is as before or as asked for, and the next one mends what a killed one left."""
    name = "losses"
    operations = [Operation("on", ["--losses"], False),
                  Operation("another version", ["--losses"], True),
                  Operation("off", ["--losses=off"], True)]
    step = 9
    pins = ["xdp_bulk_tx", "xdp_devmap_xmit", "xdp_exception", "xdp_losses_map", "xdp_redirect_err"]

    def __exit__(self, *_):
        run(LOADER, "--losses=off")

    def look(self):
        """Inode and mode of each pin; none if there is no directory."""
        return run("find", BPFFS + "/xdp_loader:losses", "-printf", "%f %i %m\n").stdout

    def reset(self, operation):
        run(LOADER, "--losses=off")
        if self.look() or self.left():
            raise SystemExit(f"cannot clean up: {self.look()} {self.left()}")
        if operation.loaded_before:
            run(LOADER, "--losses")
        if operation.name == "another version":
            os.unlink(BPFFS + "/xdp_loader:losses/xdp_bulk_tx")
        return self.look()

    def next_loader(self):
        after = run(LOADER, "--losses")
        pins = sorted(os.listdir(BPFFS + "/xdp_loader:losses")) if self.look() else []
        if after.returncode or pins != self.pins:
            return f"the next loader: {after.stderr.strip()}, pinned: {pins}"
        return f"left over: {self.left()}" if self.left() else None

    def check_killed(self, operation, before):
        return self.next_loader()

    def check_failed(self, operation, before, result):
        now = self.look()
        if result.returncode == 0 and (not now) != (operation.name == "off"):
            return f"exit code 0, but pinned: {now}"
        was_done = operation.name == "off" or "the work is done" in result.stderr
        if result.returncode and not was_done and now != before:
            return f"failed, and not as before: {before} -> {now}: {result.stderr.strip()}"
        return self.next_loader()


def calls_of(case, arguments):
    """The number of calls of each name, in the order of the first calls."""
    trace = "/run/trace"
    run(*case.before_strace, "strace", "-qq", "-o", trace, *case.strace, LOADER, *arguments)
    with open(trace) as lines:
        return collections.Counter(re.match(r"\w+", line).group() for line in lines
                                   if re.match(r"\w+\(", line))


def sweep(case, operation, kind):
    case.reset(operation)
    # skip the calls of the dynamic linker, which come first: --version makes the same ones, and
    # then writes, after an fstat of stdout in glibc 2.41
    started = calls_of(case, ["--version"])
    started["write"] = 0
    started["fstat"] = max(started["fstat"] - 1, 0)
    calls = calls_of(case, operation.arguments)
    step = 1 if STEP == "all" else int(STEP or case.step)
    tried, wrong = 0, []
    for call in calls:
        if call in ("execve", "exit_group", *case.traced()):
            continue
        for n in range(started[call] + 1, calls[call] + 1):
            if (n + len(call)) % step and call not in ("renameat2", "mkdir", "sendto"):
                continue
            before = case.reset(operation)
            fault = "signal=KILL" if kind == "killed" else "error=" + ERRNO.get(call, "EIO")
            result = case.inject(call, n, fault, operation.arguments)
            problem = case.touched() or case.check(kind, operation, before, result)
            tried += 1
            if problem:
                wrong.append(f"{call} {n} ({fault}): {problem}")
    return tried, wrong


def run_case(case, number):
    """Prints a line for each operation and kind. Returns how many lines, and runs."""
    runs, lines = 0, 0
    for operation in case.operations:
        for kind in ("killed", "failing"):
            tried, wrong = sweep(case, operation, kind)
            runs += tried
            lines += 1
            status = "not ok" if wrong or not tried else "ok"
            print(f"{status} {number + lines} {case.name}: {operation.name}, {kind} at {tried} calls",
                  flush=True)
            for line in wrong:
                print("#", line, flush=True)
    return lines, runs


def main():
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        print("1..1\nok 1 # skip needs root and namespaces")
        return
    run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1")
    run("ip", "link", "set", "veth0", "up")
    run("ip", "link", "set", "veth1", "up")
    number, runs = 0, 0
    for case in (Alone, PinByPin, TwoDevices, Pending, PendingPinByPin, Elsewhere, ElsewherePinned, TwoLoaders, WithoutAdmin,
                 HostileUser, OwnMounts, Losses):
        if not re.search(CASES, case.name):
            continue
        with case() as entered:
            lines, tried = run_case(entered, number)
        run(LOADER, "--dev", "veth0", "--unload", "--force")
        number += lines
        runs += tried
    print(f"# {runs} runs")
    print(f"1..{number}")


sys.exit(main())
