"""Lists, queues, accounts, flags and deadlocks."""

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, LifoQueue, PriorityQueue, Queue, SimpleQueue
from typing import Any, ClassVar

from helpers.interleave import Verdict
from tests.interleave.classes.case import Case

HOLDS, FAILS, DEADLOCK, LIVELOCK = Verdict.HOLDS, Verdict.FAILS, Verdict.DEADLOCK, Verdict.LIVELOCK


class SharedList:
    def __init__(self) -> None:
        self.items: list[str] = []
        self.lock = threading.Lock()

    def add(self, item: str) -> None:
        with self.lock:
            self.items.append(item)


class RebuildsList(SharedList):
    def add(self, item: str) -> None:
        self.items = [*self.items, item]


class AddsLists(SharedList):
    def add(self, item: str) -> None:
        self.items = self.items + [item]  # noqa: RUF005


class OnClass:
    items: ClassVar[list[str]] = []

    def add(self, item: str) -> None:
        if item not in self.items:
            self.items.append(item)


class RemovesDuplicates(SharedList):
    def add(self, item: str) -> None:
        if "x" not in self.items:
            self.items.append("x")


class CopiesInComprehension(SharedList):
    def add(self, item: str) -> None:
        self.items = [old for old in self.items] + [item]  # noqa: C416


class PopsWhatItSaw(SharedList):
    def __init__(self) -> None:
        super().__init__()
        self.items = ["only"]

    def take(self) -> None:
        if self.items:
            self.items.pop()


class BoundedQueue:
    def __init__(self) -> None:
        self.items: deque[int] = deque()
        self.taken: list[int] = []
        self.changed = threading.Condition()

    def put(self, item: int) -> None:
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify_all()

    def take(self) -> None:
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.taken.append(self.items.popleft())
            self.changed.notify_all()


class IfInsteadOfWhile(BoundedQueue):
    def take(self) -> None:
        with self.changed:
            if not self.items:
                self.changed.wait()
            self.taken.append(self.items.popleft())
            self.changed.notify_all()


class NotifiesOne(BoundedQueue):
    def put(self, item: int) -> None:
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify()

    def take(self) -> None:
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.taken.append(self.items.popleft())
            self.changed.notify()


class ForgetsToNotify(BoundedQueue):
    def put(self, item: int) -> None:
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(item)


class WaitsWithTimeout(BoundedQueue):
    def take(self) -> None:
        with self.changed:
            while not self.items:
                self.changed.wait(timeout=0.5)
            self.taken.append(self.items.popleft())
            self.changed.notify_all()


class TwoLocks:
    def __init__(self) -> None:
        self.lock_a = threading.Lock()
        self.lock_b = threading.Lock()

    def ab(self) -> None:
        with self.lock_a, self.lock_b:
            pass

    def ba(self) -> None:
        with self.lock_b, self.lock_a:
            pass


class Ring:
    def __init__(self) -> None:
        self.forks = [threading.Lock() for _ in range(3)]

    def eat(self, seat: int) -> None:
        with self.forks[seat], self.forks[(seat + 1) % 3]:
            pass

    def eat_in_order(self, seat: int) -> None:
        first, second = sorted((seat, (seat + 1) % 3))
        with self.forks[first], self.forks[second]:
            pass


class Flag:
    def __init__(self) -> None:
        self.ready = threading.Event()
        self.data = 0
        self.seen: list[int] = []

    def produce(self) -> None:
        self.data = 7
        self.ready.set()

    def consume(self) -> None:
        self.ready.wait()
        self.seen.append(self.data)

    def produce_late(self) -> None:
        self.ready.set()
        self.data = 7

    def poll(self) -> None:
        while not self.ready.is_set():
            time.sleep(0.01)
        self.seen.append(self.data)


class SleepsInsteadOfWaiting(Flag):
    def consume(self) -> None:
        time.sleep(0.5)
        self.seen.append(self.data)


class Spinning:
    def __init__(self) -> None:
        self.go = False

    def wait(self) -> None:
        while not self.go:
            pass

    def start(self) -> None:
        self.go = True

    def forget(self) -> None:
        pass


