"""Of the failures with the fewest preemptions a short one is shown."""

from helpers.interleave import Verdict, explore


class State:
    def __init__(self) -> None:
        self.value = 0


def fails_late(state: State) -> None:
    for _ in range(20):
        state.value += 1
    raise ValueError("late")


def fails_at_once(state: State) -> None:
    if state.value == 0:
        raise ValueError("at once")


def test_the_shorter_of_two_failures_is_shown() -> None:
    found = explore(State, [fails_late, fails_at_once])

    assert found.verdict is Verdict.FAILS
    assert found.failure is not None
    assert found.failure.preemptions == 0
    assert found.sentence() == "Thread B raised ValueError: at once."
    assert [step.thread for step in found.failure.steps] == ["B", "B"]


def test_looking_for_a_shorter_one_takes_only_a_few_runs() -> None:
    among_many = explore(State, [lambda state: fails_late(state) for _ in range(20)])  # twins would be tried once
    assert among_many.verdict is Verdict.FAILS
    assert 1 < among_many.schedules <= 11
