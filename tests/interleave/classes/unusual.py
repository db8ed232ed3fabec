"""Counters and lists by people who write everything differently: locks and shared values in unusual places."""

import contextlib
import copy
import functools
import itertools
import operator
import threading
import time
import types
from collections import Counter, OrderedDict, UserDict, defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from queue import LifoQueue, PriorityQueue, Queue, SimpleQueue
from threading import Barrier, BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore, Thread, Timer
from typing import Any, ClassVar

from helpers.interleave import Verdict
from tests.interleave.classes.case import Case, counter

HOLDS, FAILS, DEADLOCK = Verdict.HOLDS, Verdict.FAILS, Verdict.DEADLOCK


class Lockable:
    """A mix-in that makes the lock."""

    def __init__(self) -> None:
        super().__init__()
        self._mutex = Lock()

    def __enter__(self) -> "Lockable":
        self._mutex.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self._mutex.release()


class ByMixIn(Lockable):
    def __init__(self) -> None:
        super().__init__()
        self.value = 0

    def increment(self) -> None:
        with self:
            self.value += 1


class GivesMethodsALock(type):
    """A metaclass that locks every method, with one lock for each class."""

    def __new__(mcs, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> "GivesMethodsALock":
        lock = RLock()
        for key, method in list(names.items()):
            if isinstance(method, types.FunctionType) and not key.startswith("_"):
                names[key] = mcs.locked(lock, method)
        return super().__new__(mcs, name, bases, names)

    @staticmethod
    def locked(lock: Any, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            with lock:
                return method(*args, **kwargs)

        return call


class ByMetaclass(metaclass=GivesMethodsALock):
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        self.value += 1


class LockFromProperty:
    def __init__(self) -> None:
        self.value = 0
        self._lock = Lock()

    @property
    def lock(self) -> Any:
        return self._lock

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class NewLockFromProperty(LockFromProperty):
    @property
    def lock(self) -> Any:
        return Lock()


class CachedLock:
    def __init__(self) -> None:
        self.value = 0

    @functools.cached_property
    def lock(self) -> Any:
        return Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class LocksInDict:
    def __init__(self) -> None:
        self.value = 0
        self._locks = {"read": Lock(), "write": Lock()}

    def increment(self) -> None:
        with self._locks["write"]:
            self.value += 1


class OneLockForReadingAnotherForWriting(LocksInDict):
    def increment(self) -> None:
        with self._locks["read"]:
            value = self.value
        with self._locks["write"]:
            self.value = value + 1


class LocksInList:
    def __init__(self) -> None:
        self.value = 0
        self._locks = [Lock() for _ in range(2)]

    def increment(self) -> None:
        with contextlib.ExitStack() as stack:
            for lock in self._locks:
                stack.enter_context(lock)
            self.value += 1


class TakesAnyFreeLock(LocksInList):
    def increment(self) -> None:
        lock = next((each for each in self._locks if not each.locked()), self._locks[0])
        with lock:
            self.value += 1


class SetDefaultLock:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        with self.__dict__.setdefault("lock", Lock()):
            self.value += 1


class LazyLock(SetDefaultLock):
    lock: Any = None

    def increment(self) -> None:
        if self.lock is None:
            self.lock = Lock()
        with self.lock:
            self.value += 1


class ReplacesItsLock:
    def __init__(self) -> None:
        self.value = 0
        self.lock = Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1
        self.lock = Lock()


class CopiesItsLock(ReplacesItsLock):
    def increment(self) -> None:
        mine = copy.copy(self)
        mine.lock = Lock()
        with mine.lock:
            self.value += 1


class LockPerThread:
    def __init__(self) -> None:
        self.value = 0
        self._own = threading.local()

    def increment(self) -> None:
        if not hasattr(self._own, "lock"):
            self._own.lock = Lock()
        with self._own.lock:
            self.value += 1


class CountsPerThread:
    def __init__(self) -> None:
        self._own = threading.local()
        self._totals: dict[int, int] = {}

    @property
    def value(self) -> int:
        return sum(self._totals.values())

    def increment(self) -> None:
        self._own.count = getattr(self._own, "count", 0) + 1
        self._totals[threading.get_ident()] = self._own.count


class IgnoresWhetherItGotTheLock(ReplacesItsLock):
    def increment(self) -> None:
        self.lock.acquire(timeout=0.01)
        self.value += 1
        with contextlib.suppress(RuntimeError):
            self.lock.release()


class ReleasesInTheMiddle(ReplacesItsLock):
    def increment(self) -> None:
        self.lock.acquire()
        try:
            value = self.value
        finally:
            self.lock.release()
        self.value = value + 1


class HoldsAcrossYield(ReplacesItsLock):
    def _locked(self) -> Iterator[int]:
        with self.lock:
            yield self.value

    def increment(self) -> None:
        for value in self._locked():
            self.value = value + 1


class YieldsAfterRelease(HoldsAcrossYield):
    def _locked(self) -> Iterator[int]:
        with self.lock:
            value = self.value
        yield value


class ReentrantDeep:
    def __init__(self) -> None:
        self.value = 0
        self._lock = RLock()

    def increment(self, depth: int = 3) -> None:
        with self._lock:
            if depth:
                self.increment(depth - 1)
            else:
                self.value += 1


class ReentrantReleasedOnce(ReentrantDeep):
    def increment(self, depth: int = 1) -> None:
        self._lock.acquire()
        self._lock.acquire()
        self.value += 1
        self._lock.release()


class TicketsInTurn:
    def __init__(self) -> None:
        self.value = 0
        self._ticket = itertools.count()
        self._turn = 0
        self._changed = Condition()

    def increment(self) -> None:
        mine = next(self._ticket)
        with self._changed:
            self._changed.wait_for(lambda: self._turn == mine)
        self.value += 1
        with self._changed:
            self._turn += 1
            self._changed.notify_all()


class NotifiesOutsideTheLock(TicketsInTurn):
    def increment(self) -> None:
        mine = next(self._ticket)
        with self._changed:
            self._changed.wait_for(lambda: self._turn == mine)
        self.value += 1
        self._turn += 1
        self._changed.notify_all()


class BySemaphore:
    def __init__(self) -> None:
        self.value = 0
        self._turn = Semaphore(1)

    def increment(self) -> None:
        self._turn.acquire()
        self.value += 1
        self._turn.release()


class SemaphoreThatGrows(BySemaphore):
    def increment(self) -> None:
        self._turn.release()
        self._turn.acquire()
        self.value += 1


class SemaphoreOfNone(BySemaphore):
    def __init__(self) -> None:
        self.value = 0
        self._turn = BoundedSemaphore(0)  # type: ignore[assignment]


class DoubleChecked:
    """Makes its cell when it is first needed."""

    def __init__(self) -> None:
        self._cell: list[int] | None = None
        self._lock = Lock()

    @property
    def value(self) -> int:
        return self._cell[0] if self._cell else 0

    def cell(self) -> list[int]:
        if self._cell is None:
            with self._lock:
                if self._cell is None:
                    self._cell = [0]
        return self._cell

    def increment(self) -> None:
        cell = self.cell()
        with self._lock:
            cell[0] += 1


class CheckedOnce(DoubleChecked):
    def cell(self) -> list[int]:
        if self._cell is None:
            with self._lock:
                self._cell = [0]
        return self._cell


class Swaps:
    def __init__(self) -> None:
        self.low, self.value = 0, 0

    def increment(self) -> None:
        self.low, self.value = self.low + 1, self.value + 1


class OperatorIadd:
    def __init__(self) -> None:
        self.cells = {"n": 0}

    @property
    def value(self) -> int:
        return self.cells["n"]

    def increment(self) -> None:
        operator.setitem(self.cells, "n", operator.iadd(operator.getitem(self.cells, "n"), 1))


class ThroughVars:
    value = 0

    def increment(self) -> None:
        names = vars(self)
        names["value"] = names.get("value", 0) + 1


class ThroughUpdate:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        self.__dict__.update(value=self.value + 1)


class Typed:
    """A descriptor that keeps its values in a dictionary of its own."""

    def __init__(self) -> None:
        self.values: dict[int, int] = {}

    def __get__(self, owner: Any, kind: type | None = None) -> int:
        return self.values.get(id(owner), 0)

    def __set__(self, owner: Any, value: int) -> None:
        self.values[id(owner)] = value


class ByDescriptor:
    value = Typed()

    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        self.value += 1


class ByDescriptorLocked(ByDescriptor):
    lock = Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class GetattrProxy:
    """Passes every attribute on to another object."""

    def __init__(self) -> None:
        object.__setattr__(self, "_target", types.SimpleNamespace(value=0))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target, name, value)

    def increment(self) -> None:
        self.value = self.value + 1


class SlotsWithoutLock:
    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        self.value += 1


class CounterOfCollections:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    @property
    def value(self) -> int:
        return self._counts["n"]

    def increment(self) -> None:
        self._counts["n"] += 1


class CounterUpdate(CounterOfCollections):
    """Counts a list, which CPython does in one call into C."""

    def increment(self) -> None:
        self._counts.update(["n"])


class CounterUpdateByMapping(CounterOfCollections):
    def increment(self) -> None:
        self._counts.update({"n": 1})


class DefaultDict:
    def __init__(self) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)

    @property
    def value(self) -> int:
        return self._counts["n"]

    def increment(self) -> None:
        self._counts["n"] = self._counts["n"] + 1


