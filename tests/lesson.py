#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Run the commands of the documents in their order, and compare what they print.

lesson.py [--show] [FILE...]: all documents with commands, or these files.

One shell runs all src blocks of language sh, except those with ":eval no", in a
copy of the project; a block with ":tangle FILE" becomes that file. An example
block that follows a sh block, with nothing but blank lines in between, is what
that block prints, stdout and stderr together. In it

    ...         stands for anything; alone on a line, for any number of lines
    ~N          stands for some number, which is 0 only if N is
    map N and "id N", "program N", "inode N": an id, of whatever value, but
                the same one wherever N is meant in the document, and no other's
    dates, times, tags, numbers with a decimal point: any of that form
    numbers of four digits and more: those within one percent
    pps         in a table of xdp_stats: 0 only if it is 0
    fd8f:...    the IPv4 address of the lab where IPv6 is disabled, also in commands

and all else is what is printed. What is shown nowhere must not be an error, and a block
ends with status 0, unless make's complaint about it is shown.
Prints TAP; with --show the output of each block instead, to write the text by.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENTS = ["README.org", "testenv/README.org", "exercises/README.org"]
BLOCK = re.compile(r"^#\+begin_(src|example)(.*?)\n(.*?)^#\+end_\1\n", re.M | re.S)

TOKEN = re.compile(
    r"(?P<any>\.\.\.)"
    r"|(?P<map_id>^\d+(?=: percpu)|(?<=map )(?:id )?\d+|(?<=map by id \()\d+|(?<=map_ids )\d+|(?<=map_id:\t)\d+)"
    r"|(?P<prog_id>(?<=id )\d+|(?<=program )\d+|(?<=--unload=)\d+|(?<=state/xdptest/)\d+|^\d+(?=: xdp ))"
    r"|(?P<inode>(?<=inode )\d+)"
    r"|(?P<date>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\+\d{4})?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)"
    r"|(?P<tag>(?<=tag )[0-9a-f]{16})"
    r"|(?P<varies>~\d+)"
    r"|(?P<decimal>\d+\.\d+)"
    r"|(?P<number>\b\d{4,}\b)"
)
PATTERN = {
    "any": r".*", "map_id": r"(?:id )?\d+", "prog_id": r"\d+", "inode": r"\d+",
    "date": r"(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\+\d{4})?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)",
    "tag": r"[0-9a-f]{16}", "varies": r"\d+", "decimal": r"\d+\.\d+", "number": r"\d+",
}
IDS = ("map_id", "prog_id", "inode")
SCALED = r"(\d+|\d+\.\d [kMGT])"
ROW = re.compile(rf"^(XDP_\w+) +(\d+) +(\d+|-) +{SCALED} +(?:{SCALED}|-)$")
WRAPPED = re.compile(r"^\d{4}-\d\d-\d\d [\d:]{8}(  over [\d.]+ s)?$")


class Ids:
    """Maps ids of the text to ids of this run, one to one for each kind."""

    def __init__(self):
        self.pairs = {kind: {} for kind in IDS}

    def bind(self, bound):
        """Store (kind, shown, got) triples; False if one contradicts the stored ones."""
        trial = {kind: dict(pairs) for kind, pairs in self.pairs.items()}
        for kind, shown, got in bound:
            if trial[kind].setdefault(shown, got) != got:
                return False
            if len(set(trial[kind].values())) != len(trial[kind]):
                return False
        self.pairs = trial
        return True


def is_near(shown, got):
    return abs(int(got) - int(shown)) * 100 <= int(shown)


def bytes_of(cell):
    number, _, unit = cell.partition(" ")
    return round(float(number) * 1000 ** " kMGT".index(unit or " "))


def row_fits(shown, got):
    """Compare two rows of xdp_stats: rates missing, zero or not; totals nearly equal."""
    if shown[0] != got[0] or not is_near(shown[1], got[1]):
        return False
    if not is_near(bytes_of(shown[3]), bytes_of(got[3])):
        return False
    if int(got[1]) < int(shown[1]):  # one more may be an IPv6 packet; one less is a lost packet
        return False
    if [cell in ("-", None) for cell in shown] != [cell in ("-", None) for cell in got]:
        return False
    return shown[2] == "-" or (int(shown[2]) == 0) == (int(got[2]) < 20)


