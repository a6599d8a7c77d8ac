#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Judge the output of a reader that follows the pin, for exercise 8.

judge_blocks.py OUTPUT [MAPS]: MAPS has lines "N XDP_PASS PACKETS BYTES", what map N has.
Prints nothing, or {"expected", "seen", "look"} of the first block that is not one of the map
that it must be of. Without MAPS, only the form is judged.
"""
import json
import sys

ACTIONS = {"XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"}
ONE_DESCRIPTOR = ("which map each look-up reads: the pin can be replaced between two of them. Open it\n"
                  "once for each block; a descriptor refers to the same map even if the pin is replaced")
ONE_ANSWER = ("where it is found out that the map is another one, and where the counters come from:\n"
              "one descriptor must answer both questions, because the pin can be replaced in between")


def read_maps(path):
    maps = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            number, counters = line.rstrip("\n").split(" ", 1)
            maps.setdefault(int(number), set()).add(counters)
    return maps


def refuse(expected, seen, look):
    print(json.dumps({"expected": expected, "seen": "\n".join(seen), "look": look}))
    sys.exit()


def judge_values(block, stage, maps):
    if set(block) == maps[stage]:
        return
    owners = {line: [n for n, lines in maps.items() if line in lines] for line in block}
    seen = [line + "".join(f"   (map {n})" for n in owners[line]) for line in block]
    of = {n for numbers in owners.values() for n in numbers}
    refuse(f"all five counters of a block are of one map, after {stage} lines 'replaced' of map {stage}", seen,
           ONE_DESCRIPTOR if len(of) != 1 else ONE_ANSWER)


def judge(lines, maps):
    block, stage = [], 0
    for line in lines:
        line = " ".join(line.split())
        if line.startswith("replaced"):
            if block:
                refuse("five lines to a block, and none in between", block + [line], ONE_DESCRIPTOR)
            stage += 1
            continue
        block.append(line)
        if len({entry.split(" ")[0] for entry in block} & ACTIONS) != len(block):
            refuse("blocks of five lines, one for each action", block, "the form of exercise 2")
        if len(block) == len(ACTIONS):
            if maps is not None:
                judge_values(block, stage, maps)
            block = []


def main(output, maps=None):
    with open(output, encoding="utf-8", errors="replace") as lines:
        judge(lines.read().split("\n")[:-1], read_maps(maps) if maps else None)


main(*sys.argv[1:])
