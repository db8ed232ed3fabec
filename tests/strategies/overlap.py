"""How far two tasks that compute were drawn running at the same moment, whatever else the machine had to do."""

import pytest

from helpers.strategies import run
from helpers.timeline.spans import State
from helpers.workloads import CountPrimes


def running_together(strategy: str) -> float:
    """Run two tasks that compute and return how much they overlapped: 0 for turns, about 1 for independent workers.

    The measure is the overlap that two workers have by chance when each runs for its share of the time and neither
    knows of the other. So it means the same on a quiet machine, where both run all the time, as on a crowded one.
    What is drawn as running is checked first against the tasks' own CPU clocks, which know nothing of spans.
    """
    result = run([CountPrimes(150_000)] * 2, strategy, workers=2)
    lanes = result.recording.lanes
    running = [lane.seconds(State.RUNNING) for lane in lanes]
    assert sum(running) == pytest.approx(result.cpu_seconds, rel=0.3)
    begins = [lane.spans[0].start_ns for lane in lanes]
    ends = [lane.spans[-1].end_ns for lane in lanes]
    together = (min(ends) - max(begins)) / 1e9
    if len(lanes) < 2 or together <= 0:
        return 0.0  # one worker was done before the other began
    shares = [time / ((end - begin) / 1e9) for time, begin, end in zip(running, begins, ends, strict=True)]
    return result.recording.overlap_seconds() / (shares[0] * shares[1] * together)
