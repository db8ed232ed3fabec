"""Static pictures of a schedule: lanes side by side, one step a row, time running down.

    SchedulePicture(schedule)      # shows itself in a notebook
    schedule_svg(schedule)         # for web pages
    schedule_png(schedule)         # where SVG is not to be had

Whatever a colour says is also said by a shape or a word.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from helpers.interleave import svg
from helpers.interleave.palette import Colour, lane_colour, lock_colour
from helpers.interleave.schedule import Schedule
from helpers.interleave.story import (
    UNKNOWN,
    LockSpan,
    Row,
    State,
    alt,
    lane,
    locks,
    memory,
    rows,
    source,
    spans,
    states,
    targets,
    title,
    words,
)
from helpers.interleave.waits import draw_waits

__all__ = ["SchedulePicture", "alt", "schedule_png", "schedule_svg"]

WIDTH = 800.0
MARGIN = 20.0
NUMBERS = 30.0  # the column of step numbers
GAP = 8.0  # between rows, and between lanes
BAR = 18.0  # a lock's bar
MOST_LANES = 6
MOST_BARS = 3
FAINT = 0.28


@dataclass(frozen=True, slots=True)
class _Lane:
    """A column of the picture: whose steps it shows and which bars stand at its left edge."""

    heading: str
    threads: tuple[str, ...]
    bars: tuple[str, ...]
    left: float
    right: float
    colour: Colour

    @property
    def card(self) -> tuple[float, float]:
        """Left and right edge of the lane's cards."""
        return self.left + 6 + len(self.bars) * (BAR + 3), self.right - 6


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table beside the lanes: one shared value, or one lock."""

    name: str
    is_lock: bool
    left: float
    width: float

    def cell(self, state: State) -> str:
        """What the column shows after a step."""
        if self.is_lock:
            return state.holders[self.name] or "free"
        return state.values.get(self.name, "")


@dataclass(frozen=True, slots=True)
class _Card:
    """What one row says and where it stands."""

    row: Row
    lane: _Lane | None  # None for folded steps
    said: tuple[str, ...]
    code: tuple[str, ...]
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """The card's lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class _Layout:
    """Everything that has a place, worked out once from the schedule."""

    schedule: Schedule
    shown: tuple[Row, ...]
    current: int | None

    @cached_property
    def states(self) -> tuple[State, ...]:
        return states(self.schedule)

    @cached_property
    def headline(self) -> list[str]:
        return svg.wrap(title(self.schedule), WIDTH - 2 * MARGIN, 17, bold=True)

    @cached_property
    def top(self) -> float:
        """Upper edge of the lanes' headings."""
        return MARGIN + 24 * len(self.headline) + 8

    @cached_property
    def columns(self) -> tuple[_Column, ...]:
        """As many columns as fit beside lanes that are still readable, the most telling first."""
        count = min(len(self.schedule.threads), MOST_LANES)
        room = WIDTH - 2 * MARGIN - NUMBERS - count * {1: 260, 2: 230, 3: 170}.get(count, 118)
        telling, rest = targets(self.schedule)
        named = [(name, name in locks(self.schedule)) for name in (*telling, *locks(self.schedule), *rest)]
        chosen: list[tuple[str, bool, float]] = []
        for name, is_lock in named:
            probe = _Column(name, is_lock, 0, 0)
            cells = {probe.cell(state) for state in self.states}
            if cells <= {"", UNKNOWN}:
                continue
            widest = max(svg.width(cell, 13, mono=True) for cell in cells)
            width = min(max(svg.width(name, 13, mono=True, bold=True), widest, 50 if is_lock else 32) + 18, 150)
            if width <= room:
                chosen.append((name, is_lock, width))
                room -= width
        left = WIDTH - MARGIN - sum(width for *_, width in chosen)
        placed = []
        for name, is_lock, width in chosen:
            placed.append(_Column(name, is_lock, left, width))
            left += width
        return tuple(placed)

    @cached_property
    def omitted(self) -> tuple[str, ...]:
        """Names that found no room in the table."""
        placed = {column.name for column in self.columns}
        telling, rest = targets(self.schedule)
        return tuple(n for n in (*telling, *locks(self.schedule), *rest) if n not in placed)

    @cached_property
    def spans(self) -> tuple[LockSpan, ...]:
        return spans(self.schedule)

    @cached_property
    def lanes(self) -> tuple[_Lane, ...]:
        """One lane a thread; threads beyond the sixth lane share the last one."""
        threads = self.schedule.threads
        split = len(threads) if len(threads) <= MOST_LANES else MOST_LANES - 1
        groups: list[tuple[str, ...]] = [(thread,) for thread in threads[:split]]
        if threads[split:]:
            groups.append(threads[split:])
        left = MARGIN + NUMBERS
        right = self.columns[0].left - GAP if self.columns else WIDTH - MARGIN
        width = (right - left + GAP) / max(len(groups), 1) - GAP
        placed = []
        for i, group in enumerate(groups):
            heading = lane(self.schedule, group[0]) if len(group) == 1 else f"{len(group)} others"
            waiting_for = (span.lock for span in self.spans if span.thread in group)
            bars = tuple(dict.fromkeys(waiting_for))[:MOST_BARS] if len(group) == 1 else ()
            edge = left + i * (width + GAP)
            placed.append(_Lane(heading, group, bars, edge, edge + width, lane_colour(self.schedule, group[0])))
        return tuple(placed)

    def lane_of(self, thread: str) -> _Lane:
        return next(lane for lane in self.lanes if thread in lane.threads)

    @cached_property
    def roomy(self) -> bool:
        """Whether every line of code fits behind the word "line"."""
        room = min((lane_.card[1] - lane_.card[0] - 14 for lane_ in self.lanes), default=0.0)
        lines = {source(self.schedule.steps[row.last]) for row in self.shown if not row.folded}
        return all(svg.width(where, 12, mono=True) <= room for where in lines)

    @cached_property
    def first_row(self) -> float:
        """Upper edge of the first card; the line above it shows the values at the start."""
        return self.top + 46 + (24 if self.columns else 0)

    @cached_property
    def cards(self) -> tuple[_Card, ...]:
        top = self.first_row
        placed = []
        for row in self.shown:
            card = self._card(row, top)
            placed.append(card)
            top = card.bottom + GAP
            if row.last == self.schedule.fatal and self.schedule.outcome:
                top += 20 * len(self.verdict) + 14 + GAP
        return tuple(placed)

    def _card(self, row: Row, top: float) -> _Card:
        step = self.schedule.steps[row.last]
        if row.folded:
            who = sorted({self.schedule.steps[i].thread for i in row.steps})
            folded = f"{len(row.steps)} more steps of {' and '.join(who)}"
            return _Card(row, None, (folded,), (), top, 24)
        lane_ = self.lane_of(step.thread)
        left, right = lane_.card
        icon = 24.0 if row.last == self.schedule.fatal else 0.0
        name = f"{step.thread} " if len(lane_.threads) > 1 else ""
        said = tuple(svg.wrap(name + words(step), right - left - 16 - icon, 14, most=2))
        where = source(step) if self.roomy else source(step).removeprefix("line ")
        code = tuple(filter(None, svg.wrap(where, right - left - 14, 12, mono=True, most=2)))
        return _Card(row, lane_, said, code, top, 11 + 18 * len(said) + 15 * len(code))

    @cached_property
    def verdict(self) -> list[str]:
        """The outcome as it stands below the fatal step."""
        return svg.wrap(self.schedule.outcome, WIDTH - 2 * MARGIN - NUMBERS - 24, 14, bold=True)

    @cached_property
    def bottom(self) -> float:
        """Lower edge of the lanes."""
        if not self.cards:
            return self.first_row
        last = self.cards[-1]
        under = 20 * len(self.verdict) + 14 + GAP if last.row.last == self.schedule.fatal else 0
        return last.bottom + under

    @cached_property
    def until(self) -> int:
        """Index of the last step that has a card."""
        return self.shown[-1].last if self.shown else -1

    @property
    def start(self) -> State:
        """What could be seen before the first card."""
        return self.states[self.shown[0].steps[0] if self.shown else 0]

    def position(self, step: int) -> int:
        """Which card shows a step, or the last one before it; -1 if it lies before the first card."""
        return max((i for i, card in enumerate(self.cards) if card.row.steps[0] <= step), default=-1)

    def position_from(self, step: int) -> int:
        """Which card shows a step, or the next one after it; the last card if there is none."""
        return next((i for i, card in enumerate(self.cards) if card.row.last >= step), len(self.cards) - 1)

    def opacity(self, position: int) -> float:
        """Steps that are still to come are faint."""
        return 1.0 if self.current is None or position <= self.current else FAINT


