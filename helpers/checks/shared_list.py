"""Exercise 4: a list for several threads, in which every access holds the lock."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import permutations
from typing import Any

from helpers.checks.comparison import difference, same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.printed import printed_otherwise
from helpers.checks.student_code import attribute, student_code
from helpers.checks.threads import Held, Undecided, alone, in_every_order, verify_lock_held, while_held
from helpers.interleave import unwatched

_SIMPLEST = 8  # schedules: if a lock is missing and an order breaks the answer, one of the first does

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


def _verify_items(shared: Any, expected: list[object], after: str) -> None:
    """Compare both ways to read the list with what it should hold."""
    for what, actual in (("self.items", attribute(shared, "items")), ("what get_all() returns", _get_all(shared))):
        wrong = difference(what, actual, expected)
        if wrong:
            raise CheckFailed(f"After {after}, {wrong}.")


def _items() -> list[object]:
    """Return items that a shortcut stumbles over: one twice, falsy ones, one that cannot be hashed."""
    rng = random.Random("shared-list")
    return [rng.randint(10, 99), "tea", "tea", None, 0, [rng.random()], ""]


@exercise.behaviour("keeps-items", points=4)
def keeps_items(answer: Answer) -> None:
    """Every item is kept, in the order in which it was added, in a list of one's own; both methods use the lock."""
    items = _items()

    def use(_: object) -> None:
        shared, other = _new(answer), _new(answer)
        _verify_items(shared, [], "SharedList()")
        for count, item in enumerate(items, start=1):
            _add(shared, item)
            _verify_items(shared, items[:count], f"add({shown(item)})")
        _verify_items(other, [], "adding to another SharedList")

    alone(lambda: None, use)
    verify_lock_held(answer.value, [lambda shared: shared.add(1), lambda shared: shared.add(2)])


def _held(answer: Answer, seconds: float) -> Held[Any]:
    shared = _new(answer)
    return Held(shared, [shared.lock] if hasattr(shared, "lock") else [], seconds)


def _verify_protected(answer: Answer, bodies: Sequence[Callable[[Any], Any]]) -> None:
    """Verify that the bodies hold a lock whatever they touch, also when another thread has it as they come.

    Each of the threads goes first once, so that each body is seen finding the lock free and finding it taken.
    """

    def inside(body: Callable[[Any], Any]) -> Callable[[Held[Any]], None]:
        @unwatched
        def run(held: Held[Any]) -> None:
            body(held.shared)

        return run

    later = [inside(body) for body in bodies]
    while_held(lambda seconds: verify_lock_held(lambda: _held(answer, seconds), [Held.hold, *later]))


def _verify_shared(
    answer: Answer,
    setup: Callable[[], Any],
    bodies: Sequence[Callable[[Any], Any]],
    invariant: Callable[[Any], object],
) -> None:
    """Verify that the bodies hold a lock whatever they touch, and that nothing is lost in any order.

    An order that breaks the answer says more than where the lock is missing: it is looked for among the simplest.
    """
    try:
        _verify_protected(answer, bodies)
    except CheckFailed:
        with suppress(Undecided):
            in_every_order(setup, bodies, invariant, preemptions=1, max_schedules=_SIMPLEST)
        raise
    in_every_order(setup, bodies, invariant)


@exercise.behaviour("waits-for-lock", points=2, slow=True)
def waits_for_lock(answer: Answer) -> None:
    """While another thread holds self.lock, both methods wait; afterwards the lock is free again."""
    lock = attribute(_new(answer), "lock")
    try:
        if lock.acquire(blocking=False):
            lock.release()
    except (AttributeError, TypeError):  # a class, because its parentheses were forgotten, or a lock of asyncio
        raise CheckFailed(
            "self.lock cannot be taken by a thread: it should be what threading.Lock() makes, with its parentheses."
        ) from None
    while_held(lambda seconds: _verify_waiting(answer, "add()", lambda shared: _add(shared, 1), seconds))
    while_held(lambda seconds: _verify_waiting(answer, "get_all()", _get_all, seconds))


