"""Static pictures of a schedule: lanes side by side, one step a row, time running down.

    SchedulePicture(schedule)      # shows itself in a notebook
    schedule_svg(schedule)         # for web pages
    schedule_png(schedule)         # where SVG is not to be had

Whatever a colour says is also said by a shape or a word.
"""

from base64 import b64encode
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from helpers.interleave import svg
from helpers.interleave.layout import BAR, GAP, MARGIN, NUMBERS, WIDTH, Card, Layout, TableColumn
from helpers.interleave.palette import lock_colour
from helpers.interleave.schedule import Schedule
from helpers.interleave.story import (
    Row,
    State,
    alt,
    memory,
    rows,
    title,
)
from helpers.interleave.waits import draw_waits

__all__ = ["SchedulePicture", "alt", "schedule_png", "schedule_svg"]


def schedule_svg(schedule: Schedule, shown: tuple[Row, ...] | None = None, current: int | None = None) -> str:
    """Draw a schedule.

    Args:
        schedule: What to draw.
        shown: The rows to draw, consecutive ones out of `rows`; all that it picks by itself if None.
        current: Position of the row to point at, later ones drawn faintly; None draws all rows alike.

    Returns:
        A self-contained SVG document, 800 pixels wide, with a background of its own.
    """
    layout = Layout(schedule, rows(schedule) if shown is None else shown, current)
    canvas = ET.Element("g")
    _heading(canvas, layout)
    _lanes(canvas, layout)
    _bars(canvas, layout)
    _batons(canvas, layout)
    _memory(canvas, layout)
    for position in range(len(layout.cards)):
        _card(canvas, layout, position)
    _table(canvas, layout)
    bottom = layout.bottom + GAP
    if schedule.waits and (current is None or current == len(layout.shown) - 1):
        bottom = draw_waits(canvas, schedule, MARGIN, bottom, WIDTH - 2 * MARGIN)
    bottom = _legend(canvas, layout, bottom)
    root = svg.picture(WIDTH, bottom + MARGIN / 2, title(schedule), alt(schedule))
    svg.rect(root, 0.5, 0.5, WIDTH - 1, bottom + MARGIN / 2 - 1, rx=8, fill="#ffffff", stroke="#b8b8b8")
    root.append(canvas)
    return svg.tostring(root)


def schedule_png(schedule: Schedule, scale: float = 2.0) -> bytes:
    """Draw a schedule as PNG, 800 pixels times `scale` wide, with the same fonts on every machine."""
    import resvg_py  # here, so that the text and SVG forms need no compiled library

    return resvg_py.svg_to_bytes(
        svg_string=schedule_svg(schedule), zoom=scale, skip_system_fonts=True, font_files=list(_fonts())
    )


@dataclass(frozen=True)
class SchedulePicture:
    """A schedule that shows itself in a notebook, as the last expression of a cell or through `display`.

    HTML comes first, as an image with its description: JupyterLab and nbconvert show a bare SVG as an image without
    one, and JupyterLab refuses it in a notebook that it does not trust. SVG, PNG and text are for other readers.
    """

    schedule: Schedule

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        description, picture = alt(self.schedule), schedule_svg(self.schedule)
        encoded = b64encode(picture.encode()).decode()
        data: dict[str, object] = {
            "text/html": f'<img alt="{escape(description)}" style="max-width: 100%"'
            f' src="data:image/svg+xml;base64,{encoded}">',
            "image/svg+xml": picture,
            "text/plain": description,
        }
        if include is None or "image/png" in include:  # it takes ten times as long as all the others
            data["image/png"] = b64encode(schedule_png(self.schedule, scale=1.5)).decode()
        return data, {"image/png": {"alt": description, "width": int(WIDTH)}}


@lru_cache
def _fonts() -> tuple[str, ...]:
    spec = find_spec("matplotlib")  # importing it would take longer than the drawing
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).with_name("mpl-data") / "fonts" / "ttf"
    names = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold")
    return tuple(str(folder / f"{name}.ttf") for name in names)


