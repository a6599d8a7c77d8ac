# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a load, a reload and an unload cost: ours, three tools that others use, and the
bare minimum with libbpf. All take the same object to the same veth, native."""
import functools
import operator
import os
import re
import shutil

from measure import (BPFFS, BUILD, LOADER, TOP, Row, cost, count_calls, in_turn, make_pair,
                     missing, need, peak_kb, remove_pair, run, trace)

SECTION = "loading"
OBJECT = f"{TOP}/xdp_prog_kern.o"
DEV = "outer"
OFF = (("ip", "link", "set", "dev", DEV, "xdpdrv", "off"),)
PROG, MAPS = f"{BPFFS}/bench", f"{BPFFS}/bench_maps"

STEPS = ("load", "reload", "unload")
CROWD = 400  # pairs
BARE = "bare libbpf"  # which knows no unload: it takes ip's

# name: what it runs to load, to reload and to unload. One that cannot replace a program
# has to unload and load.
TOOLS = {
    "ours": {
        "load": ((LOADER, "--dev", DEV),),
        "reload": ((LOADER, "--dev", DEV, "--force"),),
        "unload": ((LOADER, "--dev", DEV, "--unload"),),
    },
    "ip": {
        "load": (("ip", "link", "set", "dev", DEV, "xdpdrv", "obj", OBJECT, "sec", "xdp"),),
        "reload": (("ip", "-force", "link", "set", "dev", DEV, "xdpdrv", "obj", OBJECT,
                    "sec", "xdp"),),
        "unload": OFF,
    },
    "xdp-loader": {
        "load": (("xdp-loader", "load", "-m", "native", DEV, OBJECT),),
        "reload": (("xdp-loader", "unload", DEV, "--all"),
                   ("xdp-loader", "load", "-m", "native", DEV, OBJECT)),
        "unload": (("xdp-loader", "unload", DEV, "--all"),),
    },
    "bpftool": {
        "load": (("bpftool", "prog", "load", OBJECT, PROG, "type", "xdp", "pinmaps", MAPS),
                 ("bpftool", "net", "attach", "xdpdrv", "pinned", PROG, "dev", DEV)),
        "unload": (("bpftool", "net", "detach", "xdpdrv", "dev", DEV),),
    },
    BARE: {
        "load": ((f"{BUILD}/bare_loader", OBJECT, DEV, MAPS),),
        "unload": OFF,
    },
}
# Ratios at the most, by row and peer.
BOUNDS = {
    ("load, system calls", "ip"): 0.6, ("load, system calls", "xdp-loader"): 0.55,
    ("load, CPU time", "ip"): 1.0,
}


def remove_pins():
    """What bpftool and the bare loader pin, they leave to others to remove."""
    shutil.rmtree(MAPS, ignore_errors=True)
    if os.path.exists(PROG):
        os.unlink(PROG)


def each_step(tool, measure, join=operator.add):
    """{step: measure of its commands, joined} of one load, reload and unload."""
    results = {step: functools.reduce(join, [measure(*command) for command in commands])
               for step, commands in TOOLS[tool].items()}
    remove_pins()
    return results


def compare(what, unit, values, step, mean=False):
    """Rows of ours beside every tool that has the step; values: {tool: {step: [..]}}."""
    for tool, steps in values.items():
        if tool != "ours" and step in steps and (tool, step) != (BARE, "unload"):
            limit = BOUNDS.get((what, tool))
            yield Row(SECTION, what, unit, values["ours"][step], tool, steps[step],
                      ("ratio", "<=", limit) if limit else (), mean)


def count_both(tool):
    """{step: (all system calls, those of bpf)}"""
    return each_step(tool, count_calls, lambda a, b: (a[0] + b[0], a[1] + b[1]))


def calls(tools):
    for tool in tools:
        each_step(tool, run)  # the first of all finds nothing ready
    counted = {tool: count_both(tool) for tool in tools}
    for index, what in ((0, "system calls"), (1, "bpf() calls")):
        values = {tool: {step: [pair[index]] for step, pair in steps.items()}
                  for tool, steps in counted.items()}
        for step in STEPS:
            yield from compare(f"{step}, {what}", "", values, step)


def times(tools, rounds):
    runs = in_turn(rounds, {tool: lambda tool=tool: each_step(tool, cost) for tool in tools})
    for what, field in (("CPU time", "cpu_ms"), ("wall time", "wall_ms")):
        values = {tool: {step: [getattr(done[step], field) for done in runs[tool]]
                         for step in TOOLS[tool]} for tool in tools}
        for step in STEPS:
            yield from compare(f"{step}, {what}", "ms", values, step, mean=field == "wall_ms")


def load_ms(tool):
    (command,) = TOOLS[tool]["load"]
    wall_ms = cost(*command).wall_ms
    run(*TOOLS[tool]["unload"][0])
    remove_pins()
    return wall_ms


def long_times(rounds):
    """The wall time of a load against the least that a load can take. It is the kernel's
    wait for the most part, of a length that differs: so it takes many rounds."""
    runs = in_turn(rounds, {tool: lambda tool=tool: load_ms(tool)
                            for tool in ("ours", BARE)})
    yield Row(SECTION, f"load, wall time, {rounds} rounds", "ms", runs["ours"], BARE,
              runs[BARE], ("ratio", "<=", 1.05), mean=True)


def peaks(tools, rounds):
    runs = in_turn(rounds, {tool: lambda tool=tool: each_step(tool, peak_kb, max)
                            for tool in tools})
    values = {tool: {step: [done[step] for done in runs[tool]] for step in TOOLS[tool]}
              for tool in tools}
    for step in STEPS:
        yield from compare(f"{step}, peak memory", "KB", values, step)


def crowd(action, form):
    """Add or delete veth pairs that have nothing to do with it."""
    commands = (form.format(number=number) for number in range(CROWD))
    run("ip", "-batch", "-", input="".join(f"link {action} dev {line}\n" for line in commands))


def crowded(tools, rounds):
    """A host of containers has hundreds of interfaces. Who asks for one, who for all?"""
    title = f"load among {2 * CROWD} more"
    counted = {tool: count_both(tool)["load"] for tool in tools}
    yield from compare(f"{title}, system calls", "",
                       {tool: {"load": [pair[0]]} for tool, pair in counted.items()}, "load")
    runs = in_turn(rounds, {tool: lambda tool=tool: each_step(tool, cost)["load"].cpu_ms
                            for tool in tools})
    yield from compare(f"{title}, CPU time", "ms",
                       {tool: {"load": values} for tool, values in runs.items()}, "load")


def request_ms(*command):
    """How long the kernel takes over the request to attach or detach, by strace's clock.

    Before it answers it waits until no CPU is in the midst of a packet (a grace period
    of RCU) while it sets up the queues: no loader can do anything about that.
    """
    lines = trace(*command, options=("-T", "-e", "trace=sendto"))
    return max(float(re.search(r"<([\d.]+)>$", line).group(1)) for line in lines) * 1e3


def requests(rounds):
    runs = [each_step("ours", request_ms) for _ in range(rounds)]
    for step in STEPS:
        yield Row(SECTION, f"{step}, of that in the request", "ms", [done[step] for done in runs],
                  mean=True)


def rows(quick):
    tools = [tool for tool in TOOLS if not missing(TOOLS[tool]["load"][0][0])]
    make_pair()
    try:
        yield from calls(tools)
        yield from times(tools, 4 if quick else 21)
        yield from long_times(4 if quick else 400)
        yield from requests(4 if quick else 15)
        yield from peaks(tools, 1 if quick else 5)
        crowd("add", "a{number} type veth peer name b{number}")
        yield from crowded(tools, 4 if quick else 11)
        crowd("delete", "a{number}")
    finally:
        remove_pair()
    need(*(commands["load"][0][0] for commands in TOOLS.values()))
