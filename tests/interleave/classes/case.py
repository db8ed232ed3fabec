"""One class to judge: its threads, what must hold in the end, and the verdict that is right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.interleave import Verdict


@dataclass(frozen=True)
class Case:
    """A scenario of a class, and how it must be decided.

    Attributes:
        name: Ends in "right" or "wrong".
        setup, bodies, invariant: As for `explore`.
        verdict: The only right answer.
        says: Words that the sentence for the student must contain.
    """

    name: str
    setup: Callable[[], Any]
    bodies: Sequence[Callable[[Any], object]]
    invariant: Callable[[Any], object] | None = None
    verdict: Verdict = Verdict.HOLDS
    says: tuple[str, ...] = ()


def counter(name: str, make: Callable[[], Any], verdict: Verdict, *says: str, read: str = "value") -> Case:
    """Return the scenario of a counter: two threads, two increments each."""

    def twice(state: Any) -> None:
        state.increment()
        state.increment()

    def all_counted(state: Any) -> None:
        total = getattr(state, read)
        assert total == 4, f"4 increments were made and {total} were counted."

    return Case(name, make, (twice, twice), all_counted, verdict, says)
