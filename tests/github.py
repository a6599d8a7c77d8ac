#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What GitHub would spoil in an Org document: tests/github.py FILE...

GitHub renders Org by org-ruby, which knows less than Emacs. It takes =code= only between certain
characters, makes a dash of -- outside of code, has no alternative text for a link to a picture,
and knows no headings by their properties: the address of one is made of its text. Each complaint
is a line.
"""
import re
import sys

CODE = re.compile(r"(^|[ \t('\"{])([*/_=~+])(?!\2)([^\s,\"']|[^\s,\"'].*?(?:\n.*?)?[^\s,\"'])\2"
                  r"(?=[- \t.,:!?;'\")}\\]|$)", re.M)
LINK = re.compile(r"\[\[([^\]\[]+)\](?:\[([^\]\[]+)\])?\]")
PICTURE = re.compile(r"\.(gif|jpe?g|png|svg)", re.I)


def address(heading):
    """The name of a heading in a link."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def paragraphs(lines):
    """(number, text) of what is rendered as text: paragraphs, rows of tables, headings."""
    block, start, text = None, 0, []
    for number, line in enumerate([*lines, ""], 1):
        begin = re.match(r"\s*#\+begin_(\w+)", line, re.I)
        if block:
            if re.match(rf"\s*#\+end_{block}", line, re.I):
                block = None
            continue
        if begin:
            block = begin[1]
        apart = re.match(r"(\*+ |\s*\||\s*[-+] |\s*\d+[.)] )", line)
        if text and (apart or begin or not line.strip() or text[0].startswith(("*", "|"))):
            yield start, "\n".join(text)
            text = []
        if line.strip() and not re.match(r"\s*(#|:\w+:)", line):
            start = start if text else number
            text.append(line)


def check_text(text):
    rest = CODE.sub(lambda found: found[1] + ("code" if found[2] in "=~" else found[3]), text)
    rest = LINK.sub(lambda found: found[2] or "link", rest)
    for spoiled in re.findall(r"\S*(?:--|\.\.\.|[=~]\S)\S*", rest.replace("|-", "")):
        yield f"neither code nor text: {spoiled}"


def check_links(text, headings, named):
    for target, _ in LINK.findall(text):
        if target.startswith("#") and target[1:] not in headings:
            yield f"no heading has the address {target}"
        elif target.startswith("#") and target[1:] not in named:
            yield f"Emacs needs :CUSTOM_ID: {target[1:]}"
        elif not target.startswith(("#", "file:", "https:")) or "::" in target:
            yield f"a link that only Emacs knows: {target}"
        elif PICTURE.search(target):
            yield f"a picture without alternative text: {target}"


def check(name):
    with open(name, encoding="utf-8") as file:
        lines = file.read().split("\n")
    texts = [(number, text) for number, text in paragraphs(lines)
             if not re.match(r"\s*\|-", text)]
    headings = {address(text.lstrip("* ")) for _, text in texts if re.match(r"\*+ ", text)}
    named = {line.split()[1] for line in lines if line.startswith(":CUSTOM_ID:")}
    for number, text in texts:
        for what in (*check_text(text), *check_links(text, headings, named)):
            yield f"{name}:{number}: {what}"
    for line in lines:
        if re.match(r"#\+attr_html.*:alt|#\+caption", line, re.I):
            yield f"{name}: GitHub ignores {line.split()[0]}"


if __name__ == "__main__":
    found = [complaint for name in sys.argv[1:] for complaint in check(name)]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found or len(sys.argv) < 2 else 0)
