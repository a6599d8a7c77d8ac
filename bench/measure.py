# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""How the benchmark measures: commands, their system calls, and rows of figures.

Times are those of a machine that does other things as well, so no time is claimed by
itself: who is compared is run in turn, round by round, and it is the ratio of each
round of which the table shows the median.
"""
import dataclasses
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = f"{TOP}/build/bench"
RESULTS = os.environ.get("BENCH_RESULTS", BUILD)
SCRATCH = tempfile.TemporaryDirectory(prefix="bench.")  # of this run alone
LOADER, STATS = f"{TOP}/xdp_loader", f"{TOP}/xdp_stats"
BPFFS = "/sys/fs/bpf"


class Skipped(Exception):
    """What cannot be measured here, and why."""


def median(values):
    return statistics.median(values)


def spread(values):
    """Half of what lies between the first and the last quarter, per cent of the median."""
    if len(values) < 4 or not median(values):
        return 0.0
    low, _, high = statistics.quantiles(values, n=4)
    return 50.0 * (high - low) / median(values)


def standard_error(values):
    """How far the mean may be off, per cent of it."""
    if len(values) < 2 or not statistics.fmean(values):
        return 0.0
    return 100.0 * statistics.stdev(values) / statistics.fmean(values) / len(values) ** 0.5


@dataclasses.dataclass
class Row:
    """One line of the table: a figure of ours, beside that of somebody else."""

    section: str
    what: str
    unit: str    # "ms", "KB"; "" for what is counted, not timed
    ours: list   # a value for each round; of what is counted exactly, one
    peer: str = ""  # who theirs are
    theirs: list = dataclasses.field(default_factory=list)
    bound: tuple = ()  # ("ratio" or "ours", "<=" or ">=", number): what must be reached
    # Where a value is mostly waiting, which comes in steps, the median jumps from one to
    # the next: then the mean, with its standard error.
    mean: bool = False

    def summary(self, values):
        """(middle, its spread in per cent), or None."""
        if not values:
            return None
        if self.mean:
            return statistics.fmean(values), standard_error(values)
        return median(values), spread(values)

    def ratio(self):
        """(ours to theirs, its spread in per cent), or None.

        The median of the rounds' ratios, or the ratio of the means.
        """
        if not self.theirs or not all(self.theirs):
            return None
        if self.mean:
            (ours, error), (theirs, their_error) = map(self.summary, (self.ours, self.theirs))
            return ours / theirs, (error ** 2 + their_error ** 2) ** 0.5
        return self.summary([a / b for a, b in zip(self.ours, self.theirs)])

    def verdict(self):
        """"met" or "MISSED"; "open" where the mean may be off by more than what is left
        to the limit; None where nothing is asked of the row."""
        if not self.bound:
            return None
        subject, relation, limit = self.bound
        value, percent = self.ratio() if subject == "ratio" else self.summary(self.ours)
        error = 2 * value * percent / 100 if self.mean else 0
        over = value - limit if relation == "<=" else limit - value
        return "met" if over + error <= 0 else "MISSED" if over - error > 0 else "open"


def in_turn(rounds, contestants):
    """Run {name: function} round by round; {name: [what it returned]}.

    Each round begins with another one, after a pause of random length: who always came
    second would always meet what the first one left, such as a grace period of RCU.
    """
    names = list(contestants)
    results = {name: [] for name in names}
    for number in range(rounds):
        at = number % len(names)
        for name in names[at:] + names[:at]:
            time.sleep(random.uniform(0.005, 0.015))
            results[name].append(contestants[name]())
    return results


def need_sandbox():
    """Interfaces are made, programs attached: not where anybody else could see it."""
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        sys.exit("bench: this has to run in a sandbox: tests/sandbox.sh bench/run.py")


def missing(*commands):
    return [command for command in commands if not shutil.which(command)]


def need(*commands):
    if missing(*commands):
        raise Skipped(f"there is no {', no '.join(missing(*commands))} here")


def check(arguments, status, output):
    if status:
        raise RuntimeError(f"status {status}: {' '.join(arguments)}\n{output.strip()}")


def run(*arguments, **options):
    """Run a command that has to succeed; its stdout."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, **options)
    check(arguments, done.returncode, done.stdout + done.stderr)
    return done.stdout


@dataclasses.dataclass
class Cost:
    wall_ms: float
    cpu_ms: float

    def __add__(self, other):
        return Cost(self.wall_ms + other.wall_ms, self.cpu_ms + other.cpu_ms)


def cost(*arguments):
    """Wall and CPU time of a command, from its start to its end."""
    output = os.memfd_create("output")
    actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    before = time.monotonic()
    pid = os.posix_spawnp(arguments[0], arguments, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - before
    with os.fdopen(output) as printed:
        printed.seek(0)
        check(arguments, status, printed.read())
    return Cost(wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3)


def trace(*arguments, options=()):
    """The lines of strace about a command, one for each system call."""
    need("strace")
    log = f"{SCRATCH.name}/trace"
    run("strace", "-f", "-qq", *options, "-o", log, *arguments)
    with open(log, encoding="utf-8", errors="replace") as lines:
        return [line for line in lines if re.match(r"\d+ +[a-z]\w*\(", line)]


def count_calls(*arguments):
    """(all system calls, those of bpf) of a command."""
    lines = trace(*arguments)
    return len(lines), sum(" bpf(" in line for line in lines)


def one_cpu():
    """The first one that we may use: what runs on one CPU runs there."""
    return str(min(os.sched_getaffinity(0)))


def peak_kb(*arguments):
    """The most memory that a command had resident, in KB.

    By time(1): a child of this process would be charged with what Python has.
    """
    if not os.path.exists("/usr/bin/time"):
        raise Skipped("there is no /usr/bin/time here")
    log = f"{SCRATCH.name}/peak"
    run("/usr/bin/time", "--format=%M", "-o", log, *arguments)
    with open(log, encoding="utf-8") as peak:
        return int(peak.read())


def make_pair():
    """A veth pair: "outer" here, "inner" in the namespace "peer". No IPv6, so that
    nothing but the benchmark sends a packet."""
    run("ip", "netns", "add", "peer")
    run("ip", "link", "add", "dev", "outer", "type", "veth",
        "peer", "name", "inner", "netns", "peer")
    for name, prefix in (("outer", ()), ("inner", INSIDE)):
        subprocess.run([*prefix, "sh", "-c",
                        f"echo 1 >/proc/sys/net/ipv6/conf/{name}/disable_ipv6"],
                       stderr=subprocess.DEVNULL, check=False)
        run(*prefix, "ip", "link", "set", "dev", name, "up")


INSIDE = ("nsenter", "--net=/run/netns/peer", "--")


def remove_pair():
    subprocess.run([LOADER, "--dev", "outer", "--unload", "--quiet"],
                   capture_output=True, check=False)
    run("ip", "link", "delete", "dev", "outer")
    run("ip", "netns", "delete", "peer")