def _heading(canvas: ET.Element, layout: Layout) -> None:
    for i, part in enumerate(layout.headline):
        svg.text(canvas, MARGIN, MARGIN + 16 + 24 * i, part, font_size=17, font_weight="bold")


def _lanes(canvas: ET.Element, layout: Layout) -> None:
    height = layout.bottom - layout.top
    for lane_ in layout.lanes:
        svg.rect(canvas, lane_.left, layout.top, lane_.right - lane_.left, height, rx=6, fill="#f4f4f4")
        svg.rect(canvas, lane_.left, layout.top, lane_.right - lane_.left, 30, rx=6, fill=lane_.colour.tint)
        svg.rect(canvas, lane_.left, layout.top + 27, lane_.right - lane_.left, 3, fill=lane_.colour.edge)
        svg.text(
            canvas,
            (lane_.left + lane_.right) / 2,
            layout.top + 20,
            svg.fit(lane_.heading, lane_.right - lane_.left - 8, 15, bold=True),
            font_size=15,
            font_weight="bold",
            text_anchor="middle",
        )


def _bars(canvas: ET.Element, layout: Layout) -> None:
    """Draw held locks as filled bars and waiting as hatched, dashed ones."""
    if not layout.cards:
        return
    for span in layout.spans:
        lane_ = layout.lane_of(span.thread)
        first, last = layout.position_from(span.first), layout.position(span.last)
        if span.lock not in lane_.bars or last < 0 or span.first > layout.until:
            continue
        if layout.current is not None:
            last = max(first, min(last, layout.current))  # what is still to come is not known yet
        x = lane_.left + 4 + lane_.bars.index(span.lock) * (BAR + 3)
        top = layout.cards[first].top
        bottom = layout.cards[last].bottom + (GAP - 2 if span.waiting and last < len(layout.cards) - 1 else 0)
        bar = svg.group(canvas, opacity=layout.opacity(first))
        if span.waiting:
            svg.rect(bar, x, top, BAR, bottom - top, rx=3, fill="#ffffff")
            svg.hatch(bar, x, top, BAR, bottom - top, stroke=svg.GREY, stroke_width=1)
            svg.rect(bar, x, top, BAR, bottom - top, rx=3, fill="none", stroke=svg.INK, stroke_dasharray="4 3")
            continue
        svg.rect(bar, x, top, BAR, bottom - top, rx=3, fill=lock_colour(layout.schedule, span.lock), stroke=svg.INK)
        label = svg.fit(span.lock, bottom - top - 6, 12, bold=True)
        if len(label) > 2:
            across, middle = x + BAR / 2 + 4.5, (top + bottom) / 2
            turn = f"rotate(-90 {across:.1f} {middle:.1f})"
            svg.text(
                bar,
                across,
                middle,
                label,
                font_size=12,
                font_weight="bold",
                text_anchor="middle",
                transform=turn,
            )


def _batons(canvas: ET.Element, layout: Layout) -> None:
    """Draw an arrow wherever another thread goes on."""
    for i, (before, after) in enumerate(pairwise(layout.cards), 1):
        if before.lane is None or after.lane is None or before.lane is after.lane:
            continue
        rightwards = before.lane.left < after.lane.left
        start = (before.lane.card[1] - 30 if rightwards else before.lane.card[0] + 30, before.bottom)
        end = (after.lane.card[0] if rightwards else after.lane.card[1], after.top + after.height / 2)
        corner = f"M{start[0]:.1f} {start[1]:.1f}V{end[1]:.1f}"
        style = svg.group(canvas, opacity=layout.opacity(i))
        svg.path(style, corner, fill="none", stroke=svg.GREY, stroke_width=1.5)
        svg.arrow(style, (start[0], end[1]), end, stroke=svg.GREY, stroke_width=1.5)