class OwnDict(UserDict[str, int]):
    @property
    def value(self) -> int:
        return self.data.get("n", 0)

    def increment(self) -> None:
        self["n"] = self.get("n", 0) + 1


class Ordered(OrderedDict[str, int]):
    @property
    def value(self) -> int:
        return self.get("n", 0)

    def increment(self) -> None:
        self["n"] = self.get("n", 0) + 1


class Stack(list[int]):
    """Is a list itself."""

    @property
    def value(self) -> int:
        return len(self)

    def increment(self) -> None:
        self.append(1)


class CopiedStack(Stack):
    def increment(self) -> None:
        longer = [*self, 1]
        self[:] = longer


class RotatingDeque:
    def __init__(self) -> None:
        self._marks: deque[int] = deque([0])

    @property
    def value(self) -> int:
        return self._marks[0]

    def increment(self) -> None:
        self._marks.appendleft(self._marks.pop() + 1)


class RebuiltDeque(RotatingDeque):
    def __init__(self) -> None:
        self._marks = deque()

    @property
    def value(self) -> int:
        return len(self._marks)

    def increment(self) -> None:
        marks = deque(self._marks)
        marks.append(1)
        self._marks = marks


class Walrus:
    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        if (value := self.value) >= 0:
            self.value = value + 1


