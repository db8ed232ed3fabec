"""What recording, drawing and importing cost, against their budgets: `python bench/timeline.py`.

Times are medians of many rounds. Slowdowns compare CPU time of rounds taken in turn, with and without, so that what
else the machine does weighs on both alike. viztracer is measured in the same run where it is installed.
"""

import statistics
import subprocess
import sys
import threading
import timeit
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from time import perf_counter, thread_time
from typing import Any

from helpers.strategies import Outcome, Run, Strategy, explore, this_interpreter
from helpers.strategies.result import task_name
from helpers.timeline.draw import draw
from helpers.timeline.record import RecordedLock, Recorder, record, span, ticker
from helpers.timeline.spans import Lane, Recording, Span, State
from helpers.workloads import BlurImage, CountPrimes, CountWords, HashBlocks

ROUNDS = 31
NOTEBOOK_IMPORTS = (
    "from helpers.timeline.record import record, span",
    "from helpers.timeline.draw import draw",
    "from helpers.strategies import compare, explore; from helpers.workloads import CountPrimes, WaitOnSocket; "
    "from helpers.timeline.draw import draw",
)


def calls(number: int) -> int:
    """Return a Fibonacci number by calls alone, the work on which a tracer of every call costs most."""
    return number if number < 2 else calls(number - 1) + calls(number - 2)


DEMOS: tuple[Callable[[], Any], ...] = (
    CountPrimes(60_000), BlurImage(512), HashBlocks(1500), CountWords(20_000), partial(calls, 22)
)  # fmt: skip


def say(what: str, value: str, budget: str = "") -> None:
    """Print one line of the report."""
    print(f"{what:<58} {value:>12}  {budget}", flush=True)


def nanoseconds(function: Callable[[], Any], number: int = 2000) -> float:
    """Return the median CPU time of a call; on a quiet machine the same as its time."""
    return statistics.median(timeit.repeat(function, timer=thread_time, number=number, repeat=ROUNDS)) / number * 1e9


def marks() -> None:
    """Measure a span, a tick and a lock without contention."""

    def nothing() -> None:
        pass

    def marked() -> None:
        with span("work"):
            pass

    def held(lock: Any) -> Callable[[], None]:
        def hold() -> None:
            with lock:
                pass

        return hold

    bare = nanoseconds(nothing)
    plain, recorded = nanoseconds(held(threading.Lock())), nanoseconds(held(RecordedLock()))
    with record("bench"):
        say("a span", f"{nanoseconds(marked) - bare:.0f} ns", "at most 1500 ns")
        say("a tick of CPU work", f"{nanoseconds(ticker()) - bare:.0f} ns")
    say("a span outside a recording", f"{nanoseconds(marked) - bare:.0f} ns")
    say("a recorded lock, free: acquire and release", f"{recorded - bare:.0f} ns", f"a Lock: {plain - bare:.0f} ns")


@contextmanager
def recording() -> Iterator[None]:
    """Record the block as a strategy records a task."""
    with Recorder().active(), span("task"):
        yield


def cpu_seconds(task: Callable[[], Any], around: Callable[[], AbstractContextManager[None]]) -> float:
    """Return the CPU time of a task inside a context manager."""
    with around():
        begin = thread_time()
        task()
        return thread_time() - begin


def slowdown(task: Callable[[], Any], around: Callable[[], AbstractContextManager[None]], rounds: int) -> float:
    """Return the median of paired ratios, with / without."""
    ratios = [cpu_seconds(task, around) / cpu_seconds(task, nullcontext) for _ in range(rounds)]
    return statistics.median(ratios)


def demos() -> None:
    """Measure how much recording, and viztracer, slow the CPU demos."""
    tracer = viztracer()
    for task in DEMOS:
        same = slowdown(task, nullcontext, ROUNDS)
        on = slowdown(task, recording, ROUNDS)
        noise = f"at most +1 % (the same work twice: {same - 1:+.1%})"
        say(f"recording on: {task_name(task)}", f"{on - 1:+.1%}", noise)
        if tracer is not None:
            say(f"   under viztracer: {task_name(task)}", f"{slowdown(task, tracer, 5):.2f}x")
    if tracer is None:
        print("viztracer is not installed; nothing to compare with")


def viztracer() -> Callable[[], AbstractContextManager[None]] | None:
    """Return viztracer as a context manager that keeps its trace in memory, or None where it is missing."""
    try:
        from viztracer import VizTracer
    except ImportError:
        return None

    @contextmanager
    def traced() -> Iterator[None]:
        tracer = VizTracer(verbose=0, tracer_entries=2_000_000)
        tracer.start()
        try:
            yield
        finally:
            tracer.stop()
            tracer.clear()

    return traced


def run_of(lanes: int, spans: int) -> Run:
    """Return a run with so many lanes of so many spans, all states taking turns."""
    states = list(State)[:5]
    ms = 1_000_000
    made = tuple(
        Lane(
            f"thread {number}",
            1,
            number,
            tuple(Span(f"task {i // 5}", states[i % 5], i * 10 * ms, (i + 1) * 10 * ms) for i in range(spans)),
        )
        for number in range(lanes)
    )
    recording = Recording("in threads", 0, spans * 10 * ms, made)
    return Run(Strategy.THREADS, (Outcome("task"),), recording, 1.0, lanes, this_interpreter())


def pictures() -> None:
    """Measure a move of the time slider, and static figures."""
    panel = explore()
    panel.results = [run_of(4, 50)]
    moves = iter(range(10**9))

    def move() -> None:
        panel._cursor.value = next(moves) % 100 / 100

    say("a slider move, 4 lanes x 50 spans, in the kernel", f"{nanoseconds(move, 10) / 1e6:.1f} ms", "at most 20 ms")
    for lanes, spans, budget in ((4, 50, ""), (4, 2500, "under 1 s"), (1000, 10, "under 1 s")):
        recording = run_of(lanes, spans).recording
        times = []
        for _ in range(5):
            begin = perf_counter()
            assert draw(recording).png
            times.append(perf_counter() - begin)
        say(f"a figure as PNG, {lanes} lanes x {spans} spans", f"{statistics.median(times) * 1000:.0f} ms", budget)


def imports() -> None:
    """Measure imports as a notebook does them, each in a fresh interpreter."""
    for line in NOTEBOOK_IMPORTS:
        script = (
            f"import sys, time; begin = time.perf_counter(); {line}; took = time.perf_counter() - begin; "
            "print(took, any(name.split('.')[0] == 'nbgrader' for name in sys.modules))"
        )
        said = [subprocess.check_output([sys.executable, "-c", script], text=True).split() for _ in range(7)]
        took = statistics.median(float(seconds) for seconds, _ in said)
        with_nbgrader = any(found == "True" for _, found in said)
        budget = "at most 400 ms" + (", BUT IT IMPORTS NBGRADER" if with_nbgrader else ", no nbgrader")
        say(line if len(line) < 58 else "all that a lesson imports", f"{took * 1000:.0f} ms", budget)


if __name__ == "__main__":
    print(this_interpreter())
    marks()
    pictures()
    imports()
    demos()