def _memory(canvas: ET.Element, layout: Layout) -> None:
    """Between a stale read and the write based on it, show what the thread still remembers."""
    stale = memory(layout.schedule)
    if stale is None or stale.read > layout.until:
        return
    read, write = layout.position(stale.read), layout.position(stale.write)
    lane_ = layout.lane_of(stale.thread)
    others = [
        card
        for card in layout.cards[read + 1 : write]
        if layout.schedule.steps[card.row.last].thread not in lane_.threads
    ]
    if not others:
        return
    left, right = lane_.card
    middle = (left + right) / 2
    start = layout.cards[read].bottom if read >= 0 else layout.first_row - 10
    end = layout.cards[write].top if stale.write <= layout.until else layout.bottom
    note = svg.group(canvas, opacity=layout.opacity(read + 1))
    edge = lane_.colour.edge
    svg.line(note, middle, start, middle, end, stroke=edge, stroke_width=2, stroke_dasharray="2 4")
    label = svg.fit(f"still has {stale.target} = {stale.value}", right - left - 12, 13)
    half = svg.width(label, 13) / 2 + 8
    place = others[len(others) // 2]
    y = place.top + place.height / 2
    pill: dict[str, str | float] = {"stroke": edge, "stroke_width": 1.5, "stroke_dasharray": "2 3"}
    svg.rect(note, middle - half, y - 12, 2 * half, 24, rx=12, fill="#ffffff", **pill)
    svg.text(note, middle, y + 4.5, label, font_size=13, font_style="italic", text_anchor="middle")


def _card(canvas: ET.Element, layout: Layout, position: int) -> None:
    card = layout.cards[position]
    fatal = card.row.last == layout.schedule.fatal
    group = svg.group(canvas, opacity=layout.opacity(position))
    svg.text(
        group,
        MARGIN + NUMBERS - 8,
        card.top + 19,
        str(card.row.number) if card.lane else "⋮",
        font_size=12,
        fill=svg.GREY,
        text_anchor="end",
    )
    if card.lane is None:
        who = layout.schedule.steps[card.row.last].thread
        x, _ = layout.lane_of(who).card
        said = svg.fit(card.said[0], WIDTH - MARGIN - x, 12)
        svg.rect(group, x, card.top, svg.width(said, 12) + 18, card.height, rx=5, fill="#f4f4f4")
        svg.text(group, x + 9, card.top + 16, said, font_size=12, fill=svg.GREY, font_style="italic")
        return
    left, right = card.lane.card
    edge = {"stroke": svg.INK, "stroke_width": 3.0} if fatal else {"stroke": card.lane.colour.edge}
    svg.rect(group, left, card.top, right - left, card.height, rx=5, fill=card.lane.colour.tint, **edge)
    if position == layout.current:
        svg.rect(
            group,
            left - 4,
            card.top - 4,
            right - left + 8,
            card.height + 8,
            rx=8,
            fill="none",
            stroke=svg.INK,
            stroke_width=2,
        )
        svg.path(group, f"M{MARGIN - 12} {card.top + 8:.1f}l9 6l-9 6z", fill=svg.INK)
    for i, part in enumerate(card.said):
        svg.text(group, left + 9, card.top + 20 + 18 * i, part)
    for i, part in enumerate(reversed(card.code)):
        baseline = card.bottom - 8 - 15 * i
        svg.text(group, left + 9, baseline, part, font_size=12, font_family=svg.MONO, fill="#454545")
    if fatal:
        _cross(group, right - 15, card.top + 15)
        _verdict(group, layout, card)


def _cross(parent: ET.Element, x: float, y: float) -> None:
    svg.circle(parent, x, y, 9, fill=svg.INK)
    svg.path(parent, f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", stroke="#ffffff", stroke_width=2.5, fill="none")


def _verdict(parent: ET.Element, layout: Layout, card: Card) -> None:
    """Put the outcome under the fatal step, pointing at it."""
    if not layout.schedule.outcome or card.lane is None:
        return
    top = card.bottom + GAP
    left = MARGIN + NUMBERS
    svg.rect(parent, left, top, WIDTH - MARGIN - left, 20 * len(layout.verdict) + 14, rx=5, fill=svg.INK)
    tip = sum(card.lane.card) / 2
    svg.path(parent, f"M{tip - 9:.1f} {top + 0.5:.1f}l9 -8l9 8z", fill=svg.INK)
    for i, part in enumerate(layout.verdict):
        svg.text(parent, left + 12, top + 21 + 20 * i, part, fill="#ffffff", font_weight="bold")


def _table(canvas: ET.Element, layout: Layout) -> None:
    """Write the shared values and the locks' holders beside each row, what changed in bold."""
    for is_lock, heading in ((False, "shared values"), (True, "held by")):
        columns = [column for column in layout.columns if column.is_lock is is_lock]
        if columns:
            room = sum(column.width for column in columns)
            svg.text(
                canvas,
                columns[0].left + 9,
                layout.top + 12,
                heading if svg.width(heading, 12) < room - 16 else heading.split()[-1],
                font_size=12,
                fill=svg.GREY,
            )
    previous = layout.start
    for column in layout.columns:
        name = svg.fit(column.name, column.width - 12, 13, mono=True, bold=True)
        svg.text(
            canvas,
            column.left + 9,
            layout.top + 29,
            name,
            font_size=13,
            font_weight="bold",
            font_family=svg.MONO,
        )
        _cell(canvas, column, previous, previous, layout.first_row - 12)
    if layout.columns:
        svg.text(
            canvas,
            layout.lanes[0].left + 6,
            layout.first_row - 12,
            "at the start" if layout.shown[:1] == () or layout.shown[0].number == 1 else "before that",
            font_size=12,
            fill=svg.GREY,
        )
    for position, card in enumerate(layout.cards):
        state = layout.states[card.row.last + 1]
        group = svg.group(canvas, opacity=layout.opacity(position))
        for column in layout.columns:
            _cell(group, column, state, previous, card.top + 20)
        previous = state


def _cell(parent: ET.Element, column: TableColumn, state: State, previous: State, baseline: float) -> None:
    shown = column.cell(state)
    changed = shown != column.cell(previous)
    if changed:
        svg.rect(
            parent,
            column.left + 3,
            baseline - 15,
            column.width - 4,
            21,
            rx=4,
            fill="#ffffff",
            stroke=svg.INK,
            stroke_width=1.5,
        )
    svg.text(
        parent,
        column.left + 9,
        baseline,
        svg.fit(shown, column.width - 14, 13, mono=True),
        font_size=13,
        font_family=svg.MONO,
        font_weight="bold" if changed else "normal",
        fill=svg.INK if changed else svg.GREY,
    )


def _legend(canvas: ET.Element, layout: Layout, top: float) -> float:
    """Explain the marks that this picture uses; return the lower edge."""
    x, y = MARGIN + NUMBERS, top + 16
    if any(not span.waiting for span in layout.spans):
        svg.rect(canvas, x, y - 11, 14, 14, rx=3, fill=lock_colour(layout.schedule, ""), stroke=svg.INK)
        x = _note(canvas, x + 20, y, "holds the lock")
    if any(span.waiting for span in layout.spans):
        svg.hatch(canvas, x, y - 11, 14, 14, stroke=svg.GREY)
        svg.rect(canvas, x, y - 11, 14, 14, rx=3, fill="none", stroke=svg.INK, stroke_dasharray="4 3")
        x = _note(canvas, x + 20, y, "waits")
    if layout.schedule.fatal is not None:
        _cross(canvas, x + 8, y - 4)
        x = _note(canvas, x + 22, y, "here it goes wrong")
    if layout.columns:
        svg.rect(canvas, x, y - 11, 14, 14, rx=3, fill="#ffffff", stroke=svg.INK, stroke_width=1.5)
        x = _note(canvas, x + 20, y, "has just changed")
    if layout.omitted:
        room = WIDTH - MARGIN - (MARGIN + NUMBERS)
        y += 20
        names = svg.fit("No room for: " + ", ".join(layout.omitted), room, 12)
        svg.text(canvas, MARGIN + NUMBERS, y, names, font_size=12, fill=svg.GREY)
    return y + 6


def _note(canvas: ET.Element, x: float, y: float, said: str) -> float:
    svg.text(canvas, x, y, said, font_size=12, fill=svg.GREY)
    return x + svg.width(said, 12) + 24