class Matches:
    def __init__(self) -> None:
        self.state: dict[str, Any] = {"kind": "count", "n": 0}

    @property
    def value(self) -> int:
        return int(self.state["n"])

    def increment(self) -> None:
        match self.state:
            case {"kind": "count", "n": int(n)}:
                self.state = {"kind": "count", "n": n + 1}


class MatchesLocked(Matches):
    lock = Lock()

    def increment(self) -> None:
        with self.lock:
            super().increment()


class Phase(Enum):
    FREE = 0
    BUSY = 1


class OwnSpinLock:
    """Means to lock with a flag, and looks before it sets it."""

    def __init__(self) -> None:
        self.value = 0
        self.phase = Phase.FREE

    def increment(self) -> None:
        while self.phase is Phase.BUSY:
            time.sleep(0)
        self.phase = Phase.BUSY
        self.value += 1
        self.phase = Phase.FREE


class AtomicSpinLock:
    """A lock made of what is atomic under the GIL: a list's pop."""

    def __init__(self) -> None:
        self.value = 0
        self._token = [object()]

    def increment(self) -> None:
        while True:
            try:
                token = self._token.pop()
                break
            except IndexError:
                time.sleep(0.001)
        self.value += 1
        self._token.append(token)


class Frozen:
    """Replaces an immutable value as a whole."""

    @dataclass(frozen=True)
    class State:
        n: int = 0

        def more(self) -> "Frozen.State":
            return Frozen.State(self.n + 1)

    def __init__(self) -> None:
        self.state = Frozen.State()

    @property
    def value(self) -> int:
        return self.state.n

    def increment(self) -> None:
        self.state = self.state.more()


