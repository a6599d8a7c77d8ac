# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What reading pinned maps costs: one sample, a tick of xdp_stats, and how both grow with
the number of maps. The maps are real, the interfaces that their pins are named after are
not: a reader needs none."""
import os
import re
import shutil
import subprocess
import sys

from measure import (BPFFS, BUILD, RESULTS, SCRATCH, STATS, TOP, Row, Skipped, cost,
                     count_calls, in_turn, median, missing, need, run)

sys.path.insert(0, f"{TOP}/tests")
import bpf_syscall  # noqa: E402, of the tests

SECTION = "reading"
COUNTS = (1, 100, 1000)
CURVE = (1, 3, 10, 30, 100, 300, 1000)
CPUS = (2, 16, 64, 128)
TICKS = 20


def name(number):
    return f"bench{number}"


def pin_maps(count):
    """Maps of the contract's shape (headers/xdp_stats_kern_user.h), empty."""
    for number in range(count):
        fd = bpf_syscall.map_create(bpf_syscall.BPF_MAP_TYPE_PERCPU_ARRAY, 4, 16, 5)
        os.mkdir(f"{BPFFS}/{name(number)}")
        bpf_syscall.obj_pin(fd, f"{BPFFS}/{name(number)}/xdp_stats_map")
        os.close(fd)


def remove_maps(count):
    for number in range(count):
        shutil.rmtree(f"{BPFFS}/{name(number)}")


def devs(count):
    return [word for number in range(count) for word in ("--dev", name(number))]


def dump_file(count, times=1):
    """A file of commands for bpftool, which then reads all maps in one process."""
    path = f"{SCRATCH.name}/dump"
    with open(path, "w", encoding="utf-8") as out:
        for _ in range(times):
            out.writelines(f"map dump pinned {BPFFS}/{name(number)}/xdp_stats_map\n"
                           for number in range(count))
    return path


def sample(count, rounds):
    """us a map of the four ways of bench/sample.c: [batch], [each], [inode], [id]."""
    lines = run(f"{BUILD}/sample", "--rounds", str(rounds), *devs(count)).splitlines()
    *ways, nothing = zip(*([int(ns) for ns in line.split()] for line in lines))
    return [[(ns - median(nothing)) / 1e3 / count for ns in way] for way in ways]


def maps(count):
    return "1 map" if count == 1 else f"{count} maps"


