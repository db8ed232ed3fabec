"""What happens where it is not seen at once: inside a call into C, on a metaclass, in a thread made by hand."""

import _thread
import functools
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import RLock, Thread
from typing import Any, ClassVar

from helpers.interleave import Verdict
from tests.interleave.classes.case import Case, counter

HOLDS, FAILS, DEADLOCK = Verdict.HOLDS, Verdict.FAILS, Verdict.DEADLOCK


class Cached:
    """Means to compute once: `functools.cache` does not hold a lock while it calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.price = functools.cache(self._price)

    def _price(self) -> int:
        self.calls += 1
        return 42

    def use(self) -> None:
        assert self.price() == 42


class MadeByLambda:
    """`defaultdict` looks, calls, and stores: not one step where what it calls is code under test.

    From Python 3.14 on it keeps what another thread has stored meanwhile.
    """

    def __init__(self) -> None:
        self.lists: defaultdict[str, list[int]] = defaultdict(lambda: [])  # noqa: PIE807  # not the same here

    @property
    def value(self) -> int:
        return len(self.lists["all"])

    def increment(self) -> None:
        self.lists["all"].append(1)


class MadeByList(MadeByLambda):
    def __init__(self) -> None:
        self.lists = defaultdict(list)


class Sorted:
    """A list looks empty while it is being sorted with a function of one's own."""

    def __init__(self) -> None:
        self.items = [2, 1]

    def sort(self) -> None:
        self.items.sort(key=lambda item: item)

    def look(self) -> None:
        assert len(self.items) == 2, "2 items were there and some were not seen."


class SortedByNothing(Sorted):
    def sort(self) -> None:
        self.items.sort()


class OneOnly(type):
    """Makes the one instance of a class when it is first asked for."""

    made: ClassVar[list[Any]] = []
    guard: ClassVar[Any] = RLock()

    def __call__(cls, *args: Any) -> Any:
        with OneOnly.guard:
            if not cls.made:
                cls.made.append(super().__call__(*args))
            return cls.made[0]


class Registry(metaclass=OneOnly):
    pass


class AsksForTheOne:
    def __init__(self) -> None:
        self.got: list[Any] = []

    def ask(self) -> None:
        self.got.append(Registry())


class StartedByHand:
    def __init__(self) -> None:
        self.value = 0

    def _set(self) -> None:
        self.value = 1

    def run(self) -> None:
        _thread.start_new_thread(self._set, ())


class StartedTwice(StartedByHand):
    def run(self) -> None:
        thread = Thread(target=self._set)
        thread.start()
        thread.join()
        thread.start()


class Traced:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        sys.settrace(lambda *_: None)
        self.value += 1
        sys.settrace(None)


class InTheOrderOfCompletion:
    def __init__(self) -> None:
        self.order: list[int] = []

    def run(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            for done in as_completed([pool.submit(int, "1"), pool.submit(int, "2")]):
                self.order.append(done.result())


class PoolOfOne:
    def run(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: pool.submit(int).result()).result()


class ReplacesInitsLock:
    """Has the lock of its base class replaced before any thread begins: there is only one."""

    def __init__(self) -> None:
        self.lock: Any = threading.Lock()
        self.lock = threading.Lock()

    def run(self) -> None:
        with self.lock, self.lock:
            pass


def _case(
    name: str,
    make: Callable[[], Any],
    bodies: tuple[Callable[[Any], object], ...],
    invariant: Callable[[Any], object] | None,
    verdict: Verdict,
    *says: str,
) -> Case:
    return Case(name, make, bodies, invariant, verdict, says)


CASES: list[Case] = [
    _case("cached-wrong", Cached, (Cached.use, Cached.use), lambda s: s.calls == 1, FAILS),
    counter("defaultdict-of-lambda-wrong", MadeByLambda, FAILS)
    if sys.version_info < (3, 14)
    else counter("defaultdict-of-lambda-right", MadeByLambda, HOLDS),
    counter("defaultdict-of-list-right", MadeByList, HOLDS),
    _case("sorted-with-key-wrong", Sorted, (Sorted.sort, Sorted.look), None, FAILS, "2 items were there"),
    _case("sorted-right", SortedByNothing, (SortedByNothing.sort, Sorted.look), None, HOLDS),
    _case("lock-of-metaclass-right", AsksForTheOne, (AsksForTheOne.ask,) * 2, lambda s: s.got[0] is s.got[1], HOLDS),
    _case("start-new-thread-wrong", StartedByHand, (StartedByHand.run,), lambda s: s.value == 1, FAILS),
    _case("started-twice-wrong", StartedTwice, (StartedTwice.run,), None, FAILS, "can only be started once"),
    counter("traced-wrong", Traced, FAILS, "lost"),
    _case(
        "as-completed-wrong", InTheOrderOfCompletion, (InTheOrderOfCompletion.run,), lambda s: s.order == [1, 2], FAILS
    ),
    _case("pool-waits-for-itself-wrong", PoolOfOne, (PoolOfOne.run,), None, DEADLOCK, "Future.result"),
    _case("lock-of-base-class-wrong", ReplacesInitsLock, (ReplacesInitsLock.run,), None, DEADLOCK, "A asks for lock"),
]
