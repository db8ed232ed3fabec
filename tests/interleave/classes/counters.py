"""Counters: every way to lock them that works, and ways that only look like it."""

import contextlib
import functools
import itertools
import operator
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Condition, Lock, RLock
from types import TracebackType
from typing import Any, ClassVar, NamedTuple

from helpers.interleave import Verdict
from tests.interleave.classes.case import Case, counter

HOLDS, FAILS, DEADLOCK = Verdict.HOLDS, Verdict.FAILS, Verdict.DEADLOCK


class WithLock:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class ImportedLock(WithLock):
    def __init__(self) -> None:
        self.value = 0
        self.lock = Lock()


class AcquireTryFinally:
    def __init__(self) -> None:
        self.value = 0
        self._guard = threading.Lock()

    def increment(self) -> None:
        self._guard.acquire()
        try:
            current = self.value
            self.value = current + 1
        finally:
            self._guard.release()


class ReentrantHelper:
    def __init__(self) -> None:
        self.value = 0
        self.lock = RLock()

    def increment(self) -> None:
        with self.lock:
            self._add(1)

    def _add(self, amount: int) -> None:
        with self.lock:
            self.value = self.value + amount


def synchronized(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def locked(self: Any, *args: Any) -> Any:
        with self.lock:
            return method(self, *args)

    return locked


class Decorated(WithLock):
    @synchronized
    def increment(self) -> None:
        self.value += 1


class ContextManagerMethod(WithLock):
    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        self.lock.acquire()
        try:
            yield
        finally:
            self.lock.release()

    def increment(self) -> None:
        with self.locked():
            self.value += 1


class Guard:
    def __init__(self, lock: Any) -> None:
        self.lock = lock

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lock.release()


class OwnContextManager(WithLock):
    def increment(self) -> None:
        with Guard(self.lock):
            self.value += 1


class OnExitStack(WithLock):
    def increment(self) -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.lock)
            self.value += 1


class ClassLevelLock:
    lock = threading.Lock()

    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        with ClassLevelLock.lock:
            self.value += 1


MODULE_LOCK = threading.Lock()


class ModuleLevelLock:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        with MODULE_LOCK:
            self.value += 1


class DefaultArgumentLock:
    def __init__(self) -> None:
        self.value = 0

    def increment(self, lock: Any = threading.Lock()) -> None:  # noqa: B008
        with lock:
            self.value += 1


def _make_closure_counter() -> type:
    lock = threading.RLock()

    class ClosureLock:
        def __init__(self) -> None:
            self.value = 0

        def increment(self) -> None:
            with lock:
                self.value += 1

    return ClosureLock


@dataclass
class DataclassCounter:
    value: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class Slotted:
    __slots__ = ("_lock", "value")

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def increment(self) -> None:
        with self._lock:
            self.value += 1


class Parts(NamedTuple):
    lock: Any
    cell: list[int]


class InNamedTuple:
    def __init__(self) -> None:
        self._parts = Parts(Lock(), [0])

    @property
    def value(self) -> int:
        with self._parts.lock:
            return self._parts.cell[0]

    def increment(self) -> None:
        with self._parts.lock:
            self._parts.cell[0] += 1


class ConditionAsLock:
    def __init__(self) -> None:
        self.value = 0
        self.changed = Condition()

    def increment(self) -> None:
        with self.changed:
            self.value += 1
            self.changed.notify_all()


class SemaphoreOfOne:
    def __init__(self) -> None:
        self.value = 0
        self.turns = BoundedSemaphore(1)

    def increment(self) -> None:
        with self.turns:
            self.value += 1


class AtomicCount:
    def __init__(self) -> None:
        self._next = itertools.count(1)
        self.value = 0
        self._lock = Lock()

    def increment(self) -> None:
        ticket = next(self._next)
        with self._lock:
            self.value = max(self.value, ticket)


class InQueue:
    def __init__(self) -> None:
        self._cell: queue.Queue[int] = queue.Queue(1)
        self._cell.put(0)

    @property
    def value(self) -> int:
        return self._cell.queue[0]

    def increment(self) -> None:
        self._cell.put(self._cell.get() + 1)