def _verify_waiting(answer: Answer, name: str, call: Callable[[Any], Any], seconds: float) -> None:
    """Verify that a call waits while another thread holds self.lock for so many virtual seconds."""

    @unwatched
    def use(held: Held[Any]) -> None:
        call(held.shared)
        if held.busy:
            raise CheckFailed(
                f"{name} did not wait while another thread held self.lock: put its lines into `with self.lock:`."
            )

    @unwatched
    def invariant(held: Held[Any]) -> None:
        if not attribute(held.shared, "lock").acquire(blocking=False):
            raise CheckFailed(f"{name} takes self.lock but does not give it back: `with self.lock:` does it for you.")

    in_every_order(lambda: _held(answer, seconds), [Held.hold, use], invariant, preemptions=0)


@exercise.behaviour("prints-items", points=2, requires="keeps-items")
def prints_items(answer: Answer) -> None:
    """What the student's own cell prints, if it prints anything: the list of three items."""
    printed = printed_otherwise(answer, exercise.answer, _shows_three_items)
    if printed is not None:
        raise CheckFailed(f"Your cell should add three items and print the list, but it printed {shown(printed)}.")


def _shows_three_items(text: str, names: Mapping[str, Any]) -> bool:
    """Return whether the text shows a list of three, or all items of a SharedList of three among the names."""
    if len(re.split(r"[,\n]", text.strip())) >= 3:
        return True
    for value in list(names.values()):
        if type(value) is names[exercise.answer]:
            items = attribute(value, "items")
            if issubclass(type(items), list) and len(items) >= 3 and all(_stands_in(text, item) for item in items):
                return True
    return False


def _stands_in(text: str, item: object) -> bool:
    return re.search(rf"(?<!\w){re.escape(str(item))}(?!\w)", text) is not None


@exercise.behaviour("add-holds-lock", points=6, slow=True)
def add_holds_lock(answer: Answer) -> None:
    """Two threads add two items each: every access holds one common lock, and nothing is lost."""

    def twice(first: int) -> Any:
        def body(shared: Any) -> None:
            shared.add(first)
            shared.add(first + 1)

        return body

    orders = [[*o] for o in permutations([1, 2, 11, 12]) if o.index(1) < o.index(2) and o.index(11) < o.index(12)]

    def invariant(shared: Any) -> None:
        items = _get_all(shared)
        if not any(same(items, order) for order in orders):
            raise CheckFailed(
                f"One thread added 1, then 2, another 11, then 12, but get_all() returned {shown(items)}."
            )

    _verify_shared(answer, lambda: _new(answer), [twice(1), twice(11)], invariant)


@exercise.behaviour("get-all-holds-lock", points=6, slow=True)
def get_all_holds_lock(answer: Answer) -> None:
    """One thread adds while another calls get_all(): it sees no item or one, and holds the lock as well.

    Two threads may call get_all() at once, too.
    """
    seen: list[Any] = []

    def setup() -> Any:
        seen.clear()
        return _new(answer)

    def add(shared: Any) -> None:
        shared.add(1)

    @unwatched
    def get_all(shared: Any) -> None:
        seen.append(shared.get_all())

    def invariant(shared: Any) -> None:
        _verify_items(shared, [1], "add(1) in one thread and get_all() in another")
        if not (same(seen[0], []) or same(seen[0], [1])):
            raise CheckFailed(f"get_all() returned {shown(seen[0])} while another thread added 1.")

    _verify_shared(answer, setup, [add, get_all], invariant)

    def after_reading(shared: Any) -> None:
        _add(shared, 1)
        _verify_items(shared, [1], "get_all() in two threads at once and add(1)")

    in_every_order(setup, [get_all, get_all], after_reading)
