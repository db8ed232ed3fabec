"""The bars of a lane at a given scale, for figures and for live lanes alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.timeline.spans import Lane, Recording, Span, State

_NARROW = 0.5  # pixels; nobody sees a span narrower than this
_STRETCH = 8  # pixels over which such spans are added up
_PLAIN = 2  # pixels; a single bar of this width is noticed
_SHARE = 0.02  # of all bars; so much of one state is noticed even as many thin bars


@dataclass(frozen=True, slots=True)
class Bar:
    """A box to draw.

    Attributes:
        state: What it shows.
        left: Seconds since the run began.
        right: The same.
    """

    state: State
    left: float
    right: float


def lane_bars(lane: Lane, start_ns: int, pixel: float) -> Iterator[Bar]:
    """Yield a lane's bars from left to right.

    Spans too narrow to be seen are added up over a few pixels and drawn as one bar a state, as wide as the time
    spent in it. So a picture of many thousand spans stays small and still shows how much there was of each.

    Args:
        lane: The lane.
        start_ns: When its run began.
        pixel: How many seconds a pixel is wide.
    """
    narrow: list[Span] = []
    for span in lane.spans:
        wide = span.seconds >= _NARROW * pixel
        if narrow and (wide or span.start_ns - narrow[0].start_ns > _STRETCH * pixel * 1e9):
            yield from _added_up(narrow, start_ns)
            narrow = []
        if wide:
            yield Bar(span.state, (span.start_ns - start_ns) / 1e9, (span.end_ns - start_ns) / 1e9)
        else:
            narrow.append(span)
    yield from _added_up(narrow, start_ns)


def _added_up(spans: Sequence[Span], start_ns: int) -> Iterator[Bar]:
    if not spans:
        return
    left = (spans[0].start_ns - start_ns) / 1e9
    for state in State:
        seconds = sum(span.seconds for span in spans if span.state is state)
        if seconds:
            yield Bar(state, left, left + seconds)
            left += seconds


def noticed_states(runs: Sequence[Recording], most_lanes: int, pixel: float) -> list[State]:
    """Return the states that a legend has to explain, in their own order: those that a reader can find in the lanes.

    Args:
        runs: The runs drawn.
        most_lanes: How many lanes of each are drawn.
        pixel: How many seconds a pixel is wide.
    """
    widest = dict.fromkeys(State, 0.0)
    total = dict.fromkeys(State, 0.0)
    for run in runs:
        for lane in run.lanes[:most_lanes]:
            for bar in lane_bars(lane, run.start_ns, pixel):
                widest[bar.state] = max(widest[bar.state], bar.right - bar.left)
                total[bar.state] += bar.right - bar.left
    enough = max(_SHARE * sum(total.values()), _NARROW * pixel)
    return [state for state in State if widest[state] >= _PLAIN * pixel or total[state] >= enough]