class Singleton:
    made: ClassVar[list["Singleton"]] = []
    instance: ClassVar["Singleton | None"] = None
    lock = threading.Lock()

    def __init__(self) -> None:
        Singleton.made.append(self)

    @classmethod
    def unlocked(cls) -> "Singleton":
        if cls.instance is None:
            cls.instance = cls()
        return cls.instance

    @classmethod
    def double_checked(cls) -> "Singleton":
        if cls.instance is None:
            with cls.lock:
                if cls.instance is None:
                    cls.instance = cls()
        return cls.instance


class Bank:
    def __init__(self) -> None:
        self.balance = 100
        self.lock = threading.Lock()

    def withdraw(self) -> None:
        with self.lock:
            enough = self.balance >= 80
        if enough:
            with self.lock:
                self.balance -= 80


class Meeting:
    def __init__(self) -> None:
        self.barrier = threading.Barrier(2)
        self.arrived: list[int] = []
        self.counted: list[int] = []

    def meet(self) -> None:
        self.arrived.append(1)
        self.barrier.wait()
        self.counted.append(len(self.arrived))


class Children:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def locked(self) -> None:
        with self.lock:
            self.value += 1

    def unlocked(self) -> None:
        self.value += 1

    def start_locked(self) -> None:
        threads = [threading.Thread(target=self.locked) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def start_unlocked(self) -> None:
        threads = [threading.Thread(target=self.unlocked) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def forget_to_join(self) -> None:
        threading.Thread(target=self.locked).start()
        assert self.value == 1, "the thread's work was not done yet."

    def pool(self) -> None:
        with ThreadPoolExecutor(2) as executor:
            list(executor.map(lambda _: self.locked(), range(2)))


class Queued:
    def __init__(self, kind: Any) -> None:
        self.queue = kind()
        self.got: list[int] = []

    def put(self) -> None:
        self.queue.put(1)

    def get(self) -> None:
        self.got.append(self.queue.get())

    def get_nowait(self) -> None:
        try:
            self.got.append(self.queue.get_nowait())
        except Empty:
            self.got.append(0)

    def get_in_time(self) -> None:
        self.got.append(self.queue.get(timeout=5))


def case(name: str, make: Any, bodies: Any, check: Any, verdict: Verdict, *says: str) -> Case:
    return Case(name, make, bodies, check, verdict, says)


def _added(state: Any) -> None:
    assert sorted(state.items) == ["a", "b"], f"'a' and 'b' were added and the list is {state.items}."


def _adding(make: type) -> tuple[Any, ...]:
    return make, (lambda s: s.add("a"), lambda s: s.add("b")), _added


def _took_all(state: Any) -> None:
    assert sorted(state.taken) == [1, 2], f"1 and 2 were put in and {state.taken} taken out."


def _put_two(state: Any) -> None:
    state.put(1)
    state.put(2)


def _one_producer(make: type) -> tuple[Any, ...]:
    return make, (_put_two, lambda s: s.take(), lambda s: s.take()), _took_all


def _saw_data(state: Any) -> None:
    assert state.seen == [7], f"the data was 7 and {state.seen} was seen."


def _one_made(state: Any) -> None:
    assert len(Singleton.made) == 1, f"{len(Singleton.made)} singletons were made."


CASES: list[Case] = [
    case("shared-list-right", *_adding(SharedList), HOLDS),
    case("rebuilds-list-wrong", *_adding(RebuildsList), FAILS, "items", "lost"),
    case("adds-lists-wrong", *_adding(AddsLists), FAILS, "items", "lost"),
    case("copies-in-comprehension-wrong", *_adding(CopiesInComprehension), FAILS, "items", "lost"),
    case("list-on-class-right", *_adding(OnClass), HOLDS),
    case(
        "check-then-append-wrong",
        RemovesDuplicates,
        (lambda s: s.add(""), lambda s: s.add("")),
        lambda s: s.items == ["x"],
        FAILS,
    ),
    case("pops-what-it-saw-wrong", PopsWhatItSaw, (PopsWhatItSaw.take, PopsWhatItSaw.take), None, FAILS, "IndexError"),
    case("bounded-queue-right", *_one_producer(BoundedQueue), HOLDS),
    case("if-instead-of-while-wrong", *_one_producer(IfInsteadOfWhile), FAILS, "IndexError"),
    case("notifies-one-wrong", *_one_producer(NotifiesOne), DEADLOCK, "changed", "for ever"),
    case("forgets-to-notify-wrong", *_one_producer(ForgetsToNotify), DEADLOCK, "changed", "for ever"),
    case("waits-with-timeout-right", *_one_producer(WaitsWithTimeout), HOLDS),
    case("lock-order-wrong", TwoLocks, (TwoLocks.ab, TwoLocks.ba), None, DEADLOCK, "lock_a", "lock_b", "neither"),
    case("lock-order-right", TwoLocks, (TwoLocks.ab, TwoLocks.ab), None, HOLDS),
    case(
        "philosophers-wrong",
        Ring,
        (lambda s: s.eat(0), lambda s: s.eat(1), lambda s: s.eat(2)),
        None,
        DEADLOCK,
        "none of them",
    ),
    case(
        "philosophers-right",
        Ring,
        (lambda s: s.eat_in_order(0), lambda s: s.eat_in_order(1), lambda s: s.eat_in_order(2)),
        None,
        HOLDS,
    ),
    case("event-right", Flag, (Flag.produce, Flag.consume), _saw_data, HOLDS),
    case("event-set-too-early-wrong", Flag, (Flag.produce_late, Flag.consume), _saw_data, FAILS, "7"),
    case("polls-event-right", Flag, (Flag.produce, Flag.poll), _saw_data, HOLDS),
    case(
        "sleeps-instead-of-waiting-wrong",
        SleepsInsteadOfWaiting,
        (SleepsInsteadOfWaiting.produce, SleepsInsteadOfWaiting.consume),
        _saw_data,
        FAILS,
    ),
    case("spins-on-flag-right", Spinning, (Spinning.wait, Spinning.start), None, HOLDS),
    case("spins-for-ever-wrong", Spinning, (Spinning.wait, Spinning.forget), None, LIVELOCK, "for ever"),
    case(
        "singleton-wrong",
        lambda: None,
        (lambda s: Singleton.unlocked(), lambda s: Singleton.unlocked()),
        _one_made,
        FAILS,
        "2 singletons",
    ),
    case(
        "singleton-double-checked-right",
        lambda: None,
        (lambda s: Singleton.double_checked(), lambda s: Singleton.double_checked()),
        _one_made,
        HOLDS,
    ),
    case("check-then-act-wrong", Bank, (Bank.withdraw, Bank.withdraw), lambda s: s.balance >= 0, FAILS),
    case("barrier-right", Meeting, (Meeting.meet, Meeting.meet), lambda s: s.counted == [2, 2], HOLDS),
    case("barrier-alone-wrong", Meeting, (Meeting.meet,), None, DEADLOCK),
    case("own-threads-right", Children, (Children.start_locked,), lambda s: s.value == 2, HOLDS),
    case("own-threads-wrong", Children, (Children.start_unlocked,), lambda s: s.value == 2, FAILS, "lost"),
    case("forgets-to-join-wrong", Children, (Children.forget_to_join,), None, FAILS, "not done yet"),
    case("pool-right", Children, (Children.pool,), lambda s: s.value == 2, HOLDS),
    *(
        case(
            f"{kind.__name__.lower()}-right",
            lambda kind=kind: Queued(kind),
            (Queued.put, Queued.get),
            lambda s: s.got == [1],
            HOLDS,
        )
        for kind in (Queue, LifoQueue, PriorityQueue, SimpleQueue)
    ),
    case("empty-queue-wrong", lambda: Queued(Queue), (Queued.put, Queued.get_nowait), lambda s: s.got == [1], FAILS),
    case("timed-get-right", lambda: Queued(Queue), (Queued.put, Queued.get_in_time), lambda s: s.got == [1], HOLDS),
    case("nobody-puts-wrong", lambda: Queued(Queue), (Queued.get,), None, DEADLOCK, "queue", "for ever"),
]