def line_fits(shown, got, ids):
    """Does the line got match the line of the text? Binds ids."""
    rows = ROW.match(shown), ROW.match(got)
    if all(rows):
        return row_fits(rows[0].groups(), rows[1].groups())
    pattern, tokens, end = "", [], 0
    for token in TOKEN.finditer(shown):
        pattern += re.escape(shown[end:token.start()]) + "(" + PATTERN[token.lastgroup] + ")"
        tokens.append(token)
        end = token.end()
    found = re.fullmatch(pattern + re.escape(shown[end:]), got)
    if not found:
        return False
    bound = []
    for token, text in zip(tokens, found.groups()):
        kind, value = token.lastgroup, token.group()
        if kind in IDS:
            bound.append((kind, value.removeprefix("id "), text.removeprefix("id ")))
        elif kind == "varies" and (int(value[1:]) == 0) != (int(text) == 0):
            return False
        elif kind == "number" and not is_near(value, text):
            return False
    return ids.bind(bound)


def unwrap(lines):
    """Join titles of xdp_stats that take two lines: how long they are depends on the ids."""
    joined = []
    for line in lines:
        if joined and WRAPPED.match(line):
            joined[-1] += "  " + line
        else:
            joined.append(line)
    return joined


def misfit(shown, got, ids):
    """None if all lines match, else the first line that does not."""
    shown, got = unwrap(shown), unwrap(got)
    at, skipping = 0, False
    for line in shown:
        if line == "...":
            skipping = True
            continue
        while skipping and at < len(got) and not line_fits(line, got[at], ids):
            at += 1
        if at == len(got):
            return f"not printed: {line}"
        if not line_fits(line, got[at], ids):
            return f"shown:   {line}\n# printed: {got[at]}"
        at, skipping = at + 1, False
    return None if skipping or at == len(got) else f"printed, not shown: {got[at]}"


class Block:
    """Commands of a reader, and the output in the text (None: no output is shown)."""

    def __init__(self, line, heading, commands):
        self.line, self.heading, self.commands = line, heading, commands
        self.shown, self.tangle = None, None


def has_ipv6():
    try:
        with open("/proc/sys/net/ipv6/conf/all/disable_ipv6", encoding="ascii") as setting:
            return setting.read().strip() == "0"
    except FileNotFoundError:
        return False


def use_ipv4(text):
    """The addresses of a lab without IPv6, and the bytes of a ping there."""
    text = text.replace('"value": 118', '"value": 98')
    text = re.sub(r"fd8f:7d91:(\d+)::(\d+)/64", r"10.211.\1.\2/24", text)
    return re.sub(r"fd8f:7d91:(\d+)::(\d+)", r"10.211.\1.\2", text)


def read_blocks(text):
    blocks, last_end, last = [], 0, None
    for match in BLOCK.finditer(text):
        kind, header, body = match.groups()
        follows = not text[last_end:match.start()].strip()
        heading = re.findall(r"^\*+ (.*)$", text[:match.start()], re.M)[-1:] or ["front"]
        if kind == "example" and last and follows:
            last.shown = body.splitlines()
        last = None
        tangle = re.search(r":tangle (\S+)", header)
        if kind == "src" and (tangle or header.split()[0] == "sh") and ":eval no" not in header:
            last = Block(text.count("\n", 0, match.start()) + 1, heading[0], body)
            last.tangle = tangle and tangle.group(1)
            blocks.append(last)
        last_end = match.end()
    return blocks


