"""Mutual exclusion by hand, conditions that share a lock, and state that outlives the object."""

import contextlib
from collections.abc import Iterator
from threading import Condition, Lock
from typing import Any, ClassVar

from helpers.interleave import Verdict
from tests.interleave.classes.case import Case

HOLDS, FAILS, DEADLOCK = Verdict.HOLDS, Verdict.FAILS, Verdict.DEADLOCK


class SpinsForLock:
    """Three of these spin: two of them must not keep the third, which holds the lock, waiting for ever."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.value = 0

    def increment(self) -> None:
        while not self.lock.acquire(blocking=False):
            pass
        self.value += 1
        self.lock.release()


class Peterson:
    def __init__(self) -> None:
        self.wants = [False, False]
        self.turn = 0
        self.value = 0

    def ask(self, me: int) -> None:
        self.wants[me] = True
        self.turn = 1 - me

    def increment(self, me: int) -> None:
        self.ask(me)
        while self.wants[1 - me] and self.turn == 1 - me:
            pass
        self.value += 1
        self.wants[me] = False


class PetersonTurnFirst(Peterson):
    def ask(self, me: int) -> None:
        self.turn = 1 - me
        self.wants[me] = True


class BakeryWithoutChoosing(Peterson):
    def __init__(self) -> None:
        super().__init__()
        self.tickets = [0, 0]

    def increment(self, me: int) -> None:
        self.tickets[me] = 1 + max(self.tickets)
        other = 1 - me
        while self.tickets[other] and (self.tickets[other], other) < (self.tickets[me], me):
            pass
        self.value += 1
        self.tickets[me] = 0


class SequenceLock:
    def __init__(self) -> None:
        self.version = self.left = self.right = 0
        self.seen: list[tuple[int, int]] = []

    def write(self) -> None:
        self.version += 1
        self.left += 1
        self.right += 1
        self.version += 1

    def read(self) -> None:
        while True:
            before = self.version
            pair = (self.left, self.right)
            if before % 2 == 0 and self.version == before:
                break
        self.seen.append(pair)


class ForgetsOdd(SequenceLock):
    def read(self) -> None:
        before = self.version
        pair = (self.left, self.right)
        if self.version == before:
            self.seen.append(pair)


class TwoConditions:
    def __init__(self) -> None:
        lock = Lock()
        self.lock, self.filled = lock, Condition(lock)
        self.items: list[int] = []

    def put(self) -> None:
        with self.lock:
            self.items.append(1)
            self.filled.notify()

    def take(self) -> None:
        with self.filled:
            self.filled.wait_for(lambda: self.items)
            self.items.pop()


class LooksBeforeItLocks(TwoConditions):
    def take(self) -> None:
        if not self.items:
            with self.filled:
                self.filled.wait()
        self.items.pop()


class LeavesItLocked:
    def __init__(self) -> None:
        self.lock = Lock()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        self.lock.acquire()
        yield
        self.lock.release()

    def work(self) -> None:
        with contextlib.suppress(ValueError), self.held():
            raise ValueError


class RemembersInDefault:
    def __init__(self) -> None:
        self.value = 0

    def increment(self, lock: Any = Lock(), total: list[int] = [0]) -> None:  # noqa: B006, B008
        with lock:
            total[0] += 1
            self.value = total[0]


class MakesOne(type):
    made: ClassVar[dict[type, Any]] = {}
    lock = Lock()

    def __call__(cls, *args: Any) -> Any:
        with cls.lock:
            if cls not in cls.made:
                cls.made[cls] = super().__call__(*args)
            return cls.made[cls]


class Settings(metaclass=MakesOne):
    count = 0

    def __init__(self) -> None:
        Settings.count += 1


class Registry:
    known: ClassVar[dict[str, int]] = {}


class Plugins(Registry):
    made = 0

    @classmethod
    def register(cls) -> None:
        if "plugin" not in cls.known:
            cls.known["plugin"] = 1
            cls.made += 1


def _counted(state: Any) -> None:
    assert state.value == 2, f"2 increments were made and {state.value} were counted."


def _whole(state: Any) -> None:
    assert all(left == right for left, right in state.seen), f"half a write was seen: {state.seen}."


def _both(name: str, make: Any, verdict: Verdict) -> Case:
    return Case(name, make, (lambda s: s.increment(0), lambda s: s.increment(1)), _counted, verdict)


CASES: list[Case] = [
    Case("three-spin-for-lock-right", SpinsForLock, (SpinsForLock.increment,) * 3, lambda s: s.value == 3),
    _both("peterson-right", Peterson, HOLDS),
    _both("peterson-turn-first-wrong", PetersonTurnFirst, FAILS),
    _both("bakery-without-choosing-wrong", BakeryWithoutChoosing, FAILS),
    Case("sequence-lock-right", SequenceLock, (SequenceLock.write, SequenceLock.read), _whole),
    Case("sequence-lock-odd-wrong", ForgetsOdd, (ForgetsOdd.write, ForgetsOdd.read), _whole, FAILS),
    Case("two-conditions-right", TwoConditions, (TwoConditions.put, TwoConditions.take)),
    Case(
        "looks-before-it-locks-wrong",
        LooksBeforeItLocks,
        (LooksBeforeItLocks.put, LooksBeforeItLocks.take),
        None,
        DEADLOCK,
        ("waits on filled for ever",),
    ),
    Case("leaves-it-locked-wrong", LeavesItLocked, (LeavesItLocked.work,) * 2, None, DEADLOCK, ("never released",)),
    Case(
        "remembers-in-default-right",
        RemembersInDefault,
        (lambda s: s.increment(), lambda s: s.increment()),
        _counted,
    ),
    Case(
        "metaclass-makes-one-right",
        lambda: None,
        (lambda _: Settings(), lambda _: Settings()),
        lambda _: Settings.count == 1,
    ),
    Case(
        "inherited-registry-wrong",
        lambda: None,
        (lambda _: Plugins.register(), lambda _: Plugins.register()),
        lambda _: Plugins.made == 1,
        FAILS,
    ),
    Case("inherited-registry-alone-right", lambda: None, (lambda _: Plugins.register(),), lambda _: Plugins.made == 1),
]
