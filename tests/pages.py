#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Check the pages of make html: tests/pages.py DIRECTORY

Each complaint is a line: a link that leads nowhere, a picture without alternative text, a page
without title or list of pages, what is wide and has no box to scroll in, a faint colour.
"""
import os
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

from pictures import LEAST_CONTRAST, contrast

VOID = {"meta", "link", "img", "br", "hr", "col", "wbr"}
BOXES = {"table": "table", "img": "picture"}


class Page(HTMLParser):
    """One page: what it refers to, what can be referred to, and what is wrong in itself."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.wrong, self.open = [], [], [], []
        self.seen = set()
        self.feed(text)
        if self.open:
            self.wrong.append(f"not closed: {self.open[-1][0]}")
        for tag in ("title", "h1", "nav", "main"):
            if tag not in self.seen:
                self.wrong.append(f"no {tag}")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.seen.add(tag)
        self.links += [attrs[name] for name in ("href", "src") if attrs.get(name)]
        self.ids += [attrs["id"]] if "id" in attrs else []
        if tag == "img" and len(attrs.get("alt") or "") < 40:
            self.wrong.append(f"no alternative text: {attrs.get('src')}")
        if tag in ("sub", "sup"):
            self.wrong.append("a name became an index")
        if tag in BOXES and BOXES[tag] not in (self.open[-1][1] if self.open else ""):
            self.wrong.append(f"no box to scroll in: {tag}")
        if tag not in VOID:
            self.open.append((tag, attrs.get("class") or ""))

    def handle_endtag(self, tag):
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            if tag not in [name for name, _ in self.open]:
                self.wrong.append(f"closed, but not open: {tag}")
                break


def read_pages(top):
    pages = {}
    for directory, _, names in os.walk(top):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    pages[path] = Page(file.read())
    return pages


def check_links(path, pages):
    for link in pages[path].links:
        if re.match(r"(https|mailto):", link):
            continue
        name, place = urldefrag(link)
        target = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if not os.path.isfile(target):
            yield f"no page {link}"
        elif place and unquote(place) not in pages[target].ids:
            yield f"no place {link}"


def check_colours(style):
    """The names of :root: each colour of a text on both grounds, in both schemes."""
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6});", rules))
                   for rules in re.findall(r":root \{([^}]*)\}", style))
    if set(light) != set(dark):
        yield "not the same colours in both schemes"
    for scheme, colours in (("light", light), ("dark", dark)):
        for name in colours.keys() - {"page", "box", "edge"}:
            for ground in ("page", "box"):
                ratio = contrast(colours[name], colours[ground])
                if ratio < LEAST_CONTRAST:
                    yield f"{scheme}: {name} on {ground}: contrast {ratio:.1f}"


def main(top):
    pages = read_pages(top)
    found = []
    for path, page in sorted(pages.items()):
        twice = {name for name in page.ids if page.ids.count(name) > 1}
        wrong = [*page.wrong, *(f"twice: #{name}" for name in twice), *check_links(path, pages)]
        found += [f"{os.path.relpath(path, top)}: {what}" for what in wrong]
    with open(os.path.join(top, "docs/style.css"), encoding="utf-8") as file:
        found += [f"style.css: {what}" for what in check_colours(file.read())]
    if "index.html" not in os.listdir(top):
        found.append("no index.html")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
