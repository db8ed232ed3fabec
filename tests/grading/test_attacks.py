"""Attacks and cheats: each costs its own exercise at most, and the other four keep their points."""

import pytest

from tests.grading.attacks import HARMFUL, TRICKS, WORTH, with_trick
from tests.grading.graded import outcomes, points
from tests.submissions.notebooks import answers
from tests.submissions.students import EXERCISES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OTHERS = {
    name.replace("-", "_"): next(iter(answers(name, "right").values())) for name in EXERCISES if name != "safe-counter"
}


@pytest.mark.parametrize(("code", "said"), HARMFUL.values(), ids=HARMFUL)
def test_an_attack_earns_nothing_and_costs_its_own_exercise_only(code: str, said: str) -> None:
    found = outcomes(safe_counter=code, **OTHERS)
    assert points(found) == {name: 0 if name == "safe-counter" else 20 for name in EXERCISES}
    for name, outcome in found.items():
        if name.startswith("safe-counter"):
            assert said in f"{outcome.kind}: {outcome.sentence}"
            assert outcome.sentence.endswith(".")


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_a_trick_earns_no_more_than_the_answer_without_it(trick: str) -> None:
    earned = points(outcomes(safe_counter=with_trick(trick), **OTHERS))
    assert earned.pop("safe-counter") <= WORTH
    assert set(earned.values()) == {20}


def test_the_answer_without_a_trick_earns_what_it_is_worth() -> None:
    assert points(outcomes(safe_counter=with_trick("")))["safe-counter"] == WORTH
