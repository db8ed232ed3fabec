"""Exercise 2: a counter that loses no increment, whatever the order in which threads run."""

import random
import re
from types import MemberDescriptorType
from typing import Any

from helpers.checks.comparison import counted, same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.printed import printed_otherwise
from helpers.checks.student_code import attribute, student_code
from helpers.checks.threads import Held, alone, in_every_order, verify_lock_held, while_held
from helpers.interleave import unwatched

exercise = Exercise("safe-counter", answer="SafeCounter")

_HUNDRED = re.compile(r"(?<!\d)(?<!\d\.)100(?!\.?\d)")  # as a number of its own: not the first digits of 1000


def _new(answer: Answer) -> Any:
    with student_code("SafeCounter()"):
        return answer.value()


def _increment(counter: Any) -> None:
    with student_code("increment()"):
        counter.increment()


def _get(counter: Any) -> Any:
    with student_code("get()"):
        return counter.get()


def _verify_count(counter: Any, expected: int, after: str) -> None:
    """Compare both ways to read the counter with what it should hold."""
    for name, actual in (("self.value", attribute(counter, "value")), ("get()", _get(counter))):
        if not same(actual, expected):
            raise CheckFailed(f"After {after}, {name} should be {expected}, but it is {shown(actual)}.")


@exercise.behaviour("starts-at-zero", points=2)
def starts_at_zero(answer: Answer) -> None:
    """Every new counter starts at 0, whatever happened to others."""

    def use(_: object) -> None:
        first = _new(answer)
        _verify_count(first, 0, "SafeCounter()")
        _increment(first)
        _verify_count(_new(answer), 0, "SafeCounter(), with another counter incremented before")

    alone(lambda: None, use)


@exercise.behaviour("counts", points=4, slow=True)
def counts(answer: Answer) -> None:
    """Each increment adds exactly 1 to its own counter."""
    rng = random.Random("safe-counter")
    times, other_times = rng.randint(110, 130), rng.randint(3, 9)

    def use(_: object) -> None:
        counter, other = _new(answer), _new(answer)
        for done in range(times):
            if done < 4 or done % 25 == 0:
                _verify_count(counter, done, counted(done, "increment"))
            _increment(counter)
        for _other in range(other_times):
            _increment(other)
        _verify_count(counter, times, f"{times} increments and {other_times} of another counter")
        _verify_count(other, other_times, f"{other_times} increments and {times} of another counter")

    alone(lambda: None, use)


@exercise.behaviour("prints-100", points=2, requires="counts")
def prints_100(answer: Answer) -> None:
    """What the student's own cell prints, if it prints anything: the final value of 100 increments."""
    printed = printed_otherwise(answer, exercise.answer, lambda text, names: _HUNDRED.search(text))
    if printed is not None:
        raise CheckFailed(
            f"Your cell should increment a counter 100 times and print its final value, 100,"
            f" but it printed {shown(printed)}."
        )


def _total(expected: int) -> Any:
    def invariant(counter: Any) -> None:
        _verify_count(counter, expected, f"{expected} increments by several threads")

    return invariant


@exercise.behaviour("two-threads", points=8, slow=True)
def two_threads(answer: Answer) -> None:
    """Two threads increment twice each, in every order that matters: nothing is lost, nobody waits for ever."""

    def twice(counter: Any) -> None:
        counter.increment()
        counter.increment()

    in_every_order(lambda: _new(answer), [twice, twice], _total(4))
    while_held(lambda seconds: _verify_patience(answer, seconds))


def _verify_patience(answer: Answer, seconds: float) -> None:
    """Verify that increment() waits while another thread holds the counter's locks, however long, and then counts.

    The lock may be where nobody can find it, in a closure for instance. An increment that does not wait is
    therefore refused only if two of them write what no lock at all protects; a read without it, as in a loop of
    compare and swap, is right if no order of threads breaks it.
    """
    waited: list[bool] = []

    @unwatched
    def setup() -> Held[Any]:
        counter = _new(answer)
        return Held(counter, _locks(counter), seconds)

    @unwatched
    def increment(held: Held[Any]) -> None:
        came_early = held.busy
        held.shared.increment()
        waited.append(came_early and not held.busy)

    def invariant(held: Held[Any]) -> None:
        _verify_count(held.shared, 1, f"an increment that found the lock taken for {seconds:g} seconds")

    in_every_order(setup, [Held.hold, increment], invariant, preemptions=0)
    if not any(waited):
        verify_lock_held(answer.value, [_increment, lambda counter: _increment(counter)], reads=False)


def _locks(counter: Any) -> list[Any]:
    """Return the locks among the attributes of a counter and of its class; no property is run to find them."""
    values = list(getattr(counter, "__dict__", {}).values())
    for kind in type(counter).__mro__:
        for name, value in vars(kind).items():
            is_slot = isinstance(value, MemberDescriptorType)
            values.append(getattr(counter, name, None) if is_slot else value)
    # a Condition's are attributes of its own, not of its class
    return [value for value in values if hasattr(value, "acquire") and hasattr(value, "release")]


@exercise.behaviour("reader", points=4, slow=True)
def reader(answer: Answer) -> None:
    """A third thread may call get() at any moment and sees 0, 1 or 2.

    Two threads may call it at once, too.
    """
    seen: list[Any] = []

    def setup() -> Any:
        seen.clear()
        return _new(answer)

    @unwatched
    def read(counter: Any) -> None:
        seen.append(counter.get())

    def invariant(counter: Any) -> None:
        _total(2)(counter)
        if not any(same(seen[0], count) for count in range(3)):
            raise CheckFailed(f"get() returned {shown(seen[0])} while two threads incremented the counter once each.")

    def increment(counter: Any) -> None:
        counter.increment()

    in_every_order(setup, [increment, increment, read], invariant)

    def after_reading(counter: Any) -> None:
        _increment(counter)
        _verify_count(counter, 1, "get() in two threads at once and an increment")

    in_every_order(setup, [read, read], after_reading)
