#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What this toolkit costs, beside what others would take: a table, and the same as JSON
and CSV.

  run.py [--quick] [--check] [SECTION...]

  --quick   few rounds: the counts are as exact, the times are not worth much
  --check   end with status 1 if a target that is a count or a size is missed
  SECTION   packets, samples, loads, reloads, sizes; all without one

Runs in a sandbox (tests/sandbox.sh), as root. bench/README.org explains each figure.
"""
import argparse
import csv
import json
import os
import platform
import re
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import loads
import packets
import reloads
import samples
import sizes
from measure import RESULTS, TOP, Skipped, missing, need_sandbox, run

CURVES = ("maps", "cpus")
SECTIONS = {"packets": packets, "samples": samples, "loads": loads,
            "reloads": reloads, "sizes": sizes}


def number(value):
    """Counts as they are, all else to three figures."""
    if value == int(value) and abs(value) >= 100 or isinstance(value, int):
        return f"{int(value)}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def figure(summary, unit=""):
    """"1.93 ms ±2%" of (1.93, 2.1); no spread where there was one round."""
    if not summary:
        return ""
    text = number(summary[0]) + (f" {unit}" if unit else "")
    return text + (f" ±{summary[1]:.0f}%" if summary[1] else "")


def target(row):
    if not row.bound:
        return ""
    subject, relation, limit = row.bound
    text = f"{relation} {limit}" if subject == "ratio" else f"ours {relation} {limit}"
    return f"{text} {row.verdict()}"


LINE = "  {:<36} {:>13} {:>13}  {:<20} {:>11}  {}"


def print_row(row, previous):
    same = previous and (previous.section, previous.what) == (row.section, row.what)
    if not previous or previous.section != row.section:
        print(f"{row.section}\n" + LINE.format("what", "ours", "peer", "", "ratio", "target"))
    ours, theirs = (figure(row.summary(values), row.unit) for values in (row.ours, row.theirs))
    print(LINE.format("" if same else row.what, "" if same else ours, theirs, row.peer,
                      figure(row.ratio()), target(row)).rstrip(), flush=True)


def version(pattern, *command):
    """What the pattern finds in a command's output, None where there is no such command."""
    try:
        return re.search(pattern, run(*command)).group(1)
    except (OSError, RuntimeError, AttributeError):
        return None


def machine():
    """Where these figures are from."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = re.search(r"^model name\s*: (.*)$", info.read(), re.M)
    return {
        "kernel": platform.release(),
        "cpu": model.group(1) if model else platform.machine(),
        "cpus online": os.cpu_count(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "iproute2": version(r"iproute2-([\w.]+)", "ip", "-V"),
        "bpftool": version(r"v([\d.]+)", "bpftool", "version"),
        "xdp-tools": version("(.+)", "dpkg-query", "-W", "-f", "${Version}", "xdp-tools"),
        "libbpf": version("(.+)", "pkg-config", "--modversion", "libbpf"),
    }


def measure_sections(names, quick):
    """(rows, {section: why something of it was left out}); prints rows as they come."""
    rows, skipped = [], {}
    for name in names:
        try:
            for row in SECTIONS[name].rows(quick):
                print_row(row, rows[-1] if rows else None)
                rows.append(row)
        except (Skipped, RuntimeError, OSError) as reason:
            skipped[name] = str(reason)
            print(f"  skipped: {reason}")
    return rows, skipped


def as_record(row):
    record = {"section": row.section, "what": row.what, "unit": row.unit, "peer": row.peer,
              "middle": "mean" if row.mean else "median"}
    for key, summary in (("ours", row.summary(row.ours)), ("theirs", row.summary(row.theirs)),
                         ("ratio", row.ratio())):
        record[key], record[f"{key}_spread_percent"] = summary or (None, None)
    record["rounds"] = len(row.ours)
    record["target"] = " ".join(map(str, row.bound)) or None
    record["verdict"] = row.verdict()
    return record


def plot():
    """Draw the growth curves that were measured; their names."""
    drawn = []
    for name in CURVES:
        data = f"{RESULTS}/{name}.dat"
        if os.path.exists(data) and not missing("gnuplot"):
            run("gnuplot", "-c", f"{TOP}/bench/{name}.gp", data, f"{RESULTS}/{name}.svg")
            drawn.append(f"{name}.svg")
    return drawn


def write_results(here, rows, skipped):
    records = [as_record(row) for row in rows]
    with open(f"{RESULTS}/results.json", "w", encoding="utf-8") as out:
        json.dump({"machine": here, "rows": records, "skipped": skipped}, out, indent=1)
        out.write("\n")
    with open(f"{RESULTS}/results.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(records[0]) if records else ["section"])
        writer.writeheader()
        writer.writerows(records)
    print(f"\nwritten to {min(os.path.relpath(RESULTS), RESULTS, key=len)}: "
          + ", ".join(["results.json", "results.csv", *plot()]))


def is_exact(row):
    """A target that no other load on the machine can spoil: counted, not timed."""
    return not row.unit


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("sections", nargs="*", metavar="SECTION")
    options = parser.parse_args()
    for name in options.sections:
        if name not in SECTIONS:
            parser.error(f"no section '{name}': there are {', '.join(SECTIONS)}")
    need_sandbox()
    sys.stdout.reconfigure(errors="replace")  # some character sets have no µ
    os.makedirs(RESULTS, exist_ok=True)
    for name in CURVES:  # of an earlier run
        if os.path.exists(f"{RESULTS}/{name}.dat"):
            os.unlink(f"{RESULTS}/{name}.dat")

    here = machine()
    print(", ".join(f"{key} {value}" for key, value in here.items() if value))
    started = time.monotonic()
    rows, skipped = measure_sections(options.sections or list(SECTIONS), options.quick)
    if not rows:
        sys.exit("bench: nothing was measured")
    write_results(here, rows, skipped)
    verdicts = [row.verdict() for row in rows]
    missed = [row for row in rows if row.verdict() == "MISSED"]
    print(f"targets: {verdicts.count('met')} met, {len(missed)} missed, "
          f"{verdicts.count('open')} open; {time.monotonic() - started:.0f} s")
    return 1 if options.check and any(map(is_exact, missed)) else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the reader has seen enough
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
