"""Measure how much of the time threads are not running: computing threads take turns, waiting threads do not.

Each thread's time is told twice, by the gaps between its ticks and by its own CPU clock, so a picture can be checked
against a number that was got in another way.
"""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from select import select
from time import perf_counter, thread_time

from helpers.timeline.draw import Picture, draw
from helpers.timeline.record import Recorder, span, ticker, waiting
from helpers.timeline.sizes import require
from helpers.timeline.spans import NOT_RUNNING, Recording, State
from helpers.timeline.style import seconds_text

MOST_THREADS = 16
MOST_SECONDS = 10
SHORTEST_INTERVAL = 1e-6  # in seconds; CPython counts whole microseconds
_CHUNK = range(1500)  # summing it takes a few ten microseconds


@dataclass(frozen=True, slots=True)
class Clocks:
    """One computing thread's time by its two clocks, in seconds.

    Attributes:
        wall: From its first instruction to its last.
        cpu: CPU time that the system gave it meanwhile.
    """

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class GilRun:
    """What was measured.

    Attributes:
        computing: Threads that each compute for the same CPU time.
        waiting: Threads that each wait for I/O for as long.
        clocks: The computing threads' clocks, lane by lane.
        switch_interval: Seconds after which a thread was asked to give up the GIL.
    """

    computing: Recording
    waiting: Recording
    clocks: tuple[Clocks, ...]
    switch_interval: float

    @property
    def running_share(self) -> float:
        """The part of their time in which the computing threads ran, from 0 to 1, by their CPU clocks."""
        wall = sum(clock.wall for clock in self.clocks)
        return min(1.0, sum(clock.cpu for clock in self.clocks) / wall) if wall else 1.0

    @property
    def turns(self) -> int:
        """How often a computing thread had to wait for the GIL."""
        return sum(span.state in (State.GIL, State.GIL_OR_CORE) for span in self.computing.spans)


@contextmanager
def switch_interval(seconds: float | None) -> Iterator[None]:
    """Set the interpreter's switch interval for the length of the block; None leaves it as it is.

    Raises:
        ValueError: The interval makes no sense.
    """
    before = sys.getswitchinterval()
    try:
        if seconds is not None:
            require(SHORTEST_INTERVAL, MOST_SECONDS, interval=seconds)
            sys.setswitchinterval(seconds)
        yield
    finally:
        sys.setswitchinterval(before)


def measure_gil(threads: int = 2, seconds: float = 0.15, interval: float | None = None) -> GilRun:
    """Run some threads that compute, then as many that wait, and record both.

    Args:
        threads: How many of each.
        seconds: CPU time that each computing thread needs, and time that each waiting thread waits.
        interval: Switch interval in seconds during the measurement; by default the one in force.

    Returns:
        Both recordings and the computing threads' clocks.

    Raises:
        ValueError: A number makes no sense.
    """
    require(1, MOST_THREADS, whole=True, threads=threads)
    require(0, MOST_SECONDS, seconds=seconds)
    with switch_interval(interval):
        in_force = sys.getswitchinterval()
        computing, clocks = _record(f"{threads} threads that compute", threads, lambda: _compute(seconds))
        idle, _ = _record(f"{threads} threads that wait", threads, lambda: _wait(seconds))
    return GilRun(computing, idle, clocks, in_force)


def _record(title: str, threads: int, work: Callable[[], None]) -> tuple[Recording, tuple[Clocks, ...]]:
    recorder = Recorder(title)
    clocks = [Clocks(0.0, 0.0)] * threads
    together = threading.Barrier(threads)

    def run(number: int) -> None:
        with recorder.active():
            recorder.open_lane(f"thread {number + 1}")
            together.wait()
            wall, cpu = perf_counter(), thread_time()
            work()
            clocks[number] = Clocks(perf_counter() - wall, thread_time() - cpu)

    started = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    recorder.end()
    return recorder.recording, tuple(clocks)


def _compute(seconds: float) -> None:
    with span("computing"):
        tick = ticker()
        end = thread_time() + seconds
        while thread_time() < end:
            sum(_CHUNK)
            tick()


def _wait(seconds: float) -> None:
    here, there = socket.socketpair()
    with here, there, span("waiting"), waiting(State.IO):
        select([here], [], [], seconds)


def draw_gil(run: GilRun) -> Picture:
    """Draw the computing threads above the waiting ones, with both measures of the time not running."""
    count = len(run.clocks)
    many = count != 1
    title = (
        f"{count} computing thread{'s' * many} ran {run.running_share:.0%} of the time{' each' * many}; "
        f"{count} waiting thread{'s' * many} needed {seconds_text(run.waiting.wall_seconds)}"
        f"{' together' * many}"
    )
    lines = [
        f"{lane.name.capitalize()}: not running for {seconds_text(lane.seconds(*NOT_RUNNING))} by the gaps drawn, "
        f"{seconds_text(max(0.0, clock.wall - clock.cpu))} by its CPU clock."
        for lane, clock in zip(run.computing.lanes, run.clocks, strict=False)
    ]
    lines.append(f"{run.turns:,} waits for the GIL at a switch interval of {seconds_text(run.switch_interval)}.")
    return draw(run.computing, run.waiting, title=title, caption="\n".join(lines))
