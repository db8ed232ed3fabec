"""Hand-written classes, each right or wrong in its own way, are decided correctly, every time."""

import dataclasses
import multiprocessing
import os

import pytest

from helpers.interleave import Verdict, explore, replay
from helpers.interleave.search import BEGINNING
from tests.interleave.classes import counters, hidden, others, spinning, textbook, unusual
from tests.interleave.classes.case import Case

CASES = [*counters.CASES, *others.CASES, *unusual.CASES, *spinning.CASES, *hidden.CASES, *textbook.CASES]


def test_there_are_enough_of_them_and_their_names_say_what_they_are() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.name.endswith("right" if case.verdict is Verdict.HOLDS else "wrong")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_class_is_decided_and_its_failure_replays(case: Case) -> None:
    found = explore(case.setup, case.bodies, case.invariant, seconds=100)

    assert found.verdict is case.verdict, found.sentence()
    assert found.exhausted is (case.verdict is Verdict.HOLDS)
    if case.verdict is Verdict.HOLDS:
        assert "No failing schedule with at most 2 preemptions in this scenario" in found.sentence()
        return
    assert found.failure is not None
    for word in case.says:
        assert word in found.failure.outcome
    assert found.failure.outcome.endswith((".", "!"))
    again = replay(case.setup, case.bodies, case.invariant, found.failure, seconds=100)
    if len(again.choices) == BEGINNING:  # how long it went on is not known to a replay
        again = dataclasses.replace(again, outcome=found.failure.outcome)
    assert again == found.failure


REPEATS = int(os.environ.get("COURSE_REPEATS", "2"))
BUSY = 4  # processes


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_the_same_answer_every_time_beside_busy_processes() -> None:
    """COURSE_REPEATS=100 asks a hundred times; the few classes that take over a hundred schedules only five."""
    context = multiprocessing.get_context("spawn")
    neighbours = [context.Process(target=_spin, daemon=True) for _ in range(BUSY)]
    for neighbour in neighbours:
        neighbour.start()
    try:
        for case in CASES:
            first = explore(case.setup, case.bodies, case.invariant, seconds=120)
            assert first.verdict is case.verdict, case.name
            is_long = first.schedules >= 150 or case.verdict is Verdict.LIVELOCK
            for _ in range(REPEATS // 20 if is_long else REPEATS):
                assert explore(case.setup, case.bodies, case.invariant, seconds=120) == first, case.name
    finally:
        for neighbour in neighbours:
            neighbour.kill()
            neighbour.join()


def _spin() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        pass