@dataclass
class PostInit:
    value: int = 0
    lock: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.lock = Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1


@dataclass
class SharedDefault:
    """Has one lock for all its objects, made when the class was."""

    value: int = 0
    lock: ClassVar[Any] = Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1


class ByHand:
    def __init__(self) -> None:
        self.value = 0
        self._lock = Lock()
        self.enter, self.leave = self._lock.acquire, self._lock.release

    def increment(self) -> None:
        self.enter()
        self.value += 1
        self.leave()


class CallsEnter(ByHand):
    def increment(self) -> None:
        self._lock.__enter__()
        self.value += 1
        self._lock.__exit__(None, None, None)


class WithManager(ByHand):
    def locked(self) -> Any:
        return contextlib.closing(types.SimpleNamespace(close=self._lock.release))

    def increment(self) -> None:
        self._lock.acquire()
        with self.locked():
            self.value += 1


class Actor(Thread):
    """A thread that owns its value and is told by a queue what to do."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.value = 0
        self.inbox: Queue[Any] = Queue()
        self.start()

    def run(self) -> None:
        while True:
            self.value += 1
            self.inbox.get().set()

    def increment(self) -> None:
        done = Event()
        self.inbox.put(done)
        done.wait()


class PatientActor(Actor):
    def run(self) -> None:
        while True:
            done = self.inbox.get()
            self.value += 1
            done.set()


class ImpatientActor(PatientActor):
    def increment(self) -> None:
        self.inbox.put(Event())


class ThroughPool:
    """Hands every increment to a pool of one thread."""

    def __init__(self) -> None:
        self.value = 0
        self.pool = ThreadPoolExecutor(1)

    def _add(self) -> None:
        self.value += 1

    def increment(self) -> None:
        self.pool.submit(self._add).result()


class ByTimer:
    def __init__(self) -> None:
        self.value = 0
        self.lock = Lock()

    def _add(self) -> None:
        with self.lock:
            self.value += 1

    def increment(self) -> None:
        timer = Timer(0.1, self._add)
        timer.start()
        timer.join()


class CancelsTimer(ByTimer):
    def increment(self) -> None:
        timer = Timer(0.1, self._add)
        timer.start()
        time.sleep(0.1)
        timer.cancel()
        timer.join()


class DaemonDoesIt(ByTimer):
    def increment(self) -> None:
        Thread(target=self._add, daemon=True).start()


def single(name: str, make: Callable[[], Any], verdict: Verdict, *says: str) -> Case:
    """Return the scenario of a counter that is costly to explore: two threads, one increment each."""

    def both_counted(state: Any) -> None:
        assert state.value == 2, f"2 increments were made and {state.value} were counted."

    return Case(name, make, (lambda s: s.increment(), lambda s: s.increment()), both_counted, verdict, says)


class Handshake:
    """Two threads take turns by two events, or by what else the class gives them."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.ping, self.pong = Event(), Event()

    def first(self) -> None:
        self.said.append("ping")
        self.ping.set()
        self.pong.wait()
        self.said.append("thanks")

    def second(self) -> None:
        self.ping.wait()
        self.said.append("pong")
        self.pong.set()


class ClearsTooLate(Handshake):
    def second(self) -> None:
        self.pong.set()
        self.ping.wait()
        self.said.append("pong")


class BothWaitFirst(Handshake):
    def second(self) -> None:
        self.pong.wait()
        self.ping.set()


class OneResult:
    def __init__(self) -> None:
        self.future: Future[int] = Future()
        self.seen: list[int] = []

    def provide(self) -> None:
        self.future.set_result(7)

    def use(self) -> None:
        self.seen.append(self.future.result())


