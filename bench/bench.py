#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What this toolkit costs, beside other tools: exact counts, and ratios of times that
were measured in the same run. bench/README.org explains the rows. Runs as root in a
sandbox: tests/sandbox.sh bench/bench.py. Exit status 1: a target was missed, or something
of ours failed."""
import argparse
import concurrent.futures
import contextlib
import ctypes
import os
import platform
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, f"{TOP}/tests")
from bpf_syscall import (BPF_MAP_GET_FD_BY_ID, BPF_MAP_TYPE_PERCPU_ARRAY,  # noqa: E402
                         BPF_OBJ_GET_INFO_BY_FD, BPF_PROG_GET_FD_BY_ID, bpf, prog_map_ids)

BPF_MAP_LOOKUP_ELEM = 1
BUILD = f"{TOP}/build/bench"
LOADER, STATS = f"{TOP}/xdp_loader", f"{TOP}/xdp_stats"
OBJECT = f"{TOP}/xdp_prog_kern.o"
DEV = "outer"
PIN = f"/sys/fs/bpf/{DEV}/xdp_stats_map"
BARE_PINS = "/sys/fs/bpf/bare"
IN_PEER = ("nsenter", "--net=/run/netns/peer", "--")
FLOOD = (f"{TOP}/build/flood", "--dev", "inner", "--count")
MISSED, LEFT_OUT = [], []


class Missing(Exception):
    """A tool that is not installed."""


def need(command):
    if not shutil.which(command):
        raise Missing(f"{command} is not installed")


def run(*command, **options):
    """Run a command that has to succeed; its stdout."""
    need(command[0])
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        output = (done.stdout + done.stderr).strip()
        raise RuntimeError(f"status {done.returncode}: {' '.join(command)}\n{output}")
    return done.stdout


def of_peer(measure, *arguments):
    """What measure returns; None if a tool is missing or fails, which is reported at the end."""
    try:
        return measure(*arguments)
    except (Missing, RuntimeError, OSError) as reason:
        LEFT_OUT.append(str(reason))
        return None


@contextlib.contextmanager
def veth_pair():
    """"outer" here, "inner" in the namespace "peer". IPv6 is off, so that only the benchmark
    sends packets."""
    run("ip", "netns", "add", "peer")
    try:
        run("ip", "link", "add", "dev", DEV, "type", "veth",
            "peer", "name", "inner", "netns", "peer")
        for name, prefix in ((DEV, ()), ("inner", IN_PEER)):
            flag = f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6"
            run(*prefix, "sh", "-c", f"! [ -e {flag} ] || echo 1 >{flag}")
            run(*prefix, "ip", "link", "set", "dev", name, "up")
        yield
    finally:
        for command in ((LOADER, "--dev", DEV, "--unload"), ("ip", "link", "delete", "dev", DEV),
                        ("ip", "netns", "delete", "peer")):
            subprocess.run(command, capture_output=True, check=False)
        shutil.rmtree(BARE_PINS, ignore_errors=True)


def heading(title, *columns):
    print(f"\n{title:<34}" + "".join(f"{column:>13}" for column in columns) + "  target")


def row(what, cells, target=None, judged=True):
    """Print a row; a cell that is None was left out. target: (value, "<=" or ">=", limit)."""
    line = f"  {what:<32}" + "".join(f"{'-' if cell is None else cell:>13}" for cell in cells)
    if target:
        value, relation, limit = target
        met = value <= limit if relation == "<=" else value >= limit
        line += f"  {relation} {limit} " + (
            "not judged" if not judged else "met" if met else "MISSED")
        if judged and not met:
            MISSED.append(f"{what}: {value:.3g}, not {relation} {limit}")
    print(line, flush=True)


def in_turn(rounds, contestants):
    """Call {name: function} round by round, each round begun by another one, so that all
    meet the same load of the machine; {name: [results]}."""
    names, results = list(contestants), {name: [] for name in contestants}
    for number in range(rounds):
        at = number % len(names)
        for name in names[at:] + names[:at]:
            results[name].append(contestants[name]())
    return results


def ratio(ours, theirs):
    """(ratio of the fastest rounds, how far the ratio of the first quartiles is from it, text).
    The fastest, because other processes can only make a round slower."""
    best = min(ours) / min(theirs)
    off = abs(statistics.quantiles(ours)[0] / statistics.quantiles(theirs)[0] / best - 1)
    return best, off, f"{best:.3g} ±{off:.0%}"


def count_calls(*command):
    """(system calls, those of them that are bpf()) of a command, by strace."""
    need("strace")
    need(command[0])
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        run("strace", "-f", "-qq", "-o", log.name, *command)
        lines = [line for line in log if re.match(r"\d+ +[a-z]\w*\(", line)]
    return len(lines), sum(" bpf(" in line for line in lines)


# The commands that load, reload and unload. A loader that cannot replace a program unloads
# first. The bare loader only loads.
IP_LOAD = ("link", "set", "dev", DEV, "xdpdrv", "obj", OBJECT, "sec", "xdp")
XDP_LOADER_LOAD = ("xdp-loader", "load", "-m", "native", DEV, OBJECT)
XDP_LOADER_UNLOAD = ("xdp-loader", "unload", DEV, "--all")
STEPS = {
    "xdp_loader": {"load": [(LOADER, "--dev", DEV)], "reload": [(LOADER, "--dev", DEV, "--force")],
                   "unload": [(LOADER, "--dev", DEV, "--unload")]},
    "ip": {"load": [("ip", *IP_LOAD)], "reload": [("ip", "-force", *IP_LOAD)],
           "unload": [("ip", "link", "set", "dev", DEV, "xdpdrv", "off")]},
    "xdp-loader": {"load": [XDP_LOADER_LOAD], "reload": [XDP_LOADER_UNLOAD, XDP_LOADER_LOAD],
                   "unload": [XDP_LOADER_UNLOAD]},
    "bare libbpf": {"load": [(f"{BUILD}/bare_loader", OBJECT, DEV, BARE_PINS)]},
}


def count_steps(steps):
    """{step: (system calls, bpf() calls)}. All is done twice and the second time counts:
    the first one may find less prepared."""
    for _ in range(2):
        with veth_pair():
            counts = {step: [count_calls(*command) for command in commands]
                      for step, commands in steps.items()}
    return {step: tuple(map(sum, zip(*of))) for step, of in counts.items()}


def loading(_quick):
    heading("loading", *STEPS)
    counts = {name: count_steps(steps) if name == "xdp_loader" else of_peer(count_steps, steps)
              for name, steps in STEPS.items()}
    # A newer libbpf makes more calls. Then the target is relative to the bare loader.
    bare = (counts["bare libbpf"] or {"load": (0, 0)})["load"]
    limits = {("load", 0): max(140, bare[0] + 60), ("load", 1): max(24, bare[1] + 8)}
    for step in STEPS["xdp_loader"]:
        for index, what in enumerate(("system calls", "of these bpf()")):
            cells = [of[step][index] if of and step in of else None for of in counts.values()]
            limit = limits.get((step, index))
            row(f"{step}: {what}", cells, limit and (cells[0], "<=", limit))


def calls_of_one(command):
    """Calls of one repetition; command(n) is a command that repeats something n times."""
    few, many = (count_calls(*command(count)) for count in (1, 21))
    return [(b - a) / 20 for a, b in zip(few, many)]


def bpftool_calls():
    with tempfile.TemporaryDirectory() as scratch:
        def dump(count):
            with open(f"{scratch}/{count}", "w", encoding="utf-8") as batch:
                batch.write(f"map dump pinned {PIN}\n" * count)
            return "bpftool", "batch", "file", batch.name
        return calls_of_one(dump)


def reading(quick):
    def sample(way, count):
        return f"{BUILD}/sample", PIN, way, str(count)

    def ticks(count):
        return STATS, "--dev", DEV, "--quiet", "--interval", "0.01", "--count", str(count)

    heading("reading a pinned map", "xdp_stats", "5 look-ups", "bpftool")
    with veth_pair():
        run(LOADER, "--dev", DEV, "--quiet")
        calls = [calls_of_one(ticks), calls_of_one(lambda count: sample("each", count)),
                 of_peer(bpftool_calls)]
        for index, what, limit in (1, "a sample: bpf() calls", 1), (0, "a tick: system calls", 4):
            row(what, [of and f"{of[index]:g}" for of in calls], (calls[0][index], "<=", limit))
        rounds = 5 if quick else 60
        times = in_turn(rounds, {way: lambda way=way: float(run(*sample(way, 5000)))
                                 for way in ("batch", "each")})
        row("a sample: time, as a ratio", [ratio(times["batch"], times["each"])[2], 1, None])


def attached_id():
    found = re.search(r"prog/xdp id (\d+)", run("ip", "-details", "link", "show", "dev", DEV))
    if not found:
        raise RuntimeError(f"ip shows no program on {DEV}")
    return int(found.group(1))


def attach(program):
    run(LOADER, "--dev", DEV, "--force", "--quiet", "--progname", program,
        "--filename", OBJECT if program == "xdp_drop_func" else f"{BUILD}/empty_kern.o")


def fd_by_id(command, number):
    return bpf(command, struct.pack("III", number, 0, 0))[0]


def instructions(program):
    """How many the program has as the kernel translated it. A constant of 64 bits is one
    instruction in two places, of which the second has no opcode."""
    attach(program)
    code, info = ctypes.create_string_buffer(65536), ctypes.create_string_buffer(128)
    # struct bpf_prog_info: xlated_prog_len at 20, xlated_prog_insns at 32
    struct.pack_into("I", info, 20, len(code))
    struct.pack_into("Q", info, 32, ctypes.addressof(code))
    fd = fd_by_id(BPF_PROG_GET_FD_BY_ID, attached_id())
    bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack("IIQ", fd, len(info), ctypes.addressof(info)))
    os.close(fd)
    return sum(code.raw[at] != 0 for at in range(0, *struct.unpack_from("I", info, 20), 8))


def flood_s(program, frames):
    """Seconds of a flood from the inner end to a program that drops it, all on one CPU."""
    attach(program)
    before = time.monotonic()
    run(*IN_PEER, "taskset", "-c", str(min(os.sched_getaffinity(0))), *FLOOD, str(frames))
    return time.monotonic() - before


def packets(quick):
    heading("counting a packet", "counted", "not counted")
    with veth_pair():
        counted, empty = instructions("xdp_drop_func"), instructions("empty")
        row("instructions", [counted, empty], (counted, "<=", empty + 24))
        # Many short floods: some of them are disturbed by nobody, even on a busy machine.
        seconds = in_turn(5 if quick else 60, {
            "counted": lambda: flood_s("xdp_drop_func", 300000),
            "empty": lambda: flood_s("empty", 300000), "start": lambda: flood_s("empty", 1000)})
    start = min(seconds["start"])
    value, off, text = ratio(*([s - start for s in seconds[way]] for way in ("empty", "counted")))
    row("packets/s, as a ratio", [text, 1], (value + off, ">=", 0.97), not quick and off <= 0.03)


WAYS = {
    "ours": [(LOADER, "--dev", DEV, "--force", "--quiet")],
    "ours -M": [(LOADER, "--dev", DEV, "--force", "--quiet", "--reuse-maps")],
    "ip -force": STEPS["ip"]["reload"],
    "xdp-loader": STEPS["xdp-loader"]["reload"],
}
# Else libxdp may attach a program of its own, which does not refer to the map.
LIBXDP = {**os.environ, "LIBXDP_SKIP_DISPATCHER": "1"}


def hold_maps(held):
    """Keep the statistics maps of the attached program open in {id: fd}: they outlive it."""
    info = ctypes.create_string_buffer(88)
    for map_id in set(prog_map_ids(attached_id())) - set(held):
        fd = fd_by_id(BPF_MAP_GET_FD_BY_ID, map_id)
        bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack("IIQ", fd, len(info), ctypes.addressof(info)))
        # type, id, size of a key, size of a value, entries
        if struct.unpack_from("5I", info) == (BPF_MAP_TYPE_PERCPU_ARRAY, map_id, 4, 16, 5):
            held[map_id] = fd
        else:
            os.close(fd)


def packets_in(fd):
    """The packets of all actions and CPUs in a statistics map."""
    key, records, total = ctypes.c_uint32(), ctypes.create_string_buffer(1 << 18), 0
    for key.value in range(5):
        bpf(BPF_MAP_LOOKUP_ELEM, struct.pack("IIQQQ", fd, 0, ctypes.addressof(key),
                                             ctypes.addressof(records), 0))
        total += sum(struct.unpack(f"{len(records) // 8}Q", records)[::2])
    return total


def send(enough, stop):
    """Send frames, enough of them at the least, until stop is set; how many arrived at the
    other end. A frame that it had no room for is sent again, whatever loader is measured."""
    sent = 0
    while sent < enough or not stop.is_set():
        sent += int(re.match(r"\d+", run(*IN_PEER, *FLOOD, "200000", "--socket")).group())
    return sent


def reload_under_traffic(way, reloads=20, enough=1000000):
    """(frames sent, frames counted by any of the programs, maps that they are counted in)"""
    held, stop = {}, threading.Event()
    with veth_pair(), concurrent.futures.ThreadPoolExecutor() as pool:
        run(*WAYS[way][-1], env=LIBXDP)
        hold_maps(held)
        sender = pool.submit(send, enough, stop)
        try:
            for _ in range(reloads):
                time.sleep(0.05)
                for command in WAYS[way]:
                    run(*command, env=LIBXDP)
                hold_maps(held)
        finally:
            stop.set()
        result = sender.result(), sum(map(packets_in, held.values())), len(held)
    for fd in held.values():
        os.close(fd)
    return result


def reload(quick):
    amount = (5, 200000) if quick else (20, 1000000)
    heading(f"{amount[0]} reloads under traffic", *WAYS)
    seen = [reload_under_traffic(way, *amount) if way.startswith("ours") else
            of_peer(reload_under_traffic, way, *amount) for way in WAYS]
    for index, what in enumerate(("frames sent", "frames counted", "maps they are counted in")):
        row(what, [of and of[index] for of in seen])
    lost = [of and of[0] - of[1] for of in seen]
    # A frame that is counted twice is as wrong as one that is lost.
    row("frames lost", lost, (max(map(abs, lost[:2])), "<=", 0))


def size_of(name):
    """(bytes when stripped, shared libraries that the program names)"""
    need(name)
    path = os.path.realpath(shutil.which(name))
    with tempfile.NamedTemporaryFile() as stripped:
        run("strip", "-o", stripped.name, path)
        return os.path.getsize(stripped.name), run("readelf", "--dynamic", path).count("(NEEDED)")


def from_source():
    """Whether the programs were built with libbpf from source."""
    with open(f"{TOP}/libbpf/root/kind", encoding="utf-8") as kind:
        return kind.read().startswith("source")


def size(_quick):
    heading(f"size, libbpf {'from source' if from_source() else 'as packaged'}", "bytes",
            "libraries")
    for name in (LOADER, STATS, "ip", "xdp-loader", "bpftool"):
        cells = of_peer(size_of, name) or (None, None)
        row(os.path.basename(name), cells,
            (cells[0], "<=", 65536) if name == STATS and from_source() else None)


SECTIONS = {section.__name__: section for section in (loading, reading, packets, reload, size)}


def versions():
    """What was measured, on what."""
    text = [f"kernel {platform.release()}", f"{os.cpu_count()} CPUs"]
    packaged = ("libbpf", "pkg-config", "--modversion", "libbpf")
    for name, *command in (("iproute2", "ip", "-V"), ("bpftool", "bpftool", "version"),
                           ("xdp-tools", "dpkg-query", "-W", "xdp-tools"),
                           *(() if from_source() else (packaged,))):
        with contextlib.suppress(Missing, RuntimeError, AttributeError):
            text.append(f"{name} {re.search(r'[0-9]+[.][0-9.]*', run(*command)).group()}")
    return ", ".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds; times are not judged")
    parser.add_argument("--reload", choices=WAYS, help="print SENT COUNTED MAPS of one way")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    options = parser.parse_args()
    if set(options.sections) - set(SECTIONS):
        parser.error(f"the sections are {', '.join(SECTIONS)}")
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        sys.exit("bench: this has to run in a sandbox\nhint: tests/sandbox.sh bench/bench.py")
    if options.reload:
        print(*reload_under_traffic(options.reload))
        return 0
    print(versions())
    for name in options.sections or SECTIONS:
        try:
            SECTIONS[name](options.quick)
        except Missing as reason:
            LEFT_OUT.append(f"{name}: {reason}")
        except (RuntimeError, OSError) as reason:
            MISSED.append(f"{name} failed: {reason}")
    print()
    for text in dict.fromkeys(LEFT_OUT):
        print(f"left out: {text}")
    for text in MISSED:
        print(f"missed: {text}")
    return 1 if MISSED else 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
