"""Attacks and cheats: each costs its own exercise at most, and the other four keep their points."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from helpers.grading.outcome import Outcome
from tests.grading.attacks import HARMFUL, TRICKS, WORTH, with_trick
from tests.grading.cheats import ENDINGS, IN_INCREMENT, KEPT_IN, LOOKING, in_increment, kept_in
from tests.grading.graded import outcomes, points
from tests.submissions.notebooks import answers
from tests.submissions.students import EXERCISES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OTHERS = {
    name.replace("-", "_"): next(iter(answers(name, "right").values())) for name in EXERCISES if name != "safe-counter"
}
ALL_TRICKS = TRICKS | {name: in_increment(cheat) for name, cheat in IN_INCREMENT.items()} | ENDINGS
ALL_TRICKS |= {f"number kept in {name}": kept_in(*how) for name, how in KEPT_IN.items()}
Graded = dict[str, "Future[dict[str, Outcome]]"]


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest) -> Iterator[Graded]:
    """Grade what the chosen tests need, several at a time: most of an attack's time is spent waiting."""
    here = [item for item in request.session.items if item.path == request.path]
    wanted = {item.callspec.params["name"] for item in here if hasattr(item, "callspec")}
    answers_to = {name: OTHERS | {"safe_counter": code} for name, (code, _) in HARMFUL.items()}
    neighbour = {"classify_task": OTHERS["classify_task"]}
    answers_to |= {name: neighbour | {"safe_counter": with_trick(trick)} for name, trick in ALL_TRICKS.items()}
    answers_to |= {name: {exercise: code} for name, (exercise, code, _) in LOOKING.items()}
    with ThreadPoolExecutor(4) as pool:
        yield {name: pool.submit(outcomes, **solutions) for name, solutions in answers_to.items() if name in wanted}


@pytest.mark.parametrize("name", HARMFUL)
def test_an_attack_earns_nothing_and_costs_its_own_exercise_only(name: str, graded: Graded) -> None:
    found = graded[name].result()
    assert points(found) == {exercise: 0 if exercise == "safe-counter" else 20 for exercise in EXERCISES}
    for test, outcome in found.items():
        if test.startswith("safe-counter"):
            assert HARMFUL[name][1] in f"{outcome.kind}: {outcome.sentence}"
            assert outcome.sentence.endswith(".")


@pytest.mark.parametrize("name", ALL_TRICKS)
def test_a_trick_earns_no_more_than_the_answer_without_it(name: str, graded: Graded) -> None:
    earned = points(graded[name].result())
    assert earned["safe-counter"] <= WORTH
    assert earned["classify-task"] == 20


@pytest.mark.parametrize("name", LOOKING)
def test_an_answer_that_looks_for_what_is_expected_does_not_find_it(name: str, graded: Graded) -> None:
    exercise, _, worth = LOOKING[name]
    assert points(graded[name].result())[exercise.replace("_", "-")] <= worth


def test_the_answer_without_a_trick_earns_what_it_is_worth() -> None:
    assert points(outcomes(safe_counter=with_trick("")))["safe-counter"] == WORTH
