# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What counting costs each packet: instructions, nanoseconds, throughput.

Four programs that differ in nothing but how they count (bench/objects): not at all,
as ours, as the helper that libxdp installs, and in one record that all CPUs share.
"""
import os
import time

from measure import (BUILD, INSIDE, LOADER, TOP, Row, Skipped, in_turn, make_pair, one_cpu,
                     remove_pair, run)

SECTION = "per packet"
WAYS = {"ours": "ours", "field": "libxdp's helper", "atomic": "shared and atomic"}
FEW = 1000  # frames
RECORDS = 1000  # of a run: bench/objects/programs.h


def has(name):
    return os.path.exists(f"{BUILD}/objects/{name}.o")


def prog_run(name, program, cpus=1, runs=200):
    """(instructions, bytes of machine code, ns a run) of one of the programs."""
    line = run(f"{BUILD}/prog_run", "--filename", f"{BUILD}/objects/{name}.o",
               "--progname", program, "--cpus", str(cpus), "--runs", str(runs))
    return tuple(int(word) for word in line.split())


def added_sizes(names):
    empty = prog_run("empty", "once", runs=1)
    added = {name: [a - b for a, b in zip(prog_run(name, "once", runs=1), empty)]
             for name in names}
    for index, what, bound in ((0, "instructions that counting adds", ("ours", "<=", 24)),
                               (1, "bytes of machine code that it adds", ())):
        for name in names[1:]:
            yield Row(SECTION, what, "", [added["ours"][index]], WAYS[name],
                      [added[name][index]], bound)
            bound = ()


def record_times(names, rounds, cpus):
    """ns of one record: a run of many, less a run that counts none."""
    runs = in_turn(rounds, {name: lambda name=name: prog_run(name, "many", cpus)[2]
                            for name in [*names, "empty"]})
    times = {name: [(ns - loop) / RECORDS for ns, loop in zip(runs[name], runs["empty"])]
             for name in names}
    on = "one CPU" if cpus == 1 else f"{cpus} CPUs at once"
    for name in names[1:]:
        yield Row(SECTION, f"a record, {on}", "ns", times["ours"], WAYS[name], times[name])


def flood_s(frames):
    before = time.monotonic()
    run(*INSIDE, "taskset", "-c", one_cpu(), f"{TOP}/build/flood", "--dev", "inner",
        "--count", str(frames))
    return time.monotonic() - before


def throughput(name, frames):
    """Millions of frames a second from the inner end to a program that drops them; what
    a flood of few takes, its start for the most part, is taken off."""
    run(LOADER, "--dev", "outer", "--force", "--quiet", "--progname", "once",
        "--filename", f"{BUILD}/objects/{name}.o")
    return (frames - FEW) / (flood_s(frames) - flood_s(FEW)) / 1e6


def throughputs(rounds, frames):
    make_pair()
    try:
        rates = in_turn(rounds, {name: lambda name=name: throughput(name, frames)
                                 for name in ("ours", "empty", "atomic")})
    finally:
        remove_pair()
    what = "frames dropped on veth, native"
    yield Row(SECTION, what, "M/s", rates["ours"], "not counted", rates["empty"],
              ("ratio", ">=", 0.97))
    yield Row(SECTION, what, "M/s", rates["ours"], WAYS["atomic"], rates["atomic"])


def rows(quick):
    names = [name for name in WAYS if has(name)]
    if "ours" not in names:
        raise Skipped("bench/objects is not built")
    yield from added_sizes(names)
    cpus = min(len(os.sched_getaffinity(0)), 64)
    yield from record_times(names, 4 if quick else 15, 1)
    if cpus > 1:
        yield from record_times(names, 4 if quick else 15, cpus)
    yield from throughputs(4 if quick else 13, 200000 if quick else 2000000)
    if not has("field"):
        raise Skipped("libxdp's helper: its header xdp/xdp_stats_kern.h is not here")
