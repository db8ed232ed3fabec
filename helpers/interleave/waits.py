"""The wait-for graph of a deadlock: threads as circles, what they wait for as boxes, the cycle as a ring."""

import math
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from helpers.interleave import svg
from helpers.interleave.palette import lane_colour, lock_colour
from helpers.interleave.schedule import Schedule, Wait
from helpers.interleave.story import cycle

RADIUS = 24.0
BOX = 36.0


@dataclass(frozen=True, slots=True)
class _Node:
    """A thread or a resource in its place."""

    name: str
    x: float
    y: float
    is_thread: bool

    @property
    def half(self) -> tuple[float, float]:
        """Half of the width and of the height."""
        if self.is_thread:
            return RADIUS, RADIUS
        return min(svg.width(self.name, 14, bold=True), 150) / 2 + 12, BOX / 2

    def edge(self, towards: tuple[float, float]) -> tuple[float, float]:
        """The point on the outline that faces another point, with a little air."""
        dx, dy = towards[0] - self.x, towards[1] - self.y
        length = math.hypot(dx, dy) or 1.0
        if self.is_thread:
            reach = RADIUS
        else:
            width, height = self.half
            reach = min(width * length / abs(dx) if dx else math.inf, height * length / abs(dy) if dy else math.inf)
        reach += 4
        return self.x + dx / length * reach, self.y + dy / length * reach


def draw_waits(canvas: ET.Element, schedule: Schedule, left: float, top: float, width: float) -> float:
    """Draw who waits for whom.

    Args:
        canvas: The group to draw into.
        schedule: Whose `waits` to draw.
        left: Left edge, in pixels.
        top: Upper edge.
        width: Room to the right of `left`.

    Returns:
        The lower edge of what was drawn.
    """
    ring = cycle(schedule.waits)
    heading = "Who waits for whom: a circle that nobody can leave" if ring else "Who waits for whom"
    svg.text(canvas, left, top + 20, heading, font_size=15, font_weight="bold")
    top += 36
    if ring:
        top = _ring(canvas, schedule, ring, left + width / 2, top)
    for wait in schedule.waits:
        if wait not in ring:
            top = _chain(canvas, schedule, wait, left, top)
    return top


def _ring(canvas: ET.Element, schedule: Schedule, ring: tuple[Wait, ...], middle: float, top: float) -> float:
    names = [name for wait in ring for name in ((wait.thread, True), (wait.resource, False))]
    across, down = (150.0, 55.0) if len(ring) == 2 else (130.0, 0.0) if len(ring) == 1 else (270.0, 120.0)
    y = top + down + RADIUS + 4
    # Two threads stand at the corners of a rectangle; more of them stand on an ellipse.
    turn = -math.pi * 3 / 4 if len(ring) == 2 else math.pi if len(ring) == 1 else -math.pi / 2
    stretch = math.sqrt(2) if len(ring) == 2 else 1.0
    nodes = []
    for i, (name, is_thread) in enumerate(names):
        angle = turn + 2 * math.pi * i / len(names)
        nodes.append(
            _Node(
                name,
                middle + across * stretch * math.cos(angle),
                y + down * stretch * math.sin(angle),
                is_thread,
            )
        )
    shift = 9.0 if len(ring) == 1 else 0.0
    for i, node in enumerate(nodes):
        _edge(canvas, node, nodes[(i + 1) % len(nodes)], shift)
    for node in nodes:
        _node(canvas, schedule, node)
    return y + down + RADIUS + 12


def _chain(canvas: ET.Element, schedule: Schedule, wait: Wait, left: float, top: float) -> float:
    y = top + RADIUS + 4
    thread = _Node(wait.thread, left + 80, y, is_thread=True)
    resource = _Node(wait.resource, left + 330, y, is_thread=False)
    _edge(canvas, thread, resource)
    if wait.owner:
        owner = _Node(wait.owner, left + 580, y, is_thread=True)
        _edge(canvas, resource, owner)
        _node(canvas, schedule, owner)
    else:
        svg.text(canvas, resource.x + resource.half[0] + 16, y + 5, "and nobody will ever provide it", font_size=14)
    _node(canvas, schedule, thread)
    _node(canvas, schedule, resource)
    return y + RADIUS + 12


def _edge(canvas: ET.Element, start: _Node, end: _Node, shift: float = 0.0) -> None:
    """Draw an arrow with its label; `shift` moves it sideways, so that two arrows can run to and fro."""
    tail, head = start.edge((end.x, end.y)), end.edge((start.x, start.y))
    length = math.hypot(head[0] - tail[0], head[1] - tail[1]) or 1.0
    aside = (-(head[1] - tail[1]) / length * shift, (head[0] - tail[0]) / length * shift)
    tail, head = (tail[0] - aside[0], tail[1] - aside[1]), (head[0] - aside[0], head[1] - aside[1])
    label = "waits for" if start.is_thread else "is held by"
    dash: dict[str, str | float] = {"stroke_dasharray": "6 4"} if start.is_thread else {}
    svg.arrow(canvas, tail, head, stroke=svg.INK, stroke_width=2, **dash)
    x, y = (tail[0] + head[0]) / 2 - aside[0], (tail[1] + head[1]) / 2 - aside[1]
    half = svg.width(label, 13) / 2 + 4
    if shift:
        y += 4.5 if abs(aside[1]) < 1 else math.copysign(8, -aside[1]) + 4.5
    elif abs(head[1] - tail[1]) < 1:
        y -= 8
    else:
        svg.rect(canvas, x - half, y - 10, 2 * half, 20, fill="#ffffff")
        y += 4.5
    svg.text(canvas, x, y, label, font_size=13, text_anchor="middle")


def _node(canvas: ET.Element, schedule: Schedule, node: _Node) -> None:
    width, height = node.half
    if node.is_thread:
        colour = lane_colour(schedule, node.name)
        svg.circle(canvas, node.x, node.y, RADIUS, fill=colour.tint, stroke=colour.edge, stroke_width=2.5)
    else:
        svg.rect(
            canvas,
            node.x - width,
            node.y - height,
            2 * width,
            2 * height,
            rx=8,
            fill=lock_colour(schedule, node.name),
            stroke=svg.INK,
            stroke_width=1.5,
        )
    svg.text(
        canvas,
        node.x,
        node.y + 5,
        svg.fit(node.name, 2 * width - 8, 14, bold=True),
        font_weight="bold",
        text_anchor="middle",
    )
