"""The bars of a lane at a given scale, for figures and for live lanes alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.timeline.spans import Lane, Span, State

_NARROW = 0.5  # pixels; nobody sees a span narrower than this
_STRETCH = 8  # pixels over which such spans are added up


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
    spent in it, or left out if that is too narrow still. So a picture of many thousand spans stays small and still
    shows how much there was of each.

    Args:
        lane: The lane.
        start_ns: When its run began.
        pixel: How many seconds a pixel is wide.
    """
    narrow: list[Span] = []
    for span in lane.spans:
        wide = span.seconds >= _NARROW * pixel
        if narrow and (wide or span.start_ns - narrow[0].start_ns > _STRETCH * pixel * 1e9):
            yield from _added_up(narrow, start_ns, pixel)
            narrow = []
        if wide:
            yield Bar(span.state, (span.start_ns - start_ns) / 1e9, (span.end_ns - start_ns) / 1e9)
        else:
            narrow.append(span)
    yield from _added_up(narrow, start_ns, pixel)


def _added_up(spans: Sequence[Span], start_ns: int, pixel: float) -> Iterator[Bar]:
    if not spans:
        return
    left = (spans[0].start_ns - start_ns) / 1e9
    for state in State:
        seconds = sum(span.seconds for span in spans if span.state is state)
        if seconds >= _NARROW * pixel:  # otherwise a legend would explain what nobody sees
            yield Bar(state, left, left + seconds)
            left += seconds
