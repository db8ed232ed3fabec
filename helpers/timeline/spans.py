"""What a recording holds: lanes of spans, as plain data that the pictures and the trace file read.

Nothing here measures or draws. `record` fills these records; `draw`, `explore` and `trace` only read them.
All times are nanoseconds of `time.perf_counter_ns` in the process that made the recording.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile


class State(StrEnum):
    """What a worker was doing during a span; the value is how a legend says it."""

    RUNNING = "running"
    IO = "waiting for I/O"
    LOCK = "waiting for a lock"
    GIL = "waiting for the GIL"  # only where the system tells how much of a gap was the wait for a core
    CORE = "waiting for a core"  # the same
    GIL_OR_CORE = "waiting for the GIL or a core"
    AWAIT = "suspended at an await"  # the event loop runs other tasks meanwhile
    UNMARKED = "not marked"  # inside a recorded block, but nothing says whether it ran or waited


NOT_RUNNING = (State.GIL, State.CORE, State.GIL_OR_CORE)
"""The states of a thread that has work to do and is not given the means to do it."""

_WAITS = (State.IO, State.LOCK)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time in which a worker did one thing.

    Attributes:
        name: The work it belongs to, such as "page 3".
        state: What the worker was doing.
        start_ns: Beginning, in nanoseconds.
        end_ns: End, in nanoseconds; never before the beginning.
    """

    name: str
    state: State
    start_ns: int
    end_ns: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end_ns - self.start_ns) / 1e9


@dataclass(frozen=True, slots=True)
class Lane:
    """What one worker did, in the order in which it did it.

    Attributes:
        name: The worker as a picture labels it: "thread 1", "process 2", "task 7".
        pid: Process in which it ran.
        tid: The system's number for its thread.
        spans: Its spans in time order, none overlapping another.
    """

    name: str
    pid: int
    tid: int
    spans: tuple[Span, ...]

    def at(self, time_ns: int) -> Span | None:
        """Return the span that covers a moment, or None when the worker had nothing to do."""
        return next((span for span in self.spans if span.start_ns <= time_ns < span.end_ns), None)

    def seconds(self, *states: State) -> float:
        """Return how long the worker was in any of these states, in seconds."""
        return sum((span.seconds for span in self.spans if span.state in states), 0.0)


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded run.

    Attributes:
        title: How a sentence names the run: "in threads".
        start_ns: When it began.
        end_ns: When it ended, or when the snapshot was taken while it still ran.
        lanes: One for each worker, in the order in which they were first seen.
        notes: What a reader must know to trust the picture, one sentence each.
        failed: How many of its tasks failed or did not finish; its speed then says nothing.
    """

    title: str
    start_ns: int
    end_ns: int
    lanes: tuple[Lane, ...]
    notes: tuple[str, ...] = ()
    failed: int = 0

    @property
    def wall_seconds(self) -> float:
        """Length of the whole run in seconds."""
        return (self.end_ns - self.start_ns) / 1e9

    @property
    def spans(self) -> Iterator[Span]:
        """All spans, lane by lane."""
        return (span for lane in self.lanes for span in lane.spans)

    def seconds(self, *states: State) -> float:
        """Return the time that all lanes together spent in these states, in seconds."""
        return sum((lane.seconds(*states) for lane in self.lanes), 0.0)

    def overlap_seconds(self, *states: State) -> float:
        """Return for how long at least two lanes were in one of these states (running) at once, in seconds."""
        states = states or (State.RUNNING,)
        edges = sorted(
            edge for span in self.spans if span.state in states for edge in ((span.start_ns, 1), (span.end_ns, -1))
        )
        together = depth = 0
        for (time_ns, change), (next_ns, _) in pairwise(edges):
            depth += change
            if depth >= 2:
                together += next_ns - time_ns
        return together / 1e9


type Event = tuple[int, str | None, State] | tuple[int]
"""A mark in a worker's log: (time, name, state) opens a span, (time,) closes the last one opened.

Spans nest. A name of None stands for the name of the span around it, and a suspension inside a span
that is itself a wait keeps the state of that wait, which says more.
"""


def flatten(events: Iterable[Event], until_ns: int) -> tuple[Span, ...]:
    """Turn a worker's log of nested spans into spans side by side, the innermost one winning.

    Args:
        events: The log, in time order.
        until_ns: Where the log is cut and spans that are still open end, in nanoseconds.

    Returns:
        Spans in time order without overlap; those without length are left out.
    """
    spans: list[Span] = []
    opened: list[tuple[str, State]] = []
    since = 0

    def close(end_ns: int) -> None:
        if not opened or end_ns <= since:
            return
        name, state = opened[-1]
        last = spans[-1] if spans else None
        if last is not None and last.end_ns == since and last.name == name and last.state is state:
            spans[-1] = Span(name, state, last.start_ns, end_ns)
        else:
            spans.append(Span(name, state, since, end_ns))

    for event in takewhile(lambda event: event[0] <= until_ns, events):
        close(event[0])
        since = event[0]
        if len(event) == 3:
            _, name, state = event
            if opened:
                outer_name, outer_state = opened[-1]
                name = outer_name if name is None else name
                state = outer_state if state is State.AWAIT and outer_state in _WAITS else state
            opened.append((name or "", state))
        elif opened:
            opened.pop()
    close(until_ns)
    return tuple(spans)


def moved(events: Sequence[Event], by_ns: int) -> list[Event]:
    """Return a log with every time moved, to bring another process's clock into line with this one's."""
    return [(event[0] + by_ns, *event[1:]) for event in events]