class Appends:
    def __init__(self) -> None:
        self._marks: list[None] = []

    @property
    def value(self) -> int:
        return len(self._marks)

    def increment(self) -> None:
        self._marks.append(None)


class RetriesTimedAcquire(WithLock):
    def increment(self) -> None:
        while not self.lock.acquire(timeout=0.1):
            time.sleep(0.01)
        try:
            self.value += 1
        finally:
            self.lock.release()


class SpinsOnTryLock(WithLock):
    def increment(self) -> None:
        while not self.lock.acquire(blocking=False):
            pass
        self.value += 1
        self.lock.release()


class NoLock(WithLock):
    def increment(self) -> None:
        self.value += 1


class LockPerCall(WithLock):
    def increment(self) -> None:
        with threading.Lock():
            self.value += 1


class LockAroundReadOnly(WithLock):
    def increment(self) -> None:
        with self.lock:
            current = self.value
        self.value = current + 1


class TwoCriticalSections(WithLock):
    def increment(self) -> None:
        with self.lock:
            current = self.value
        with self.lock:
            self.value = current + 1


class ReleasedTooEarly(WithLock):
    def increment(self) -> None:
        self.lock.acquire()
        current = self.value + 1
        self.lock.release()
        self.value = current


class NeverReleased(WithLock):
    def increment(self) -> None:
        self.lock.acquire()
        self.value += 1


class ReleasedTwice(WithLock):
    def increment(self) -> None:
        with self.lock:
            self.value += 1
            self.lock.release()


class SkipsWhenBusy(WithLock):
    def increment(self) -> None:
        if self.lock.acquire(blocking=False):
            self.value += 1
            self.lock.release()


class GivesUpWaiting(WithLock):
    def increment(self) -> None:
        if self.lock.acquire(timeout=5):
            self.value += 1
            self.lock.release()


class SemaphoreOfTwo(WithLock):
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Semaphore(2)  # type: ignore[assignment]


class WrongKindOfLock(WithLock):
    def __init__(self) -> None:
        self.value = 0
        self._locks: defaultdict[int, Any] = defaultdict(threading.Lock)

    def increment(self) -> None:
        with self._locks[threading.get_ident()]:
            self.value += 1


class PlainLockTakenAgain(WithLock):
    def increment(self) -> None:
        with self.lock:
            self._add()

    def _add(self) -> None:
        with self.lock:
            self.value += 1


class ThroughDict(WithLock):
    def increment(self) -> None:
        self.__dict__["value"] = self.__dict__["value"] + 1


class ThroughSetattr(WithLock):
    def increment(self) -> None:
        setattr(self, "value", getattr(self, "value") + 1)  # noqa: B009, B010


class ThroughObject(WithLock):
    def increment(self) -> None:
        object.__setattr__(self, "value", operator.add(vars(self)["value"], 1))


class ClassAttribute:
    value: ClassVar[int] = 0

    def increment(self) -> None:
        type(self).value += 1


total = 0


class GlobalVariable:
    def __init__(self) -> None:
        global total
        total = 0

    @property
    def value(self) -> int:
        return total

    def increment(self) -> None:
        global total
        total += 1


class ClosureVariable:
    def __init__(self) -> None:
        count = 0

        def add() -> None:
            nonlocal count
            count += 1

        def read() -> int:
            return count

        self.increment, self._read = add, read

    @property
    def value(self) -> int:
        return self._read()


class CellOfAList:
    def __init__(self) -> None:
        self.cells = [0]

    @property
    def value(self) -> int:
        return self.cells[0]

    def increment(self) -> None:
        self.cells[0] += 1


class ByPartial(WithLock):
    def __init__(self) -> None:
        super().__init__()
        self.increment = functools.partial(self._add, 1)  # type: ignore[method-assign]

    def _add(self, amount: int) -> None:
        self.value += amount


class PropertyWithoutLock:
    def __init__(self) -> None:
        self._value = 0
        self.lock = Lock()

    @property
    def value(self) -> int:
        with self.lock:
            return self._value

    @value.setter
    def value(self, new: int) -> None:
        with self.lock:
            self._value = new

    def increment(self) -> None:
        self.value += 1


