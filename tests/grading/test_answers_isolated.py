"""The sample answers through the sandbox: the same points as in a notebook, and no cheat earns what it did not do."""

from typing import Any

import pytest

from helpers.checks import EXERCISES
from tests.grading.graded import outcomes, points
from tests.submissions.notebooks import answers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def samples(kind: str) -> list[Any]:
    return [
        pytest.param(exercise.name, code, id=f"{exercise.name}: {title}")
        for exercise in EXERCISES
        for title, code in answers(exercise.name, kind).items()
    ]


def earned(exercise: str, code: str) -> int:
    return points(outcomes(**{exercise.replace("-", "_"): code}))[exercise]


@pytest.mark.parametrize(("exercise", "code"), samples("right"))
def test_a_right_answer_earns_every_point(exercise: str, code: str) -> None:
    assert earned(exercise, code) == 20


@pytest.mark.parametrize(("exercise", "code"), [*samples("wrong"), *samples("cheats")])
def test_neither_a_wrong_answer_nor_a_cheat_earns_every_point(exercise: str, code: str) -> None:
    assert earned(exercise, code) < 20
