#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Check pictures of the documents: tests/pictures.py STYLE PICTURE...

Each complaint is a line. A picture has the shared style, a title and a description, no ground of
its own, and texts that stay within their frames and apart from each other in any usual font.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
# The widths of DejaVu Sans, the widest of the usual fonts, in hundredths of the size.
WIDTHS = {c: width for width, chars in {
    30: "'ijlIJ", 32: " ,.", 35: "f/:;\\|", 40: "()[]t-!r", 51: "\"*_`sz?", 56: "Lcvxy", 60: "FkPT",
    62: "aoeY", 64: "ESbdghnpqu0123456789${}", 70: "KAVBRXZC", 77: "UHNDG", 80: "&OQ",
    85: "w#+<=>^~M", 100: "%mW@"}.items() for c in chars}
BOLD, MONOSPACE, MARGIN = 1.13, 61, 3
PAGES = {"light": ("#ffffff", "#f6f6f3"), "dark": ("#0d1117", "#22272e")}
LEAST_CONTRAST = 4.5


def declarations(style):
    """{selector: {property: value}} of one colour scheme."""
    rules = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        for selector in selectors.split(","):
            rules.setdefault(selector.strip(), {}).update(
                pair.split(": ") for pair in body.strip().split("; "))
    return rules


def schemes(style):
    """The rules of the light scheme, and those of the dark one, which begin with the light ones."""
    light, dark = style.split("@media (prefers-color-scheme: dark) {")
    light, dark = declarations(light[light.index("<style>") + 7:]), declarations(dark)
    return {"light": light, "dark": {
        name: {**light.get(name, {}), **dark.get(name, {})} for name in {*light, *dark}}}


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    dark, light = sorted(luminance(c) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def check_style(style):
    for scheme, rules in schemes(style).items():
        ink = rules["text"]["fill"]
        grounds = [*PAGES[scheme], *(rule["fill"] for name, rule in rules.items()
                                     if rule.get("stroke", "none") != "none" and rule.get("fill", "none") != "none")]
        drawn = {name: rule.get("stroke", "none") for name, rule in rules.items()}
        drawn.update({name: rule["fill"] for name, rule in rules.items() if name.startswith(".tip")})
        pairs = [("text", ink, ground) for ground in grounds]
        pairs += [(name, colour, page) for name, colour in drawn.items() if colour != "none"
                  for page in PAGES[scheme]]
        for name, colour, ground in pairs:
            if contrast(colour, ground) < LEAST_CONTRAST:
                yield f"{scheme}: {name}: {colour} on {ground}: contrast {contrast(colour, ground):.1f}"
        strokes = [colour for name, colour in drawn.items()
                   if colour != "none" and not name.startswith(".tip")]
        if len(set(strokes)) != len(strokes):
            yield f"{scheme}: two meanings have one colour"


def text_box(element):
    """What a text covers: left, top, right, bottom."""
    classes = element.get("class", "").split()
    text = "".join(element.itertext())
    size = 13 if {"code", "small"} & set(classes) else 15
    if "code" in classes:
        width = MONOSPACE * len(text)
    else:
        width = sum(WIDTHS.get(c, 100) for c in text) * (BOLD if "head" in classes else 1)
    width *= size / 100
    left = float(element.get("x"))
    if "middle" in classes:
        left -= width / 2
    elif "end" in classes:
        left -= width
    base = float(element.get("y"))
    return left, base - 0.76 * size, left + width, base + 0.22 * size


def rect_box(element):
    x, y, width, height = (float(element.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def overlap(one, other, margin=0.0):
    return (one[0] - margin < other[2] and other[0] - margin < one[2] and
            one[1] - margin < other[3] and other[1] - margin < one[3])


def inside(inner, outer, margin):
    return (outer[0] + margin <= inner[0] and inner[2] <= outer[2] - margin and
            outer[1] + margin <= inner[1] and inner[3] <= outer[3] - margin)


def check_texts(root, whole):
    frames = [rect_box(r) for r in root.iter(SVG + "rect")]
    boxes = [("".join(t.itertext()), text_box(t)) for t in root.iter(SVG + "text")]
    for n, (text, box) in enumerate(boxes):
        if not inside(box, whole, 0):
            yield f"leaves the picture: {text}"
        for frame in frames:
            if overlap(box, frame) and not inside(box, frame, MARGIN):
                yield f"leaves its frame: {text}"
        for other, its_box in boxes[n + 1:]:
            if overlap(box, its_box):
                yield f"texts meet: {text} / {other}"


def check_picture(source, style):
    root = ElementTree.fromstring(source)
    whole = tuple(float(number) for number in root.get("viewBox").split())
    if (root.get("width"), root.get("height")) != tuple(root.get("viewBox").split()[2:]):
        yield "width and height are not those of the viewBox"
    if root.get("role") != "img" or root.get("aria-labelledby") != "title desc":
        yield "a screen reader does not find title and description"
    for name in ("title", "desc"):
        if not (root.findtext(SVG + name) or "").strip() or root.find(SVG + name).get("id") != name:
            yield f"no {name}"
    if style not in source:
        yield "another style: make pictures"
    for element in root.iter():
        if {"fill", "stroke", "style"} & set(element.attrib):
            yield f"a colour of its own: {element.tag.replace(SVG, '')}"
        if element.tag == SVG + "rect" and "frame" not in element.get("class", "").split():
            left, top, right, bottom = rect_box(element)
            if (right - left) * (bottom - top) > 0.6 * whole[2] * whole[3]:
                yield "a ground of its own"
    yield from check_texts(root, whole)


def main(style_file, *pictures):
    with open(style_file, encoding="utf-8") as file:
        style = file.read()
    complaints = [f"{style_file}: {what}" for what in check_style(style)]
    for name in pictures:
        with open(name, encoding="utf-8") as file:
            try:
                complaints += [f"{name}: {what}" for what in check_picture(file.read(), style)]
            except ElementTree.ParseError as error:
                complaints.append(f"{name}: {error}")
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints or not pictures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
