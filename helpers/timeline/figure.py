"""The matplotlib figure behind `draw`: everything is placed in pixels of a page 800 wide, so nothing overlaps."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from helpers.timeline.bars import lane_bars, noticed_states
from helpers.timeline.draw import WIDTH_PIXELS, verdict
from helpers.timeline.spans import Lane, Recording, State
from helpers.timeline.style import HATCH_COLOUR, STYLES, seconds_text, short_name

MOST_LANES = 24
"""Lanes drawn for each run; the others are counted in words."""

_INK, _PALE, _PAPER = "#1F1F1F", "#5A5A5A", "#FFFFFF"
_LEFT, _RIGHT = 96, 28  # margins in pixels
_LANE, _BAR = 26, 0.78  # height of a lane in pixels, and the share of it that the bar fills
_TITLE_LINE, _HEADING, _AXIS, _LEGEND_ROW, _PRINT_LINE = 24, 30, 50, 26, 17
_PLAIN = 4  # a task of more spans than this is a pattern worth seeing, which a long label would hide


def timeline_figure(
    recordings: Sequence[Recording], title: str, small_print: Sequence[str], first: Recording | None
) -> Figure:
    """Make the figure.

    Args:
        recordings: The runs, from top to bottom.
        title: The sentence above them.
        small_print: Lines below them.
        first: The run that speed-ups are against; None for no speed-ups.

    Returns:
        A figure 8 inches wide, to be saved at 100 dots per inch or a multiple of it.
    """
    title_lines = textwrap.wrap(re.sub(r"(\d) (m?s)\b", "\\1\N{NO-BREAK SPACE}\\2", title), 74)
    print_lines = [part for line in small_print for part in textwrap.wrap(line, 124)]
    longest = max((run.wall_seconds for run in recordings), default=0.0) or 1e-3
    panels = [_Panel.of(run, longest) for run in recordings]
    states = noticed_states(recordings, MOST_LANES, _pixel(longest))
    legend_rows = -(-len(states) // 4)
    bottom = _AXIS + legend_rows * _LEGEND_ROW + len(print_lines) * _PRINT_LINE + 8
    top = 14 + len(title_lines) * _TITLE_LINE
    height = top + sum(panel.height for panel in panels) + bottom

    figure = Figure(figsize=(WIDTH_PIXELS / 100, height / 100), dpi=100, facecolor=_PAPER)
    figure.text(
        12 / WIDTH_PIXELS, 1 - 10 / height, "\n".join(title_lines), ha="left", va="top", size=12.5, weight="bold",
        color=_INK, linespacing=1.35, parse_math=False,
    )  # fmt: skip
    edge = top
    for number, panel in enumerate(panels):
        edge += panel.height
        place = (_LEFT / WIDTH_PIXELS, 1 - edge / height, 1 - (_LEFT + _RIGHT) / WIDTH_PIXELS, panel.body / height)
        axes = figure.add_axes(place)
        panel.draw(axes, first)
        last = number == len(panels) - 1
        axes.tick_params(axis="x", length=4 if last else 0, labelbottom=last, labelsize=10, colors=_INK)
        if last:
            axes.set_xlabel("seconds since the run began", size=10.5, color=_INK)
    if states:
        _legend(figure, states, (bottom - _AXIS) / height)
    figure.text(
        12 / WIDTH_PIXELS, 8 / height, "\n".join(print_lines), ha="left", va="bottom", size=8.5, color=_PALE,
        linespacing=1.3, parse_math=False,
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


type _Box = list[tuple[float, float]]
"""Corners as (seconds, row)."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """One run's part of the figure: a heading and its lanes; heights in pixels.

    Attributes:
        recording: The run.
        lanes: Those that are drawn.
        longest: Length of the time axis in seconds.
        bars: The boxes of each state that is wide enough to be seen.
    """

    recording: Recording
    lanes: tuple[Lane, ...]
    longest: float
    bars: dict[State, list[_Box]]

    @classmethod
    def of(cls, recording: Recording, longest: float) -> "_Panel":
        lanes = recording.lanes[:MOST_LANES]
        bars: dict[State, list[_Box]] = {}
        for row, lane in enumerate(lanes):
            low, high = row - _BAR / 2, row + _BAR / 2
            for bar in lane_bars(lane, recording.start_ns, _pixel(longest)):
                corners = [(bar.left, low), (bar.left, high), (bar.right, high), (bar.right, low)]
                bars.setdefault(bar.state, []).append(corners)
        return cls(recording, lanes, longest, bars)

    @property
    def body(self) -> int:
        return max(1, len(self.lanes)) * _LANE

    @property
    def height(self) -> int:
        return _HEADING + self.body

    def draw(self, axes: Axes, first: Recording | None) -> None:
        """Draw the lanes, with a speed-up where there is a first run to compare with."""
        self._frame(axes, self.longest, first)
        for state, boxes in self.bars.items():
            style = STYLES[state]
            outline = Path.make_compound_path_from_polys(np.array(boxes))  # one path: each hatched one costs 1 ms
            look = {"facecolor": style.colour, "edgecolor": HATCH_COLOUR, "hatch": style.hatch, "lw": 0}
            axes.add_patch(PathPatch(outline, **look))
        pixel = _pixel(self.longest)
        borders: list[_Box] = []
        for row, lane in enumerate(self.lanes):
            for task in _tasks(lane, self.recording.start_ns):
                if task.right - task.left > 3 * pixel:
                    borders.append([(task.left, row - _BAR / 2), (task.left, row + _BAR / 2)])
                _label(axes, task, row, pixel)
        axes.add_collection(LineCollection(borders, colors=_PAPER, linewidths=1.6))

    def _frame(self, axes: Axes, longest: float, first: Recording | None) -> None:
        run = self.recording
        heading = f"{run.title[:1].upper()}{run.title[1:]}".strip() or "Recorded"
        facts = [seconds_text(run.wall_seconds)]
        if first is not None and (worth := verdict(first, run)):
            facts.append(worth)
        if len(run.lanes) > MOST_LANES:
            facts.append(f"{MOST_LANES} of {len(run.lanes):,} lanes drawn")
        axes.set_title(f"{heading}: {', '.join(facts)}", loc="left", size=11, color=_INK, pad=5, parse_math=False)
        axes.set(xlim=(0, longest * 1.005), ylim=(len(self.lanes) - 0.5 if self.lanes else 0.5, -0.5))
        names = [short_name(lane.name) for lane in self.lanes]
        axes.set_yticks(range(len(self.lanes)), names, size=9.5, color=_INK, parse_math=False)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#DDDDDD", lw=0.8)
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.axvline(run.wall_seconds, color=_INK, lw=1.2, ls=(0, (3, 2)))
        if not run.lanes:
            axes.text(longest / 2, 0, "nothing was recorded", ha="center", va="center", size=10, color=_PALE)


@dataclass(frozen=True, slots=True)
class _Task:
    """Neighbouring spans of one name; times in seconds."""

    name: str
    left: float
    right: float
    spans: int


def _tasks(lane: Lane, start_ns: int) -> Iterator[_Task]:
    for name, group in groupby(lane.spans, key=lambda span: span.name):
        spans = list(group)
        yield _Task(name, (spans[0].start_ns - start_ns) / 1e9, (spans[-1].end_ns - start_ns) / 1e9, len(spans))


def _label(axes: Axes, task: _Task, row: int, pixel: float) -> None:
    """Write a task's name on its bar, or only its number, if that leaves enough of the bar to see."""
    share = 0.8 if task.spans <= _PLAIN else 0.25
    room = (task.right - task.left) / pixel * share
    number = task.name[task.name.rfind("#") :] if "#" in task.name else task.name
    text = next((one for one in (task.name, number) if one and 7.0 * len(one) + 8 < room), None)
    if text is not None:
        axes.text(
            (task.left + task.right) / 2, row, text, ha="center", va="center", size=9, color=_INK, parse_math=False,
            bbox={"boxstyle": "round,pad=0.18", "fc": _PAPER, "ec": "none", "alpha": 0.88},
        )  # fmt: skip


def _pixel(longest: float) -> float:
    """Return how many seconds a pixel is wide."""
    return longest / (WIDTH_PIXELS - _LEFT - _RIGHT)
