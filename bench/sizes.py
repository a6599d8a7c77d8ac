# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""How large the programs are, with libbpf as it is packaged and built from source, and
what they need: beside what others would take."""
import itertools
import os
import shutil

from measure import (BUILD, SCRATCH, TOP, Row, Skipped, in_turn, make_pair, need, peak_kb,
                     remove_pair, run)

SECTION = "size"
KINDS = {"system": "packaged", "source": "from source"}  # libbpf
PEERS = ("ip", "xdp-loader", "bpftool")
PROGRAMS = {"xdp_loader": PEERS, "xdp_stats": ("bpftool",)}
BOUNDS = {("xdp_stats", "source", "bytes"): ("ours", "<=", 65536)}
DEV = "outer"


def stripped_bytes(path):
    run("strip", "-o", f"{SCRATCH.name}/stripped", path)
    return os.path.getsize(f"{SCRATCH.name}/stripped")


def libraries(path):
    """Shared libraries that it names itself (NEEDED)."""
    return run("readelf", "--dynamic", path).count("(NEEDED)")


def resident_kb(directory):
    """Most memory of a load and of a look, in KB."""
    loader = peak_kb(f"{directory}/xdp_loader", "--dev", DEV, "--force", "--filename",
                     f"{TOP}/xdp_prog_kern.o")
    return {"xdp_loader": loader,
            "xdp_stats": peak_kb(f"{directory}/xdp_stats", "--dev", DEV, "--once", "--quiet")}


def kinds():
    """{kind: directory} of what make has built for this, see bench/bench.mk."""
    return {kind: f"{BUILD}/{kind}" for kind in KINDS
            if os.path.exists(f"{BUILD}/{kind}/xdp_stats")}


def facts(path):
    return {"bytes": stripped_bytes(os.path.realpath(path)),
            "libraries": libraries(os.path.realpath(path))}


def rows(quick):
    built = kinds()
    if not built:
        raise Skipped("neither kind of libbpf could be built with: see build/bench/*.log")
    make_pair()
    try:
        memory = in_turn(1 if quick else 5, {
            kind: lambda directory=directory: resident_kb(directory)
            for kind, directory in built.items()})
    finally:
        remove_pair()
    others = {peer: facts(shutil.which(peer)) for peer in PEERS if shutil.which(peer)}
    for program, kind in itertools.product(PROGRAMS, built):
        title = f"{program}, {KINDS[kind]}"
        for what, size in facts(f"{built[kind]}/{program}").items():
            bound = BOUNDS.get((program, kind, what), ())
            for peer in [peer for peer in PROGRAMS[program] if peer in others] or [""]:
                yield Row(SECTION, f"{title}: {what}", "", [size], peer,
                          [others[peer][what]] if peer else [], bound)
                bound = ()
        yield Row(SECTION, f"{title}: peak memory", "KB", [done[program] for done in memory[kind]])
    need(*PEERS)
    if len(built) < len(KINDS):
        raise Skipped("; ".join(f"{title}: see build/bench/{kind}.log"
                                for kind, title in KINDS.items() if kind not in built))