class SleepsWhileHolding(WithLock):
    def increment(self) -> None:
        if self.lock.acquire(timeout=0.5):
            try:
                current = self.value
                time.sleep(1)
                self.value = current + 1
            finally:
                self.lock.release()


class SwallowsEverything(WithLock):
    def increment(self) -> None:
        try:
            self.lock.acquire()
            self.value += 1
        except BaseException:
            self.increment()


CASES: list[Case] = [
    counter("with-lock-right", WithLock, HOLDS),
    counter("imported-lock-right", ImportedLock, HOLDS),
    counter("acquire-try-finally-right", AcquireTryFinally, HOLDS),
    counter("reentrant-helper-right", ReentrantHelper, HOLDS),
    counter("decorated-right", Decorated, HOLDS),
    counter("contextmanager-method-right", ContextManagerMethod, HOLDS),
    counter("own-context-manager-right", OwnContextManager, HOLDS),
    counter("exit-stack-right", OnExitStack, HOLDS),
    counter("class-level-lock-right", ClassLevelLock, HOLDS),
    counter("module-level-lock-right", ModuleLevelLock, HOLDS),
    counter("default-argument-lock-right", DefaultArgumentLock, HOLDS),
    counter("closure-lock-right", _make_closure_counter(), HOLDS),
    counter("dataclass-right", DataclassCounter, HOLDS),
    counter("slots-right", Slotted, HOLDS),
    counter("named-tuple-right", InNamedTuple, HOLDS),
    counter("condition-as-lock-right", ConditionAsLock, HOLDS),
    counter("semaphore-of-one-right", SemaphoreOfOne, HOLDS),
    counter("atomic-count-right", AtomicCount, HOLDS),
    counter("in-queue-right", InQueue, HOLDS),
    counter("appends-right", Appends, HOLDS),
    counter("retries-timed-acquire-right", RetriesTimedAcquire, HOLDS),
    counter("spins-on-try-lock-right", SpinsOnTryLock, HOLDS),
    counter("no-lock-wrong", NoLock, FAILS, "read value = 0", "2 increments were lost"),
    counter("lock-per-call-wrong", LockPerCall, FAILS, "lost"),
    counter("lock-around-read-only-wrong", LockAroundReadOnly, FAILS, "lost"),
    counter("two-critical-sections-wrong", TwoCriticalSections, FAILS, "lost"),
    counter("released-too-early-wrong", ReleasedTooEarly, FAILS, "lost"),
    counter("never-released-wrong", NeverReleased, DEADLOCK, "lock", "for ever"),
    counter("released-twice-wrong", ReleasedTwice, FAILS, "RuntimeError"),
    counter("skips-when-busy-wrong", SkipsWhenBusy, FAILS),
    counter("gives-up-waiting-wrong", GivesUpWaiting, FAILS),
    counter("semaphore-of-two-wrong", SemaphoreOfTwo, FAILS, "lost"),
    counter("lock-per-thread-wrong", WrongKindOfLock, FAILS, "lost"),
    counter("plain-lock-taken-again-wrong", PlainLockTakenAgain, DEADLOCK, "lock"),
    counter("through-dict-wrong", ThroughDict, FAILS, "lost"),
    counter("through-setattr-wrong", ThroughSetattr, FAILS, "lost"),
    counter("through-object-wrong", ThroughObject, FAILS, "lost"),
    counter("class-attribute-wrong", ClassAttribute, FAILS, "lost"),
    counter("global-variable-wrong", GlobalVariable, FAILS, "lost"),
    counter("closure-variable-wrong", ClosureVariable, FAILS, "lost"),
    counter("cell-of-a-list-wrong", CellOfAList, FAILS, "lost"),
    counter("by-partial-wrong", ByPartial, FAILS, "lost"),
    counter("property-without-lock-wrong", PropertyWithoutLock, FAILS, "lost"),
    counter("sleeps-while-holding-wrong", SleepsWhileHolding, FAILS),
    counter("swallows-everything-wrong", SwallowsEverything, DEADLOCK),
]
