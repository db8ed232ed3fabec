"""Attacks and cheats: each costs its own exercise at most, and the other four keep their points."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from helpers.grading.outcome import Outcome
from tests.grading.attacks import HARMFUL, TRICKS, WORTH, with_trick
from tests.grading.graded import outcomes, points
from tests.submissions.notebooks import answers
from tests.submissions.students import EXERCISES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OTHERS = {
    name.replace("-", "_"): next(iter(answers(name, "right").values())) for name in EXERCISES if name != "safe-counter"
}
Graded = dict[str, "Future[dict[str, Outcome]]"]


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest) -> Iterator[Graded]:
    """Grade what the chosen tests need, several at a time: most of an attack's time is spent waiting."""
    wanted = {
        item.callspec.params["name"]
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    }
    with ThreadPoolExecutor(4) as pool:
        harmful = {
            n: pool.submit(outcomes, safe_counter=code, **OTHERS) for n, (code, _) in HARMFUL.items() if n in wanted
        }
        neighbour = OTHERS["classify_task"]
        tricks = {
            n: pool.submit(outcomes, safe_counter=with_trick(trick), classify_task=neighbour)
            for n, trick in TRICKS.items()
            if n in wanted
        }
        yield harmful | tricks


@pytest.mark.parametrize("name", HARMFUL)
def test_an_attack_earns_nothing_and_costs_its_own_exercise_only(name: str, graded: Graded) -> None:
    found = graded[name].result()
    assert points(found) == {exercise: 0 if exercise == "safe-counter" else 20 for exercise in EXERCISES}
    for test, outcome in found.items():
        if test.startswith("safe-counter"):
            assert HARMFUL[name][1] in f"{outcome.kind}: {outcome.sentence}"
            assert outcome.sentence.endswith(".")


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_earns_no_more_than_the_answer_without_it(name: str, graded: Graded) -> None:
    earned = points(graded[name].result())
    assert earned["safe-counter"] <= WORTH
    assert earned["classify-task"] == 20


def test_the_answer_without_a_trick_earns_what_it_is_worth() -> None:
    assert points(outcomes(safe_counter=with_trick("")))["safe-counter"] == WORTH
