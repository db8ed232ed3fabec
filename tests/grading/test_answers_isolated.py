"""The sample answers through the sandbox: the same points as in a notebook, and no cheat earns what it did not do.

Every eighth answer is tried, and all of them where the environment says COURSE_ALL=1.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.checks import EXERCISES
from tests.grading.graded import outcomes, points
from tests.submissions.notebooks import answers

STEP = 1 if os.environ.get("COURSE_ALL") else 8

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2000 if STEP == 1 else 300)]


def earned(kind: str) -> dict[str, int]:
    """Return what each chosen answer earns, by exercise and title."""
    every = [(e.name, title, code) for e in EXERCISES for title, code in answers(e.name, kind).items()]
    chosen = every[::STEP]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda each: points(outcomes(**{each[0].replace("-", "_"): each[2]}))[each[0]], chosen)
        return {f"{exercise}: {title}": got for (exercise, title, _), got in zip(chosen, found, strict=True)}


def test_a_right_answer_earns_every_point() -> None:
    assert {title: got for title, got in earned("right").items() if got != 20} == {}


@pytest.mark.parametrize("kind", ["wrong", "cheats"])
def test_neither_a_wrong_answer_nor_a_cheat_earns_every_point(kind: str) -> None:
    assert {title: got for title, got in earned(kind).items() if got == 20} == {}
