"""The matplotlib figure behind `draw`: everything is placed in pixels of a page 800 wide, so nothing overlaps."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from helpers.timeline.draw import WIDTH_PIXELS, speedup
from helpers.timeline.spans import Lane, Recording, Span, State
from helpers.timeline.style import HATCH_COLOUR, STYLES, seconds_text, speed_text

MOST_LANES = 24
"""Lanes drawn for each run; the others are counted in words."""

_INK, _PALE, _PAPER = "#1F1F1F", "#5A5A5A", "#FFFFFF"
_LEFT, _RIGHT = 96, 16  # margins in pixels
_LANE, _BAR = 26, 0.78  # height of a lane in pixels, and the share of it that the bar fills
_TITLE_LINE, _HEADING, _AXIS, _LEGEND_ROW, _PRINT_LINE = 24, 30, 44, 22, 17
_SMALLEST = 0.5  # a span narrower than this many pixels joins its neighbours


def timeline_figure(recordings: Sequence[Recording], title: str, small_print: Sequence[str]) -> Figure:
    """Make the figure.

    Args:
        recordings: The runs, from top to bottom.
        title: The sentence above them.
        small_print: Lines below them.

    Returns:
        A figure 8 inches wide, to be saved at 100 dots per inch or a multiple of it.
    """
    title_lines = textwrap.wrap(title, 84)
    print_lines = [part for line in small_print for part in textwrap.wrap(line, 118)]
    states = [state for state in State if any(span.state is state for run in recordings for span in run.spans)]
    legend_rows = -(-len(states) // 4)
    panels = [_Panel.of(run) for run in recordings]
    bottom = _AXIS + legend_rows * _LEGEND_ROW + len(print_lines) * _PRINT_LINE + 8
    top = 14 + len(title_lines) * _TITLE_LINE
    height = top + sum(panel.height for panel in panels) + bottom

    figure = Figure(figsize=(WIDTH_PIXELS / 100, height / 100), dpi=100, facecolor=_PAPER)
    figure.text(
        12 / WIDTH_PIXELS, 1 - 10 / height, "\n".join(title_lines), ha="left", va="top", size=12.5, weight="bold",
        color=_INK, linespacing=1.35,
    )  # fmt: skip
    longest = max((run.wall_seconds for run in recordings), default=0.0) or 1e-3
    edge = top
    for number, panel in enumerate(panels):
        edge += panel.height
        place = (_LEFT / WIDTH_PIXELS, 1 - edge / height, 1 - (_LEFT + _RIGHT) / WIDTH_PIXELS, panel.body / height)
        axes = figure.add_axes(place)
        panel.draw(axes, longest, recordings[0] if number else None)
        last = number == len(panels) - 1
        axes.tick_params(axis="x", length=4 if last else 0, labelbottom=last, labelsize=10, colors=_INK)
        if last:
            axes.set_xlabel("seconds since the run began", size=10.5, color=_INK)
    if states:
        _legend(figure, states, (bottom - _AXIS) / height)
    figure.text(
        12 / WIDTH_PIXELS, 8 / height, "\n".join(print_lines), ha="left", va="bottom", size=8.5, color=_PALE,
        linespacing=1.3,
    )  # fmt: skip
    return figure


def _legend(figure: Figure, states: Sequence[State], top: float) -> None:
    patches = [
        Patch(facecolor=STYLES[s].colour, hatch=STYLES[s].hatch, edgecolor=HATCH_COLOUR, lw=0, label=s.value)
        for s in states
    ]
    figure.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(4 / WIDTH_PIXELS, top), ncols=4, frameon=False,
        fontsize=10, labelcolor=_INK, handlelength=2.2, handleheight=1.1, columnspacing=1.6, borderaxespad=0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Panel:
    """One run's part of the figure: a heading and its lanes; heights in pixels."""

    recording: Recording
    lanes: tuple[Lane, ...]

    @classmethod
    def of(cls, recording: Recording) -> "_Panel":
        return cls(recording, recording.lanes[:MOST_LANES])

    @property
    def body(self) -> int:
        return max(1, len(self.lanes)) * _LANE

    @property
    def height(self) -> int:
        return _HEADING + self.body

    def draw(self, axes: Axes, longest: float, first: Recording | None) -> None:
        """Draw the lanes; `longest` is the length of the time axis in seconds."""
        self._frame(axes, longest, first)
        pixel = longest / (WIDTH_PIXELS - _LEFT - _RIGHT)
        bars: dict[State, list[list[tuple[float, float]]]] = {}
        borders: list[list[tuple[float, float]]] = []
        for row, lane in enumerate(self.lanes):
            low, high = row - _BAR / 2, row + _BAR / 2
            for state, left, right in _bars(lane, self.recording.start_ns, pixel * _SMALLEST):
                bars.setdefault(state, []).append([(left, low), (left, high), (right, high), (right, low)])
            for name, left, right in _tasks(lane, self.recording.start_ns):
                if right - left > 3 * pixel:
                    borders.append([(left, low), (left, high)])
                _label(axes, name, (left, right), row, pixel)
        for state, boxes in bars.items():
            style = STYLES[state]
            axes.add_collection(
                PolyCollection(boxes, facecolor=style.colour, edgecolor=HATCH_COLOUR, hatch=style.hatch, lw=0)
            )
        axes.add_collection(LineCollection(borders, colors=_PAPER, linewidths=1.6))

    def _frame(self, axes: Axes, longest: float, first: Recording | None) -> None:
        run = self.recording
        heading = f"{run.title[:1].upper()}{run.title[1:]}".strip() or "Recorded"
        facts = [seconds_text(run.wall_seconds)]
        if first is not None:
            facts.append(speed_text(speedup(first, run)))
        if len(run.lanes) > MOST_LANES:
            facts.append(f"{MOST_LANES} of {len(run.lanes):,} lanes drawn")
        axes.set_title(f"{heading}: {', '.join(facts)}", loc="left", size=11, color=_INK, pad=5)
        axes.set(xlim=(0, longest * 1.005), ylim=(len(self.lanes) - 0.5 if self.lanes else 0.5, -0.5))
        axes.set_yticks(range(len(self.lanes)), [_short(lane.name) for lane in self.lanes], size=9.5, color=_INK)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#DDDDDD", lw=0.8)
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.axvline(run.wall_seconds, color=_INK, lw=1.2, ls=(0, (3, 2)))
        if not run.lanes:
            axes.text(longest / 2, 0, "nothing was recorded", ha="center", va="center", size=10, color=_PALE)