def samples(rounds):
    for count in COUNTS:
        batch, each, inode, by_id = sample(count, max(rounds * 1000 // count, 20))
        bound = ("ratio", "<=", 0.5) if count == 1 else ()
        yield Row(SECTION, f"a sample, each of {maps(count)}", "µs", batch,
                  "five look-ups", each, bound)
        if count == 1:
            yield Row(SECTION, "was it replaced?", "µs", inode, "open, ask for the id", by_id)


def stats(count, ticks, interval):
    return (STATS, "--quiet", "--interval", str(interval), "--count", str(ticks), *devs(count))


def tick_calls(count):
    """System calls of a tick for each map: what more ticks take more."""
    few, many = (count_calls(*stats(count, ticks, 0.05))[0] for ticks in (2, 2 + TICKS))
    return (many - few) / TICKS / count


def tick_us(count):
    """CPU time of a tick for each map."""
    few, many = (cost(*stats(count, ticks, 0.05)).cpu_ms for ticks in (1, 1 + TICKS))
    return (many - few) * 1e3 / TICKS / count


def dump(measure, count):
    """Of bpftool for each map: what it takes more to dump them all once more."""
    more = max(TICKS // count, 1)
    few, many = (measure("bpftool", "batch", "file", dump_file(count, times))
                 for times in (1, 1 + more))
    return (many - few) / more / count


def dump_calls(count):
    return dump(lambda *command: count_calls(*command)[0], count)


def dump_us(count):
    return dump(lambda *command: cost(*command).cpu_ms * 1e3, count)


def ticks(rounds):
    has_bpftool = not missing("bpftool")
    for count in COUNTS:
        yield Row(SECTION, f"calls a map and tick, {maps(count)}", "", [tick_calls(count)],
                  "bpftool map dump", [dump_calls(count)] if has_bpftool else [],
                  ("ours", "<=", 4))
    by_count = {}
    for count in COUNTS:
        contestants = {"ours": lambda count=count: tick_us(count)}
        if has_bpftool:
            contestants["bpftool"] = lambda count=count: dump_us(count)
        runs = in_turn(rounds, contestants)
        by_count[count] = runs["ours"]
        yield Row(SECTION, f"CPU time a map and tick, {maps(count)}", "µs", runs["ours"],
                  "bpftool map dump", runs.get("bpftool", []))
    yield from model(by_count)


def model(by_count):
    """a + b * maps, through one map and a thousand; by_count: {maps: [us a map]}."""
    lines = [line_through({count: us * count for count, us in zip(by_count, values)})
             for values in zip(*by_count.values())]
    for index, what in enumerate(("a tick, CPU time, whatever it reads", "more for each map")):
        yield Row(SECTION, what, "µs", [line[index] for line in lines])


def linear(rounds):
    runs = in_turn(rounds, {count: lambda count=count: tick_us(count) for count in (100, 1000)})
    yield Row(SECTION, "the same, 1000 maps against 100", "µs", runs[1000],
              "100 maps", runs[100], ("ratio", "<=", 1.25))


def share(interval, seconds):
    """Per cent of a CPU that xdp_stats takes for one interface."""
    count = round(seconds / interval)
    few, many = (cost(*stats(1, n, interval)).cpu_ms for n in (1, 1 + count))
    return (many - few) / 10 / seconds


def dump_share(interval):
    """The same of a bpftool that is started at each interval."""
    return cost("bpftool", "batch", "file", dump_file(1)).cpu_ms / 10 / interval


def shares(rounds, seconds):
    for interval in (1, 0.01):
        contestants = {"ours": lambda interval=interval: share(interval, seconds)}
        if not missing("bpftool"):
            contestants["bpftool"] = lambda interval=interval: dump_share(interval)
        runs = in_turn(rounds, contestants)
        yield Row(SECTION, f"xdp_stats every {interval} s, of a CPU", "%", runs["ours"],
                  "bpftool, each anew", runs.get("bpftool", []))


def curve(path):
    """µs of CPU time for all maps once, by their number: for the plot."""
    with open(path, "w", encoding="utf-8") as out:
        print("# maps, xdp_stats, one look-up each, five look-ups each, bpftool", file=out)
        for count in CURVE:
            batch, each, _, _ = sample(count, 50)
            dumped = "NaN" if missing("bpftool") else dump_us(count) * count
            print(count, tick_us(count) * count, median(batch) * count, median(each) * count,
                  dumped, file=out)


def instructions(cpus):
    """(of one look-up, of five) of a sample on a machine with so many possible CPUs."""
    done = subprocess.run([f"{TOP}/tests/vm/run.sh", f"{TOP}/bench/cpus.bats", str(cpus)],
                          capture_output=True, text=True, check=False)
    left_out = re.search("# SKIP (.*)", done.stdout)
    rounds = re.findall(r"# sample: ([\d ]+)", done.stdout)
    if left_out or not rounds:
        reason = left_out.group(1) if left_out else done.stderr.strip() or "nothing measured"
        raise Skipped(f"possible CPUs, in a virtual machine: {reason}; hint: "
                      "testenv/deps.sh install vm")
    ways = [median(map(int, way)) for way in zip(*(line.split() for line in rounds))]
    return ways[0] - ways[-1], ways[1] - ways[-1]


def line_through(points):
    """(a, b) of a + b * x through the first and the last of {x: y}."""
    (x0, y0), (x1, y1) = min(points.items()), max(points.items())
    slope = (y1 - y0) / (x1 - x0)
    return y0 - slope * x0, slope


def possible_cpus(path):
    """The model: a sample takes a number of instructions, and so many more for each
    possible CPU, since a look-up copies the values of them all."""
    measured = {cpus: instructions(cpus) for cpus in CPUS}
    with open(path, "w", encoding="utf-8") as out:
        print("# possible CPUs, instructions of one look-up, of five", file=out)
        for cpus, (batch, each) in measured.items():
            print(cpus, batch, each, file=out)
    batch, each = ({cpus: pair[way] for cpus, pair in measured.items()} for way in (0, 1))
    for index, what in enumerate(("a sample, instructions", "more for each possible CPU")):
        yield Row(SECTION, what, "", [round(line_through(batch)[index])], "five look-ups",
                  [round(line_through(each)[index])])
    fixed, slope = line_through(batch)
    worst = max(abs(fixed + slope * cpus - batch[cpus]) / batch[cpus] for cpus in CPUS)
    yield Row(SECTION, f"{CPUS[0]} to {CPUS[-1]} CPUs: how far off that is", "%",
              [100 * worst], bound=("ours", "<=", 5))


def rows(quick):
    pin_maps(max(COUNTS))
    try:
        yield from samples(1 if quick else 5)
        yield from ticks(2 if quick else 7)
        yield from linear(2 if quick else 7)
        yield from shares(1 if quick else 3, 1 if quick else 4)
        if not quick:
            curve(f"{RESULTS}/maps.dat")
    finally:
        remove_maps(max(COUNTS))
    need("bpftool")
    if not quick:
        yield from possible_cpus(f"{RESULTS}/cpus.dat")
