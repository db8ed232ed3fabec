"""A thin layer over ElementTree for drawing SVG: shapes, text that fits, arrows.

Everything goes through ElementTree, so text from a student's code can never become markup. There are no ids
in the output: several pictures can stand inline in one page without their ids clashing.
"""

import math
import unicodedata
from functools import cache
from xml.etree import ElementTree as ET

from helpers.interleave.escaping import printable

SANS = "DejaVu Sans, Verdana, Geneva, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"
INK = "#1a1a1a"
GREY = "#595959"  # 7:1 on white

_MONO_ADVANCE = 0.603  # em; the same in DejaVu Sans Mono, Menlo and Consolas up to 0.05
_SANS_ADVANCE = {
    **dict.fromkeys("ijl'|", 0.29),
    **dict.fromkeys(" .,:;!ft()[]I/r", 0.40),
    **dict.fromkeys("mw%@MW", 0.95),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ=+<>~_", 0.72),
}
_SANS_OTHER = 0.62
_BOLD = 1.12


def picture(width: float, height: float, label: str, description: str) -> ET.Element:
    """Make an empty SVG document of `width` x `height` pixels that shrinks with its container.

    Args:
        width: In pixels; also the width of the coordinate system.
        height: In pixels.
        label: What a screen reader says first.
        description: The long description.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": _number(width),
            "height": _number(height),
            "viewBox": f"0 0 {_number(width)} {_number(height)}",
            "role": "img",
            "aria-label": printable(label),
            "font-family": SANS,
            "style": "max-width:100%;height:auto",
        },
    )
    ET.SubElement(root, "title").text = printable(label)
    ET.SubElement(root, "desc").text = printable(description)
    return root


def group(parent: ET.Element, **attributes: str | float) -> ET.Element:
    """Add a group; attributes are SVG's, with underscores for hyphens."""
    return ET.SubElement(parent, "g", _attributes(attributes))


def rect(parent: ET.Element, x: float, y: float, width: float, height: float, **attributes: str | float) -> ET.Element:
    """Add a rectangle."""
    return ET.SubElement(parent, "rect", _attributes({"x": x, "y": y, "width": width, "height": height, **attributes}))


def line(parent: ET.Element, x1: float, y1: float, x2: float, y2: float, **attributes: str | float) -> ET.Element:
    """Add a straight line."""
    return ET.SubElement(parent, "line", _attributes({"x1": x1, "y1": y1, "x2": x2, "y2": y2, **attributes}))


def circle(parent: ET.Element, x: float, y: float, radius: float, **attributes: str | float) -> ET.Element:
    """Add a circle around (x, y)."""
    return ET.SubElement(parent, "circle", _attributes({"cx": x, "cy": y, "r": radius, **attributes}))


def path(parent: ET.Element, data: str, **attributes: str | float) -> ET.Element:
    """Add a path."""
    return ET.SubElement(parent, "path", _attributes({"d": data, **attributes}))


def text(parent: ET.Element, x: float, y: float, content: str, **attributes: str | float) -> ET.Element:
    """Add one line of text with its baseline at y; `font_size` defaults to 14 pixels and `fill` to ink."""
    node = ET.SubElement(parent, "text", _attributes({"x": x, "y": y, "font_size": 14, "fill": INK, **attributes}))
    node.text = printable(content)
    # Indentation and runs of blanks in values and source would collapse otherwise.
    node.set("xml:space", "preserve")
    return node


def arrow(parent: ET.Element, start: tuple[float, float], end: tuple[float, float], **attributes: str | float) -> None:
    """Add a straight arrow; its head is a polygon, since a marker would need an id."""
    x1, y1 = start
    x2, y2 = end
    angle = math.atan2(y2 - y1, x2 - x1)
    size = 9.0
    # The line ends inside the head, so that its square end does not blunt the tip.
    neck_x, neck_y = x2 - size * 0.8 * math.cos(angle), y2 - size * 0.8 * math.sin(angle)
    line(parent, x1, y1, neck_x, neck_y, **attributes)
    points = [(x2, y2)] + [
        (x2 - size * math.cos(angle + turn), y2 - size * math.sin(angle + turn)) for turn in (0.45, -0.45)
    ]
    corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    ET.SubElement(parent, "polygon", _attributes({"points": corners, "fill": attributes.get("stroke", INK)}))


def hatch(parent: ET.Element, x: float, y: float, width: float, height: float, **attributes: str | float) -> None:
    """Fill a rectangle with rising diagonals, as one path; a pattern would need an id."""
    step = 7.0
    strokes = []
    offset = step
    while offset < height + width:
        left = (x, y + offset) if offset <= height else (x + offset - height, y + height)
        right = (x + offset, y) if offset <= width else (x + width, y + offset - width)
        strokes.append(f"M{_number(left[0])} {_number(left[1])}L{_number(right[0])} {_number(right[1])}")
        offset += step
    path(parent, "".join(strokes), fill="none", **attributes)


def width(content: str, size: float, mono: bool = False, bold: bool = False) -> float:
    """Estimate how wide a text is drawn, in pixels; a little more than in the fonts named above."""
    return sum(_advance(char, mono) for char in content) * size * (_BOLD if bold and not mono else 1.0)


@cache
def _advance(char: str, mono: bool) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 2 * _MONO_ADVANCE if mono else 1.05
    if unicodedata.combining(char):
        return 0.0
    return _MONO_ADVANCE if mono else _SANS_ADVANCE.get(char, _SANS_OTHER)


def fit(content: str, room: float, size: float, mono: bool = False, bold: bool = False) -> str:
    """Shorten a text with an ellipsis until it is at most `room` pixels wide."""
    content = printable(content)
    most = int(room / (0.25 * size)) + 1  # bounds stacks of combining characters, which have no width
    if len(content) <= most and width(content, size, mono, bold) <= room:
        return content
    kept = content[:most]
    while kept and width(kept + "…", size, mono, bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(content: str, room: float, size: float, mono: bool = False, bold: bool = False, most: int = 4) -> list[str]:
    """Break a sentence into at most `most` lines of at most `room` pixels; the rest ends in an ellipsis.

    A word that is longer than a line is broken where the line is full.
    """
    lines = [""]
    for word in printable(content).split():
        longer = f"{lines[-1]} {word}".strip()
        if width(word, size, mono, bold) <= room < width(longer, size, mono, bold):
            lines.append(word)
            continue
        lines.pop()
        while len(lines) < most and width(longer, size, mono, bold) > room:
            full = _fitting(longer, room, size, mono, bold)
            lines.append(longer[:full])
            longer = longer[full:]
        lines.append(longer)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [fit(part, room, size, mono, bold) for part in lines]


def _fitting(content: str, room: float, size: float, mono: bool, bold: bool) -> int:
    """How many characters of a text fit into `room` pixels; at least one."""
    return next((n for n in range(1, len(content)) if width(content[: n + 1], size, mono, bold) > room), len(content))


def tostring(root: ET.Element) -> str:
    """Serialise a picture."""
    return ET.tostring(root, encoding="unicode")


def _attributes(given: dict[str, str | float]) -> dict[str, str]:
    return {
        name.replace("_", "-"): value if isinstance(value, str) else _number(value) for name, value in given.items()
    }


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
