"""Where everything stands in the picture of a schedule: lanes, cards, and the table of values beside them."""

from dataclasses import dataclass
from functools import cached_property

from helpers.interleave import svg
from helpers.interleave.palette import Colour, lane_colour
from helpers.interleave.schedule import Schedule
from helpers.interleave.story import (
    UNKNOWN,
    LockSpan,
    Row,
    State,
    lane,
    locks,
    source,
    spans,
    states,
    targets,
    title,
    words,
)

WIDTH = 800.0
MARGIN = 20.0
NUMBERS = 30.0  # the column of step numbers
GAP = 8.0  # between rows, and between lanes
BAR = 18.0  # a lock's bar
MOST_LANES = 6
MOST_BARS = 3
FAINT = 0.28


@dataclass(frozen=True, slots=True)
class LaneColumn:
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
class TableColumn:
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
class Card:
    """What one row says and where it stands."""

    row: Row
    lane: LaneColumn | None  # None for folded steps
    said: tuple[str, ...]
    code: tuple[str, ...]
    top: float
    height: float

    @property
    def bottom(self) -> float:
        """The card's lower edge."""
        return self.top + self.height


@dataclass(frozen=True)
class Layout:
    """Everything that has a place, worked out once from the schedule."""

    schedule: Schedule
    shown: tuple[Row, ...]
    current: int | None

    @cached_property
    def states(self) -> tuple[State, ...]:
        """What could be seen before the first step and after each one."""
        return states(self.schedule)

    @cached_property
    def headline(self) -> list[str]:
        """The title, line by line."""
        return svg.wrap(title(self.schedule), WIDTH - 2 * MARGIN, 17, bold=True)

    @cached_property
    def top(self) -> float:
        """Upper edge of the lanes' headings."""
        return MARGIN + 24 * len(self.headline) + 8

    @cached_property
    def columns(self) -> tuple[TableColumn, ...]:
        """As many columns as fit beside lanes that are still readable, the most telling first."""
        count = min(len(self.schedule.threads), MOST_LANES)
        room = WIDTH - 2 * MARGIN - NUMBERS - count * {1: 260, 2: 230, 3: 170}.get(count, 118)
        telling, rest = targets(self.schedule)
        named = [(name, name in locks(self.schedule)) for name in (*telling, *locks(self.schedule), *rest)]
        chosen: list[tuple[str, bool, float]] = []
        for name, is_lock in named:
            probe = TableColumn(name, is_lock, 0, 0)
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
            placed.append(TableColumn(name, is_lock, left, width))
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
        """All stretches in which a thread holds a lock or waits."""
        return spans(self.schedule)

    @cached_property
    def lanes(self) -> tuple[LaneColumn, ...]:
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
            placed.append(LaneColumn(heading, group, bars, edge, edge + width, lane_colour(self.schedule, group[0])))
        return tuple(placed)

    def lane_of(self, thread: str) -> LaneColumn:
        """The lane that shows a thread's steps."""
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
    def cards(self) -> tuple[Card, ...]:
        """One card a row, from the top down."""
        top = self.first_row
        placed = []
        for row in self.shown:
            card = self._card(row, top)
            placed.append(card)
            top = card.bottom + GAP
            if row.last == self.schedule.fatal and self.schedule.outcome:
                top += 20 * len(self.verdict) + 14 + GAP
        return tuple(placed)

    def _card(self, row: Row, top: float) -> Card:
        step = self.schedule.steps[row.last]
        if row.folded:
            who = sorted({self.schedule.steps[i].thread for i in row.steps})
            folded = f"{len(row.steps)} more steps of {' and '.join(who)}"
            return Card(row, None, (folded,), (), top, 24)
        lane_ = self.lane_of(step.thread)
        left, right = lane_.card
        icon = 24.0 if row.last == self.schedule.fatal else 0.0
        name = f"{step.thread} " if len(lane_.threads) > 1 else ""
        said = tuple(svg.wrap(name + words(step), right - left - 16 - icon, 14, most=2))
        where = source(step) if self.roomy else source(step).removeprefix("line ")
        code = tuple(filter(None, svg.wrap(where, right - left - 14, 12, mono=True, most=2)))
        return Card(row, lane_, said, code, top, 11 + 18 * len(said) + 15 * len(code))

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
