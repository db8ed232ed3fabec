"""A measured matrix: workloads down, strategies across, wall time in every cell."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.strategies import Comparison, Run
from helpers.timeline.draw import WIDTH_PIXELS, Picture, speedup
from helpers.timeline.style import HATCH_COLOUR, seconds_text, speed_text

MARGIN = 1.2
"""A run up to a fifth slower than the fastest counts as equally fast: the next measurement may swap them."""

SLACK_SECONDS = 0.005
"""So does a run that is later by less than this, which nobody notices."""

_INK, _PALE, _PAPER = "#1F1F1F", "#5A5A5A", "#FFFFFF"
_BEST, _OTHER, _START = "#009E73", "#56B4E9", "#C8C8C8"
_LEFT, _CELL, _ROW, _BAR = 150, 158, 62, 17  # pixels


def best(comparison: Comparison) -> Run:
    """Return the run to prefer: of those about as fast as the fastest, the first, that is the simplest.

    Args:
        comparison: Runs of the same tasks, the simplest strategy first.

    Raises:
        ValueError: No run finished all its tasks.
    """
    finished = [run for run in comparison.runs if not run.failures]
    if not finished:
        raise ValueError(f"no strategy finished {comparison.subject}")
    fastest = min(run.wall_seconds for run in finished)
    limit = max(MARGIN * fastest, fastest + SLACK_SECONDS)
    return next(run for run in finished if run.wall_seconds <= limit)


def matrix(comparisons: Sequence[Comparison]) -> Picture:
    """Draw how long every strategy took for every workload.

    Args:
        comparisons: At least one, all with the same strategies in the same order; each becomes a row.

    Returns:
        The picture, 800 pixels wide. Bars compare within a row; what passed before the first task began is hatched.
    """
    winners = [f"{best(row).strategy.value} for {row.subject}" for row in comparisons]
    machine = comparisons[0].runs[0].interpreter
    title = f"Measured here: {', '.join(winners)}"
    print_lines = [
        "Green: the simplest strategy within a fifth or 5 ms of the fastest. Hatched: before the first task began.",
        str(machine) + (": with one core, processes cannot share out computing." if machine.cores < 2 else "."),
    ]
    title_text = fill(title, 76)
    top = 50 + 22 * title_text.count("\n")
    height = top + 24 + len(comparisons) * _ROW + 50
    figure = Figure(figsize=(WIDTH_PIXELS / 100, height / 100), dpi=100, facecolor=_PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH_PIXELS), ylim=(height, 0))
    axes.axis("off")
    axes.text(12, 14, title_text, size=12.5, weight="bold", color=_INK, va="top", linespacing=1.35, parse_math=False)
    for column, run in enumerate(comparisons[0].runs):
        axes.text(_LEFT + column * _CELL, top + 12, run.strategy.value, size=11, weight="bold", color=_INK, va="center")
    for number, row in enumerate(comparisons):
        _draw_row(axes, row, top + 24 + number * _ROW)
    axes.text(12, height - 40, "\n".join(print_lines), size=8.5, color=_PALE, va="top", linespacing=1.4)
    return Picture(figure, f"Matrix of wall times. {title}. {_in_words(comparisons)}")


def _draw_row(axes: Axes, row: Comparison, top: float) -> None:
    axes.plot([12, WIDTH_PIXELS - 12], [top, top], color="#DDDDDD", lw=0.8)
    axes.text(
        12, top + _ROW / 2, fill(row.subject, 16), size=10.5, color=_INK, va="center", linespacing=1.3, parse_math=False
    )
    longest = max(run.wall_seconds for run in row.runs)
    winner = best(row)
    for column, run in enumerate(row.runs):
        left, low = _LEFT + column * _CELL, top + 12
        length = (_CELL - 18) * run.wall_seconds / longest
        start = (_CELL - 18) * run.startup_seconds / longest
        colour = _BEST if run is winner else _OTHER
        axes.add_patch(Rectangle((left, low), max(1.0, length), _BAR, facecolor=colour, lw=0))
        axes.add_patch(
            Rectangle((left, low), start, _BAR, facecolor=_START, hatch="////", edgecolor=HATCH_COLOUR, lw=0)
        )
        weight = "bold" if run is winner else "normal"
        axes.text(left, low + _BAR + 13, _verdict(run, row), size=9.5, color=_INK, va="center", weight=weight)


def _verdict(run: Run, row: Comparison) -> str:
    if run.failures:
        return f"{len(run.failures)} of {len(run.outcomes)} tasks failed"
    text = seconds_text(run.wall_seconds)
    if run is row.runs[0]:
        return text
    return f"{text}, {speed_text(speedup(row.runs[0].recording, run.recording))}"


def _in_words(rows: Sequence[Comparison]) -> str:
    return " ".join(
        f"{row.subject}: " + "; ".join(f"{run.strategy.value} {_verdict(run, row)}" for run in row.runs) + "."
        for row in rows
    )