class Phases:
    """Each adds to the sum of what all others had left there in the phase before."""

    def __init__(self) -> None:
        self.barrier = Barrier(2)
        self.parts = [1, 2]
        self.sums = [0, 0]

    def work(self, place: int) -> None:
        self.parts[place] *= 10
        self.barrier.wait()
        self.sums[place] = sum(self.parts)


class PhasesWithoutBarrier(Phases):
    def work(self, place: int) -> None:
        self.parts[place] *= 10
        self.sums[place] = sum(self.parts)


class Pipeline:
    def __init__(self, kind: Any) -> None:
        self.queue = kind()
        self.total = 0

    def feed(self) -> None:
        for number in (1, 2):
            self.queue.put(number)
        self.queue.put(3)

    def drain(self) -> None:
        for _ in range(3):
            self.total += self.queue.get()


class TwoDrains(Pipeline):
    def drain(self) -> None:
        while not self.queue.empty():
            self.total += self.queue.get()


def _case(name: str, make: Any, bodies: Any, check: Any, verdict: Verdict, *says: str) -> Case:
    return Case(name, make, bodies, check, verdict, says)


CASES: list[Case] = [
    counter("mix-in-right", ByMixIn, HOLDS),
    counter("metaclass-right", ByMetaclass, HOLDS),
    counter("lock-from-property-right", LockFromProperty, HOLDS),
    counter("new-lock-from-property-wrong", NewLockFromProperty, FAILS, "lost"),
    counter("cached-property-lock-wrong", CachedLock, FAILS, "lost"),
    counter("locks-in-dict-right", LocksInDict, HOLDS),
    counter("two-locks-wrong", OneLockForReadingAnotherForWriting, FAILS, "lost"),
    counter("locks-in-list-right", LocksInList, HOLDS),
    counter("any-free-lock-wrong", TakesAnyFreeLock, FAILS, "lost"),
    counter("setdefault-lock-right", SetDefaultLock, HOLDS),
    counter("lazy-lock-wrong", LazyLock, FAILS, "lock = None", "<Lock>"),
    counter("replaces-its-lock-wrong", ReplacesItsLock, FAILS, "lost"),
    counter("copies-its-lock-wrong", CopiesItsLock, FAILS, "lost"),
    counter("lock-in-thread-local-wrong", LockPerThread, FAILS, "lost"),
    counter("counts-per-thread-right", CountsPerThread, HOLDS),
    counter("ignores-acquire-wrong", IgnoresWhetherItGotTheLock, FAILS),
    counter("released-in-finally-too-early-wrong", ReleasesInTheMiddle, FAILS, "lost"),
    counter("generator-holds-lock-right", HoldsAcrossYield, HOLDS),
    counter("generator-lets-go-wrong", YieldsAfterRelease, FAILS, "lost"),
    counter("reentrant-deep-right", ReentrantDeep, HOLDS),
    counter("reentrant-released-once-wrong", ReentrantReleasedOnce, DEADLOCK, "_lock"),
    single("tickets-right", TicketsInTurn, HOLDS),
    single("notifies-outside-wrong", NotifiesOutsideTheLock, FAILS, "RuntimeError"),
    counter("semaphore-right", BySemaphore, HOLDS),
    counter("semaphore-that-grows-wrong", SemaphoreThatGrows, FAILS),
    counter("semaphore-of-none-wrong", SemaphoreOfNone, DEADLOCK, "_turn"),
    counter("double-checked-right", DoubleChecked, HOLDS),
    counter("checked-once-wrong", CheckedOnce, FAILS),
    counter("tuple-assignment-wrong", Swaps, FAILS, "lost"),
    counter("operator-iadd-wrong", OperatorIadd, FAILS),
    counter("through-vars-wrong", ThroughVars, FAILS),
    counter("through-update-wrong", ThroughUpdate, FAILS),
    counter("descriptor-wrong", ByDescriptor, FAILS),
    counter("descriptor-right", ByDescriptorLocked, HOLDS),
    counter("getattr-proxy-wrong", GetattrProxy, FAILS, "lost"),
    counter("slots-wrong", SlotsWithoutLock, FAILS, "lost"),
    counter("collections-counter-wrong", CounterOfCollections, FAILS),
    counter("counter-update-right", CounterUpdate, HOLDS),
    counter("counter-update-by-mapping-wrong", CounterUpdateByMapping, FAILS),
    counter("defaultdict-wrong", DefaultDict, FAILS),
    counter("user-dict-wrong", OwnDict, FAILS),
    counter("ordered-dict-wrong", Ordered, FAILS),
    counter("is-a-list-right", Stack, HOLDS),
    counter("is-a-list-wrong", CopiedStack, FAILS),
    counter("deque-pop-wrong", RotatingDeque, FAILS),
    counter("deque-rebuilt-wrong", RebuiltDeque, FAILS, "_marks"),
    counter("walrus-wrong", Walrus, FAILS, "lost"),
    counter("match-wrong", Matches, FAILS),
    counter("match-right", MatchesLocked, HOLDS),
    single("own-spin-lock-wrong", OwnSpinLock, FAILS, "phase = Phase.FREE"),
    single("atomic-spin-lock-right", AtomicSpinLock, HOLDS),
    counter("frozen-state-wrong", Frozen, FAILS, "state"),
    counter("post-init-right", PostInit, HOLDS),
    counter("class-default-right", SharedDefault, HOLDS),
    counter("bound-methods-right", ByHand, HOLDS),
    counter("enter-by-hand-right", CallsEnter, HOLDS),
    counter("closing-right", WithManager, HOLDS),
    single("actor-counts-too-early-wrong", Actor, FAILS),
    single("actor-right", PatientActor, HOLDS),
    single("actor-not-waited-for-wrong", ImpatientActor, FAILS),
    _case(
        "through-pool-right",
        ThroughPool,
        (lambda s: (s.increment(), s.increment()),),
        lambda s: s.value == 2,
        HOLDS,
    ),
    single("timer-right", ByTimer, HOLDS),
    single("timer-cancelled-wrong", CancelsTimer, FAILS),
    single("daemon-not-joined-wrong", DaemonDoesIt, FAILS),
    _case("handshake-right", Handshake, (Handshake.first, Handshake.second), lambda s: len(s.said) == 3, HOLDS),
    _case(
        "handshake-too-early-wrong",
        ClearsTooLate,
        (ClearsTooLate.first, ClearsTooLate.second),
        lambda s: s.said == ["ping", "pong", "thanks"],
        FAILS,
    ),
    _case("handshake-wrong", BothWaitFirst, (BothWaitFirst.first, BothWaitFirst.second), None, DEADLOCK, "pong"),
    _case("future-right", OneResult, (OneResult.provide, OneResult.use), lambda s: s.seen == [7], HOLDS),
    _case("future-twice-wrong", OneResult, (OneResult.provide, OneResult.provide), None, FAILS, "InvalidStateError"),
    _case("phases-right", Phases, (lambda s: s.work(0), lambda s: s.work(1)), lambda s: s.sums == [30, 30], HOLDS),
    _case(
        "phases-wrong",
        PhasesWithoutBarrier,
        (lambda s: s.work(0), lambda s: s.work(1)),
        lambda s: s.sums == [30, 30],
        FAILS,
    ),
    *(
        _case(
            f"pipeline-{kind.__name__.lower()}-right",
            lambda kind=kind: Pipeline(kind),
            (Pipeline.feed, Pipeline.drain),
            lambda s: s.total == 6,
            HOLDS,
        )
        for kind in (LifoQueue, PriorityQueue, SimpleQueue)
    ),
    _case(
        "drains-until-empty-wrong",
        lambda: TwoDrains(Queue),
        (TwoDrains.feed, TwoDrains.drain),
        lambda s: s.total == 6,
        FAILS,
    ),
]
