"""Live lanes as SVG: quick enough to redraw ten times a second and on every move of a slider.

Colours of text and lines are JupyterLab's own, so the lanes follow its light and dark themes.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from helpers.timeline.bars import lane_bars, noticed_states
from helpers.timeline.spans import Lane, Recording, State
from helpers.timeline.style import HATCH_COLOUR, STYLES, seconds_text, short_name

MOST_LANES = 16
"""Lanes shown for each run; the others are counted in words."""

_WIDTH, _LEFT, _RIGHT = 760, 96, 16
_LANE, _BAR, _HEADING, _AXIS, _LEGEND = 20, 15, 24, 22, 22
_CLOSE = 4  # units
_TEXT = "fill:var(--jp-content-font-color1,#1f1f1f);font:13px var(--jp-content-font-family,sans-serif)"
_LINE = "stroke:var(--jp-border-color1,#9e9e9e)"


def lanes_svg(recordings: Sequence[Recording], label: str, prefix: str, cursor: float | None = None) -> str:
    """Return runs below one another on one time axis.

    Args:
        recordings: The runs; the last one may still be going on.
        label: What the picture shows, for readers who do not see it.
        prefix: Begins the names of the hatchings; must be different for every picture on a page.
        cursor: Where to draw the time cursor, in seconds since each run began; None for no cursor.

    Returns:
        An `<svg>` element 760 units wide that shrinks with its container.
    """
    longest = max((run.wall_seconds for run in recordings), default=0.0) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    parts: list[str] = []
    top = 0
    for run in recordings:
        parts += _run(run, top, scale, prefix)
        lanes_top = top + _HEADING
        top = lanes_top + max(1, min(len(run.lanes), MOST_LANES)) * _LANE
        if cursor is not None and run.lanes:  # across the lanes only: elsewhere it would cross letters out
            x = _LEFT + cursor * scale
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{lanes_top - 2}" y2="{top}" stroke-width="2" '
                'style="stroke:var(--jp-content-font-color0,#000)"/>'
            )
    bottom = top + 4
    parts += _axis(longest, scale, bottom)
    states = noticed_states(recordings, MOST_LANES, 1 / scale)
    parts += _legend(states, bottom + _AXIS, prefix)
    height = bottom + _AXIS + _LEGEND * -(-len(states) // 3) + 4
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" style="width:100%;max-width:{_WIDTH}px" role="img" '
        f'aria-label="{escape(label)}"><defs>{"".join(_patterns(prefix))}</defs>{"".join(parts)}</svg>'
    )


def _run(run: Recording, top: int, scale: float, prefix: str) -> Iterator[str]:
    lanes = run.lanes[:MOST_LANES]
    more = f", {MOST_LANES} of {len(run.lanes):,} lanes shown" if len(run.lanes) > MOST_LANES else ""
    heading = f"{run.title}: {seconds_text(run.wall_seconds)}{more}"
    yield f'<text x="{_LEFT}" y="{top + 17}" style="{_TEXT};font-weight:600">{escape(heading)}</text>'
    if not lanes:
        yield f'<text x="{_LEFT}" y="{top + _HEADING + 13}" style="{_TEXT};font-size:12px">nothing was recorded</text>'
    for row, lane in enumerate(lanes):
        y = top + _HEADING + row * _LANE
        name = escape(short_name(lane.name))
        yield f'<text x="{_LEFT - 6}" y="{y + 13}" text-anchor="end" style="{_TEXT};font-size:12px">{name}</text>'
        for bar in lane_bars(lane, run.start_ns, 1 / scale):
            place = f'x="{_LEFT + bar.left * scale:.1f}" width="{(bar.right - bar.left) * scale:.1f}"'
            yield f'<rect {place} y="{y}" height="{_BAR}" fill="{_fill(bar.state, prefix)}"/>'
        yield from _task_borders(lane, run.start_ns, scale, y)


def _task_borders(lane: Lane, start_ns: int, scale: float, y: int) -> Iterator[str]:
    """Yield a line wherever one task follows another, unless they follow too closely to be told apart."""
    drawn = 0.0
    for before, after in pairwise(lane.spans):
        x = (after.start_ns - start_ns) / 1e9 * scale
        if before.name != after.name and x - drawn > _CLOSE:
            drawn = x
            yield (
                f'<line x1="{_LEFT + x:.1f}" x2="{_LEFT + x:.1f}" y1="{y}" y2="{y + _BAR}" stroke-width="2" '
                'style="stroke:var(--jp-layout-color0,#fff)"/>'
            )


def _fill(state: State, prefix: str) -> str:
    return f"url(#{prefix}-{state.name})" if STYLES[state].stripes else STYLES[state].colour


def _patterns(prefix: str) -> Iterator[str]:
    for state, style in STYLES.items():
        if style.stripes:
            yield (
                f'<pattern id="{prefix}-{state.name}" width="8" height="8" patternUnits="userSpaceOnUse">'
                f'<path d="M0 0h8v8h-8z" fill="{style.colour}"/>'
                f'<path d="{style.stripes}" stroke="{HATCH_COLOUR}" stroke-width="1.2"/></pattern>'
            )


def _axis(longest: float, scale: float, y: int) -> Iterator[str]:
    yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" style="{_LINE}"/>'
    step = _step(longest)
    for number in range(int(longest / step + 1e-9) + 1):
        x = _LEFT + number * step * scale
        text = seconds_text(number * step) if number else "0"
        anchor = "end" if x > _WIDTH - 2 * _RIGHT else "middle"
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 4}" style="{_LINE}"/>'
        yield f'<text x="{x:.1f}" y="{y + 17}" text-anchor="{anchor}" style="{_TEXT};font-size:12px">{text}</text>'


def _step(longest: float) -> float:
    """Return a round distance between ticks that leaves four to ten of them."""
    step: float = 10**9
    while longest / step < 4:
        step /= 2 if f"{step:e}".startswith(("1", "2")) else 2.5
    return step


def _legend(states: Sequence[State], y: int, prefix: str) -> Iterator[str]:
    for number, state in enumerate(states):
        x, row = _LEFT + number % 3 * 215, y + number // 3 * _LEGEND
        yield f'<rect x="{x}" y="{row + 5}" width="26" height="13" fill="{_fill(state, prefix)}"/>'
        yield f'<text x="{x + 32}" y="{row + 16}" style="{_TEXT};font-size:12px">{state.value}</text>'