def _short(name: str, length: int = 13) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"


def _bars(lane: Lane, start_ns: int, smallest: float) -> Iterator[tuple[State, float, float]]:
    """Yield (state, left, right) in seconds; spans too narrow to see join into one bar of their main state."""
    narrow: list[Span] = []
    for span in lane.spans:
        is_narrow = span.seconds < smallest
        if narrow and (not is_narrow or span.start_ns - narrow[0].start_ns > 2e9 * smallest):
            yield _joined(narrow, start_ns)
            narrow = []
        if is_narrow:
            narrow.append(span)
        else:
            yield span.state, (span.start_ns - start_ns) / 1e9, (span.end_ns - start_ns) / 1e9
    if narrow:
        yield _joined(narrow, start_ns)


def _joined(spans: Sequence[Span], start_ns: int) -> tuple[State, float, float]:
    totals: dict[State, int] = {}
    for span in spans:
        totals[span.state] = totals.get(span.state, 0) + span.end_ns - span.start_ns
    state = max(totals, key=lambda one: totals[one])
    return state, (spans[0].start_ns - start_ns) / 1e9, (spans[-1].end_ns - start_ns) / 1e9


def _tasks(lane: Lane, start_ns: int) -> Iterator[tuple[str, float, float]]:
    """Yield (name, left, right) in seconds for neighbouring spans of one name."""
    for name, group in groupby(lane.spans, key=lambda span: span.name):
        spans = list(group)
        yield name, (spans[0].start_ns - start_ns) / 1e9, (spans[-1].end_ns - start_ns) / 1e9


def _label(axes: Axes, name: str, between: tuple[float, float], row: int, pixel: float) -> None:
    """Write a task's name on its bar if it fits."""
    left, right = between
    if name and (right - left) / pixel > 7.2 * len(name) + 12:
        axes.text(
            (left + right) / 2, row, name, ha="center", va="center", size=9, color=_INK,
            bbox={"boxstyle": "round,pad=0.18", "fc": _PAPER, "ec": "none", "alpha": 0.88},
        )  # fmt: skip