def schedule_svg(schedule: Schedule, shown: tuple[Row, ...] | None = None, current: int | None = None) -> str:
    """Draw a schedule.

    Args:
        schedule: What to draw.
        shown: The rows to draw, consecutive ones out of `rows`; all that it picks by itself if None.
        current: Position of the row to point at, later ones drawn faintly; None draws all rows alike.

    Returns:
        A self-contained SVG document, 800 pixels wide, with a background of its own.
    """
    layout = _Layout(schedule, rows(schedule) if shown is None else shown, current)
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
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        description, picture = alt(self.schedule), schedule_svg(self.schedule)
        encoded = b64encode(picture.encode()).decode()
        data: dict[str, object] = {
            "text/html": f'<img alt="{escape(description)}" style="max-width: 100%"'
            f' src="data:image/svg+xml;base64,{encoded}">',
            "image/svg+xml": picture,
            "image/png": b64encode(schedule_png(self.schedule, scale=1.5)).decode(),
            "text/plain": description,
        }
        return data, {"image/png": {"alt": description, "width": int(WIDTH)}}


@lru_cache
def _fonts() -> tuple[str, ...]:
    spec = find_spec("matplotlib")  # importing it would take longer than the drawing
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).with_name("mpl-data") / "fonts" / "ttf"
    names = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold")
    return tuple(str(folder / f"{name}.ttf") for name in names)


def _heading(canvas: ET.Element, layout: _Layout) -> None:
    for i, part in enumerate(layout.headline):
        svg.text(canvas, MARGIN, MARGIN + 16 + 24 * i, part, font_size=17, font_weight="bold")


def _lanes(canvas: ET.Element, layout: _Layout) -> None:
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


def _bars(canvas: ET.Element, layout: _Layout) -> None:
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


def _batons(canvas: ET.Element, layout: _Layout) -> None:
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


def _memory(canvas: ET.Element, layout: _Layout) -> None:
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


def _card(canvas: ET.Element, layout: _Layout, position: int) -> None:
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


def _verdict(parent: ET.Element, layout: _Layout, card: _Card) -> None:
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


def _table(canvas: ET.Element, layout: _Layout) -> None:
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


def _cell(parent: ET.Element, column: _Column, state: State, previous: State, baseline: float) -> None:
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


def _legend(canvas: ET.Element, layout: _Layout, top: float) -> float:
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