class Shell:
    """A bash that runs one block after another, like the shell of a reader."""

    END = "--- end of block, status "

    def __init__(self, directory):
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=directory, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, commands):
        """Returns the lines printed and the status of the last command."""
        self.bash.stdin.write(f"{commands}\necho \"{self.END}$?\"\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if self.END in line:
                before, status = line.split(self.END)
                return lines + ([before] if before else []), int(status)
            lines.append(line.rstrip("\n"))
        return lines, -1

    def close(self):
        self.bash.stdin.close()
        self.bash.wait()


def copy_project(directory):
    """A built copy of the project, without files of tests and answers of the reader."""
    def ignore(folder, names):
        if folder == f"{TOP}/exercises/answers":
            return set(names) - {".gitignore"}
        return {f"{TOP}/build": {"tests", "bench"}, TOP: {".git"},
                f"{TOP}/libbpf": {"src"}}.get(folder, set())
    shutil.copytree(TOP, directory, ignore=ignore, symlinks=True)
    # the flags name the directory, so that the first make in another one builds all of it
    subprocess.run(["make", "-C", directory, "all"], stdout=subprocess.DEVNULL, check=True)


def verdict(block, got, status, ids):
    """What is wrong with the output of a block, or None."""
    is_failure_shown = block.shown and block.shown[-1].startswith("make: *** ")
    if bool(status) != bool(is_failure_shown):
        return f"exit status {status}; printed:\n# " + "\n# ".join(got)
    if block.shown is not None:
        return misfit(block.shown, got, ids)
    errors = [line for line in got if line.startswith("hint: ") or ": cannot " in line]
    return "printed, not shown: " + errors[0] if errors else None


def can_fail(block, got):
    """Check that an added, removed or changed line is noticed. None, or the one that is not."""
    shown, got = unwrap(block.shown), unwrap(got)
    for i in [i for i, line in enumerate(shown) if line != "..." and "..." not in shown]:
        if misfit(shown, got[:i] + got[i + 1:], Ids()) is None:
            return f"without line {i + 1} it fits as well: {shown[i]}"
        if misfit(shown, got[:i] + [got[i] + "x"] + got[i + 1:], Ids()) is None:
            if not shown[i].endswith("..."):
                return f"a change is not seen in: {shown[i]}"
    return None


# Pairs of a shown and a printed line, and whether they match.
EXAMPLES = [
    ("map 12", "map 77", True), ("map 12 by map 15", "map 77 by map 77", False),
    ("map 12 by map 12", "map 7 by map 8", False), ("map id 12, map 12", "map id 7, map 7", True),
    ("attached: id 12, map 12", "attached: id 9, map 8", True),
    ("1000000 frames", "1000012 frames", True), ("1000000 frames", "980000 frames", False),
    ("5 maps", "6 maps", False), ("~5 opens, 0 failed", "77 opens, 0 failed", True),
    ("~5 opens, 0 failed", "77 opens, 1 failed", False), ("~5 failed", "0 failed", False),
    ("0.250 s", "0.251 s", True), ("a ... z", "a b c z", True), ("a ... z", "a b c", False),
    ("XDP_DROP  10  0  600  0", "XDP_DROP  10  3  600  0", True),
    ("XDP_DROP  10  0  600  0", "XDP_DROP  10  -  600  -", False),
    ("XDP_DROP  10  -  600  -", "XDP_DROP  10  -  600  0", False),
    ("XDP_DROP  1000  0  60000  0", "XDP_DROP  0  0  60000  0", False),
    ("XDP_DROP  1000  0  60000  0", "XDP_DROP  1002  0  60120  0", True),
    ("XDP_DROP  1000  0  60000  0", "XDP_DROP  999  0  59940  0", False),
    ("XDP_DROP  2000  0  120.0 k  0", "XDP_DROP  2001  0  120.1 k  0", True),
    ("XDP_DROP  2000  0  120.0 k  0", "XDP_DROP  2000  0  120.0 M  0", False),
]


def check_examples():
    for shown, got, fits in EXAMPLES:
        if (misfit([shown], [got], Ids()) is None) != fits:
            return f"{shown!r} and {got!r}: expected {fits}"
    return None


class Tap:
    def __init__(self):
        self.number = self.failed = 0

    def result(self, name, problem):
        self.number += 1
        self.failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {self.number} {name}", flush=True)
        if problem:
            print(f"# {problem}", flush=True)


def leftovers():
    """What is left after the last command of the lesson."""
    links = subprocess.run(["ip", "-br", "link"], capture_output=True, text=True).stdout
    pins = [name for name in os.listdir("/sys/fs/bpf") if not name.endswith(".debug")]
    found = [line.split()[0] for line in links.splitlines() if not line.startswith("lo ")] + pins
    return "left behind: " + " ".join(found) if found else None


def run_document(document, tap, show):
    """Run a document from its first command to its last, like a reader."""
    with open(f"{TOP}/{document}", encoding="utf-8") as text:
        text = text.read()
    blocks = read_blocks(text if has_ipv6() else use_ipv4(text))
    ids = Ids()
    with tempfile.TemporaryDirectory() as directory:
        copy = f"{directory}/project"
        copy_project(copy)
        shell = Shell(copy)
        for block in blocks:
            if block.tangle:
                with open(f"{copy}/{block.tangle}", "w", encoding="utf-8") as out:
                    out.write(block.commands)
                continue
            got, status = shell.run(block.commands)
            if show:
                print(f"=== line {block.line}\n{block.commands}---\n" + "\n".join(got))
            problem = verdict(block, got, status, ids)
            if block.shown and not problem:
                problem = can_fail(block, got)
            tap.result(f"{document}:{block.line}: {block.heading}", problem)
        shell.close()
    tap.result(f"{document} leaves nothing behind", leftovers())


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--show"]
    tap = Tap()
    if os.environ.get("XDP_TEST_SANDBOX") != "1":
        print("1..1\nok 1 the documents' commands # SKIP needs root and namespaces")
        return 0
    tap.result("the comparison accepts and refuses as it should", check_examples())
    for document in arguments or DOCUMENTS:
        run_document(document, tap, "--show" in sys.argv)
    print(f"1..{tap.number}")
    return tap.failed > 0


if __name__ == "__main__":
    sys.exit(main())
