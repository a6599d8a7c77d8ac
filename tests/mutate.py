#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Damage object files at random, and load each with xdp_loader.

Whatever a file holds: exit code 0, or 40 with a message; with --json exactly one JSON
object; nothing attached or pinned after a failure; never more than MEMORY_MB.
Environment: MUTATIONS, the number (600); SEED (1); ONLY=N runs only number N.
A file that breaks a rule is kept in build/tests/mutants.
Prints TAP, one line for each property.
"""
import collections
import json
import os
import random
import re
import resource
import struct
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOADER = TOP + "/xdp_loader"
BPFFS = "/sys/fs/bpf"
MUTANT = "/run/mutant.o"
KEPT = TOP + "/build/tests/mutants"
MUTATIONS = int(os.environ.get("MUTATIONS", "600"))
SEED = int(os.environ.get("SEED", "1"))
HANGS_AFTER = 300  # seconds: a bound that only an endless loop reaches
MEMORY_MB = 300  # 256 MB of global variables are allowed
BASES = ["xdp_prog_kern.o"] + ["build/tests/objects/" + name for name in (
    "features.o", "relocated.o", "two_maps.o", "pin_by_name.o", "counting_places.o",
    "tail_calls.o", "sections.o")]

ORDER = "<" if sys.byteorder == "little" else ">"  # of the objects, which are for this machine
SHT_NOBITS = 8
BTF_KIND_ARRAY = 3
# Bytes that follow a type's own 12, and those for each of its members, by its kind.
BTF_SIZES = {1: (4, 0), 2: (0, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 7: (0, 0),
             8: (0, 0), 9: (0, 0), 10: (0, 0), 11: (0, 0), 12: (0, 0), 13: (0, 8), 14: (4, 0),
             15: (0, 12), 16: (0, 0), 17: (4, 0), 18: (0, 0), 19: (0, 12)}
LARGE_ENTRIES, LARGE_BYTES = 1 << 16, 1 << 22

Section = collections.namedtuple("Section", "name type offset size")


def unpack(form, data, at):
    return struct.unpack_from(ORDER + form, data, at)


def sections(data):
    """Areas of an ELF file, damaged or not; what cannot be read is left out."""
    table, = unpack("Q", data, 40)
    size, count, names = unpack("HHH", data, 58)
    found = [unpack("II8xQQQ", data, table + i * size) for i in range(count)]
    names_at = found[names][3]
    for name, kind, _, offset, length in found:
        start = names_at + name
        yield Section(data[start:data.index(0, start)].decode("latin-1"), kind, offset, length)


def asks_for_much(data):
    """Does the file validly ask for a large map? The kernel would allocate gigabytes."""
    try:
        for section in sections(data):
            if section.name == ".BTF" and btf_asks_for_much(data, section.offset):
                return True
    except (struct.error, IndexError, ValueError, KeyError, OverflowError):
        pass  # libbpf does not understand it either
    return False


def btf_asks_for_much(data, start):
    header, types, length = unpack("4xIII", data, start)
    at = start + header + types
    end = at + length
    while at < end:
        info, size = unpack("4xII", data, at)
        kind, members = info >> 24 & 0x1f, info & 0xffff
        if kind == BTF_KIND_ARRAY and unpack("20xI", data, at)[0] > LARGE_ENTRIES:
            return True
        if kind in (1, 4, 5, 6, 15, 19) and size > LARGE_BYTES:
            return True
        fixed, each = BTF_SIZES[kind]
        at += 12 + fixed + members * each
    return False


def pick(rng, areas):
    offset, length = rng.choice(areas)
    return offset + rng.randrange(length)


def damage(rng, data, areas):
    """Change data, a bytearray, in one place of one of the areas."""
    kind = rng.choice(("bit", "bit", "bit", "byte", "word", "word", "copy", "swap", "cut"))
    at = pick(rng, areas)
    if kind == "bit":
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "byte":
        data[at] = rng.randrange(256)
    elif kind == "word":
        value = rng.choice((0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, len(data)))
        data[at & ~3:(at & ~3) + 4] = struct.pack(ORDER + "I", value)
    elif kind == "copy":
        other, length = pick(rng, areas), rng.choice((4, 8, 12, 16, 24, 64))
        data[at:at + length] = data[other:other + length]
    elif kind == "swap":
        other, length = pick(rng, areas), rng.choice((4, 8, 12, 16, 24, 64))
        if abs(other - at) >= length and max(at, other) + length <= len(data):
            data[at:at + length], data[other:other + length] = (
                data[other:other + length], data[at:at + length])
    elif rng.randrange(20) == 0:  # a file that ends early is seldom more than that
        del data[at:]


def mutant(number, bases):
    """The same SEED and number give the same file on every machine."""
    rng = random.Random(SEED * 1000003 + number)
    original, areas = rng.choice(bases)
    data = bytearray(original)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        # the header and the table of sections are as likely as a section
        damage(rng, data, [area for area in areas if sum(area) <= len(data)] or [(0, len(data))])
        if len(data) < 64:
            break
    return bytes(data), rng


def read_bases():
    bases = []
    for name in BASES:
        with open(os.path.join(TOP, name), "rb") as file:
            data = file.read()
        table, = unpack("Q", data, 40)
        areas = [(0, 64), (table, len(data) - table)]
        areas += [(s.offset, s.size) for s in sections(data)
                  if s.size and s.type != SHT_NOBITS and ".debug" not in s.name]
        areas += 4 * [(s.offset, s.size) for s in sections(data) if s.name == ".BTF"]
        bases.append((data, areas))
    return bases


class Results:
    PROPERTIES = ("exit code 0 or 40", "always a message", "always one JSON object",
                  "nothing attached or pinned after a failure", "no run without an end")

    def __init__(self):
        self.tried = collections.Counter()
        self.wrong = {name: [] for name in self.PROPERTIES}
        self.crashes = collections.Counter()

    def note(self, index, number, what):
        self.wrong[self.PROPERTIES[index]].append(f"number {number}: {what}")
        os.makedirs(KEPT, exist_ok=True)
        with open(MUTANT, "rb") as file, open(f"{KEPT}/{SEED}-{number}.o", "wb") as kept:
            kept.write(file.read())


def left_over():
    """What is attached or pinned."""
    pins = [name for name in os.listdir(BPFFS) if not name.endswith(".debug")]
    shown = subprocess.run(("ip", "-d", "link", "show", "dev", "veth0"), check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    return pins + re.findall(r"prog/xdp id \d+", shown)


def is_failure(text):
    """Is it one JSON object with a failure?"""
    try:
        return set(json.loads(text)) == {"error", "cause", "hint", "exit_code"}
    except ValueError:
        return False


def is_object(text):
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def check(results, number, wants_json, is_load, run):
    status = run.returncode
    results.tried[f"exit code {status}"] += 1
    if status not in (0, 40):
        results.note(0, number, f"{status} {run.args} {run.stderr[-300:]}")
        return
    if status == 40 and not wants_json and not re.search(
            r"^xdp_loader: cannot .*", run.stderr, re.MULTILINE):
        results.note(1, number, repr(run.stderr))
    if wants_json and not (is_failure if status else is_object)(run.stdout):
        results.note(2, number, repr(run.stdout))
    if is_load and status and left_over():
        results.note(3, number, left_over())
    crash = re.search(r"libbpf crashed on it: (\w+) in \w+", run.stdout + run.stderr)
    if crash:
        results.crashes[crash.group()[len("libbpf crashed on it: "):]] += 1


def try_one(results, number, bases):
    data, rng = mutant(number, bases)
    wants_json, is_load = rng.randrange(4) == 0, rng.randrange(8) == 0
    if asks_for_much(data):
        results.tried["left out, as it wants a large map"] += 1
        return
    with open(MUTANT, "wb") as file:
        file.write(data)
    command = [LOADER, "--dev", "veth0", "--filename", MUTANT]
    command += ["--json"] * wants_json + ["--dry-run"] * (not is_load)
    try:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             errors="backslashreplace", timeout=HANGS_AFTER, check=False)
    except subprocess.TimeoutExpired:
        results.note(4, number, f"more than {HANGS_AFTER} s")
        return
    check(results, number, wants_json, is_load, run)
    if is_load and not run.returncode:
        subprocess.run((LOADER, "--dev", "veth0", "--unload", "--quiet"), check=True)


def main():
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        print("1..1\nok 1 # skip needs root and namespaces")
        return
    for command in ("ip link add veth0 type veth peer name veth1", "ip link set veth0 up",
                    "ip link set veth1 up"):
        subprocess.run(command.split(), check=True)
    results, bases = Results(), read_bases()
    only = os.environ.get("ONLY")
    numbers = [int(only)] if only else range(MUTATIONS)
    for number in numbers:
        try_one(results, number, bases)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"# {len(numbers)} damaged files, SEED={SEED}; peak of memory {peak} MB")
    for what, count in sorted(results.tried.items()):
        print(f"# {what}: {count}")
    for what, count in sorted(results.crashes.items()):
        print(f"# crashes of libbpf that were caught, {what}: {count}")
    for name, wrong in results.wrong.items():
        report(name, wrong)
    report(f"never more than {MEMORY_MB} MB", [f"{peak} MB"] if peak > MEMORY_MB else [])
    print(f"1..{len(results.PROPERTIES) + 1}")


def report(name, wrong, count=iter(range(1, 100))):
    print(f"{'not ok' if wrong else 'ok'} {next(count)} {name}", flush=True)
    for line in wrong[:20]:
        print("#", line, flush=True)


main()
