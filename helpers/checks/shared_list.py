"""Exercise 4: a list for several threads, in which every access holds the lock."""

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from helpers.checks.comparison import same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.printed import printed_by
from helpers.checks.student_code import student_code
from helpers.checks.threads import alone, in_every_order, verify_lock_held
from helpers.interleave import unwatched

exercise = Exercise("shared-list", answer="SharedList")


def _new(answer: Answer) -> Any:
    with student_code("SharedList()"):
        return answer.value()


def _add(shared: Any, item: object) -> None:
    with student_code(f"add({shown(item)})"):
        shared.add(item)


def _get_all(shared: Any) -> Any:
    with student_code("get_all()"):
        return shared.get_all()


def _verify_items(shared: Any, expected: list[object]) -> None:
    with student_code("reading self.items"):
        items = shared.items
    for name, actual in (("self.items", items), ("get_all()", _get_all(shared))):
        if not same(actual, expected):
            raise CheckFailed(f"{name} should be {shown(expected)}, but it is {shown(actual)}.")


def _items() -> list[object]:
    """Return items that a shortcut stumbles over: one twice, falsy ones, one that cannot be hashed."""
    rng = random.Random("shared-list")
    return [rng.randint(10, 99), "tea", "tea", None, 0, [rng.random()], ""]


@exercise.behaviour("keeps-items", points=4)
def keeps_items(answer: Answer) -> None:
    """Every item is kept, in the order in which it was added, in a list of one's own; both methods use the lock."""
    _verify_kept(answer, _items())
    verify_lock_held(answer.value, [lambda shared: shared.add(1), lambda shared: shared.add(2)])


def _verify_kept(answer: Answer, items: list[Any]) -> None:
    """Add items, one thread alone, and look at the list after each."""

    def use(_: object) -> None:
        shared, other = _new(answer), _new(answer)
        _verify_items(shared, [])
        for count, item in enumerate(items, start=1):
            _add(shared, item)
            _verify_items(shared, items[:count])
        _verify_items(other, [])

    alone(lambda: None, use)


class _Holder:
    """A shared list whose lock another thread holds for ten seconds of virtual time."""

    def __init__(self, answer: Answer) -> None:
        self.shared = _new(answer)
        self.taken = threading.Event()
        self.held = False

    @unwatched
    def hold(self) -> None:
        """Take the lock, say so, keep it for long, give it back."""
        with self.shared.lock:
            self.held = True
            self.taken.set()
            time.sleep(10)
            self.held = False


def _verify_protected(answer: Answer, bodies: Sequence[Callable[[Any], Any]]) -> None:
    """Verify that the bodies hold a lock whatever they touch, also when another thread has it as they come."""
    verify_lock_held(answer.value, bodies)

    def later(body: Callable[[Any], Any]) -> Callable[[_Holder], None]:
        @unwatched
        def run(holder: _Holder) -> None:
            holder.taken.wait()
            body(holder.shared)

        return run

    verify_lock_held(lambda: _Holder(answer), [_Holder.hold, *map(later, bodies)])


@exercise.behaviour("waits-for-lock", points=2)
def waits_for_lock(answer: Answer) -> None:
    """While another thread holds self.lock, both methods wait; afterwards the lock is free again."""
    calls = {"add()": lambda shared: _add(shared, 1), "get_all()": _get_all}
    for name, call in calls.items():

        @unwatched
        def use(holder: _Holder, name: str = name, call: Callable[[Any], Any] = call) -> None:
            holder.taken.wait()
            call(holder.shared)
            if holder.held:
                raise CheckFailed(f"{name} did not wait while another thread held self.lock.")

        @unwatched
        def invariant(holder: _Holder, name: str = name) -> None:
            if not holder.shared.lock.acquire(blocking=False):
                raise CheckFailed(f"{name} takes self.lock but does not give it back.")

        in_every_order(lambda: _Holder(answer), [_Holder.hold, use], invariant, preemptions=0)


@exercise.behaviour("prints-items", points=2)
def prints_items(answer: Answer) -> None:
    """What the student's own cell prints, if it prints anything: the list of three items."""
    keeps_items(answer)
    printed = printed_by(answer, exercise.answer)
    if printed is not None and len(re.split(r"[,\n]", printed.strip())) < 3:
        raise CheckFailed(f"Your cell should add three items and print the list, but it printed {shown(printed)}.")


@exercise.behaviour("add-holds-lock", points=6)
def add_holds_lock(answer: Answer) -> None:
    """Two threads add two items each: every access holds one common lock, and nothing is lost."""

    def twice(first: int) -> Any:
        def body(shared: Any) -> None:
            shared.add(first)
            shared.add(first + 1)

        return body

    def invariant(shared: Any) -> None:
        items = _get_all(shared)
        if not (same(sorted(items), [1, 2, 11, 12])):
            raise CheckFailed(f"Two threads added 1, 2 and 11, 12, but get_all() returned {shown(items)}.")

    in_every_order(answer.value, [twice(1), twice(11)], invariant)
    _verify_protected(answer, [twice(1), twice(11)])


@exercise.behaviour("get-all-holds-lock", points=6)
def get_all_holds_lock(answer: Answer) -> None:
    """One thread adds while another calls get_all(): it sees no item or one, and holds the lock as well."""
    seen: list[Any] = []

    def setup() -> Any:
        seen.clear()
        return answer.value()

    def add(shared: Any) -> None:
        shared.add(1)

    @unwatched
    def get_all(shared: Any) -> None:
        seen.append(shared.get_all())

    def invariant(shared: Any) -> None:
        _verify_items(shared, [1])
        if not (same(seen[0], []) or same(seen[0], [1])):
            raise CheckFailed(f"get_all() returned {shown(seen[0])} while another thread added 1.")

    in_every_order(setup, [add, get_all], invariant)
    _verify_protected(answer, [add, get_all])
