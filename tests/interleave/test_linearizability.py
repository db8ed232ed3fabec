"""Linearizability: right classes hold, wrong ones fail, each for its own reason, in the smallest scenario."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest

from helpers.interleave.linearizability import Linearizability, Operation, check_linearizable
from helpers.interleave.scenarios import SHAPES, orders, possible, scenarios, smaller
from helpers.interleave.schedule import Action, Verdict
from helpers.interleave.snapshot import snapshot

INCREMENT, GET = Operation("increment"), Operation("get")
PUT_1, PUT_2 = Operation("put", (1,)), Operation("put", (2,))
PUSH_1, PUSH_2, POP = Operation("push", (1,)), Operation("push", (2,)), Operation("pop")
ADD, CONTAINS = Operation("add", ("x",)), Operation("contains", ("x",))
WITHDRAW_70, WITHDRAW_50 = Operation("withdraw", (70,)), Operation("withdraw", (50,))
TO_B, TO_A = Operation("to_b", (30,)), Operation("to_a", (20,))
LOOK_UP = Operation("look_up", ("k",))
START, USE = Operation("start"), Operation("use")
MOVE_1, MOVE_2, READ = Operation("move", (1,)), Operation("move", (2,)), Operation("read")


class Counter:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def increment(self) -> None:
        with self.lock:
            self.value += 1

    def get(self) -> int:
        with self.lock:
            return self.value


class UnlockedCounter(Counter):
    def increment(self) -> None:
        self.value += 1


class LockPerCallCounter(Counter):
    def increment(self) -> None:
        with threading.Lock():
            self.value += 1


class CounterThatNeverReleases(Counter):
    def increment(self) -> None:
        self.lock.acquire()
        self.value += 1


class CounterWithTwoSections(Counter):
    def increment(self) -> None:
        with self.lock:
            value = self.value
        with self.lock:
            self.value = value + 1


class CounterThatSpins(Counter):
    def __init__(self) -> None:
        super().__init__()
        self.busy = False

    def increment(self) -> None:
        while self.busy:
            pass
        self.busy = True
        self.value += 1
        self.busy = False


class CounterThatSkips(Counter):
    def increment(self) -> None:
        if self.lock.acquire(blocking=False):
            self.value += 1
            self.lock.release()


class TicketCounter:
    """`next()` of an `itertools.count` is one step, so it needs no lock."""

    def __init__(self) -> None:
        self.tickets = count(1)

    def increment(self) -> int:
        return next(self.tickets)


class Stack:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.lock = threading.RLock()

    def push(self, item: int) -> None:
        with self.lock:
            self.items.append(item)

    def empty(self) -> bool:
        with self.lock:
            return not self.items

    def pop(self) -> int | None:
        with self.lock:
            return None if self.empty() else self.items.pop()


class CheckThenPopStack(Stack):
    def pop(self) -> int | None:
        if self.empty():
            return None
        with self.lock:
            return self.items.pop()


class PeekThenDeleteStack(Stack):
    def pop(self) -> int | None:
        with self.lock:
            top = self.items[-1] if self.items else None
        with self.lock:
            del self.items[-1:]
        return top


class BoundedQueue:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.changed = threading.Condition()

    def put(self, item: int) -> None:
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(item)
            self.changed.notify_all()

    def get(self) -> int:
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.changed.notify_all()
            return self.items.pop(0)


class QueueThatChecksOnce(BoundedQueue):
    def get(self) -> int:
        with self.changed:
            if not self.items:
                self.changed.wait()
            self.changed.notify_all()
            return self.items.pop(0)


class QueueThatNotifiesNobody(BoundedQueue):
    def put(self, item: int) -> None:
        with self.changed:
            while len(self.items) >= 1:
                self.changed.wait()
            self.items.append(item)


class QueueOnTheStandardOne:
    def __init__(self) -> None:
        self.queue: queue.Queue[int] = queue.Queue(maxsize=1)

    def put(self, item: int) -> None:
        self.queue.put(item)

    def get(self) -> int:
        return self.queue.get()


class Account:
    def __init__(self) -> None:
        self.balance = 100
        self.lock = threading.Lock()

    def withdraw(self, amount: int) -> bool:
        with self.lock:
            if self.balance < amount:
                return False
            self.balance -= amount
            return True


class CheckThenWithdrawAccount(Account):
    def withdraw(self, amount: int) -> bool:
        if self.balance < amount:
            return False
        with self.lock:
            self.balance -= amount
        return True


class Bank:
    """Two accounts; both locks are always taken in the same order."""

    def __init__(self) -> None:
        self.a = self.b = 100
        self.lock_a, self.lock_b = threading.Lock(), threading.Lock()

    def to_b(self, amount: int) -> None:
        with self.lock_a, self.lock_b:
            self.a -= amount
            self.b += amount

    def to_a(self, amount: int) -> None:
        with self.lock_a, self.lock_b:
            self.b -= amount
            self.a += amount

    def total(self) -> int:
        with self.lock_a, self.lock_b:
            return self.a + self.b


class BankThatDeadlocks(Bank):
    def to_a(self, amount: int) -> None:
        with self.lock_b, self.lock_a:
            self.b -= amount
            self.a += amount


class BankThatShowsMoneyInTransit(Bank):
    def to_b(self, amount: int) -> None:
        with self.lock_a:
            self.a -= amount
        with self.lock_b:
            self.b += amount


class Cache:
    """Computes a value once a key; the value shows whether it was computed twice."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.computed = count(1)
        self.lock = threading.Lock()

    def look_up(self, key: str) -> int:
        with self.lock:
            if key not in self.values:
                self.values[key] = next(self.computed)
            return self.values[key]


class CacheThatComputesTwice(Cache):
    def look_up(self, key: str) -> int:
        if key not in self.values:
            self.values[key] = next(self.computed)
        return self.values[key]


class Connection:
    def __init__(self) -> None:
        self.ready = False
        self.address = ""

    def start(self) -> None:
        self.address = "server"
        self.ready = True

    def use(self) -> str | None:
        return self.address if self.ready else None


class ConnectionPublishedTooEarly(Connection):
    def start(self) -> None:
        self.ready = True
        self.address = "server"


class Set:
    def __init__(self) -> None:
        self.items: set[str] = set()
        self.lock = threading.Lock()

    def add(self, item: str) -> bool:
        with self.lock:
            if item in self.items:
                return False
            self.items.add(item)
            return True

    def contains(self, item: str) -> bool:
        with self.lock:
            return item in self.items


class SetThatAddsTwice(Set):
    def add(self, item: str) -> bool:
        if self.contains(item):
            return False
        with self.lock:
            self.items.add(item)
        return True


class Point:
    """Replaces one reference, so that readers need no lock."""

    def __init__(self) -> None:
        self.place = (0, 0)

    def move(self, to: int) -> None:
        self.place = (to, to)

    def read(self) -> tuple[int, int]:
        return self.place


class TornPoint:
    def __init__(self) -> None:
        self.x = self.y = 0
        self.lock = threading.Lock()

    def move(self, to: int) -> None:
        with self.lock:
            self.x = to
            self.y = to

    def read(self) -> tuple[int, int]:
        return self.x, self.y


class Register:
    def __init__(self) -> None:
        self.value = 0

    def put(self, value: int) -> None:
        self.value = value

    def get(self) -> int:
        return self.value


class RegisterWithPrivateCopies(Register):
    """Each thread keeps what it saw first: consistent in every thread, but late in real time."""

    def put(self, value: int) -> None:
        self.value = value
        vars(threading.current_thread())["copy"] = self, value

    def get(self) -> int:
        mine = vars(threading.current_thread())
        if mine.get("copy", (None, 0))[0] is not self:
            mine["copy"] = self, self.value
        return mine["copy"][1]


type Case = tuple[Callable[[], Any], Sequence[Operation]]

RIGHT: list[Case] = [
    (Counter, [INCREMENT, GET]),
    (TicketCounter, [INCREMENT]),
    (Stack, [PUSH_1, PUSH_2, POP]),
    (BoundedQueue, [PUT_1, PUT_2, Operation("get")]),
    (QueueOnTheStandardOne, [PUT_1, Operation("get")]),
    (Account, [WITHDRAW_70, WITHDRAW_50]),
    (Bank, [TO_B, TO_A, Operation("total")]),
    (Cache, [LOOK_UP]),
    (Connection, [START, USE]),
    (Set, [ADD, CONTAINS]),
    (Point, [MOVE_1, MOVE_2, READ]),
    (Register, [PUT_1, Operation("get")]),
]

WRONG: list[tuple[Callable[[], Any], Sequence[Operation], Verdict, int]] = [
    # the class, its operations, the verdict, and how many calls the smallest failing scenario has
    (UnlockedCounter, [INCREMENT, GET], Verdict.FAILS, 3),
    (LockPerCallCounter, [INCREMENT, GET], Verdict.FAILS, 3),
    (CounterWithTwoSections, [INCREMENT, GET], Verdict.FAILS, 3),
    (CounterThatSkips, [INCREMENT, GET], Verdict.FAILS, 3),
    (CounterThatNeverReleases, [INCREMENT, GET], Verdict.DEADLOCK, 2),
    (CheckThenPopStack, [PUSH_1, POP], Verdict.FAILS, 3),
    (PeekThenDeleteStack, [PUSH_1, PUSH_2, POP], Verdict.FAILS, 3),
    (QueueThatChecksOnce, [PUT_1, PUT_2, Operation("get")], Verdict.FAILS, 4),
    (QueueThatNotifiesNobody, [PUT_1, Operation("get")], Verdict.DEADLOCK, 2),
    (CheckThenWithdrawAccount, [WITHDRAW_70, WITHDRAW_50], Verdict.FAILS, 2),
    (BankThatDeadlocks, [TO_B, TO_A], Verdict.DEADLOCK, 2),
    (BankThatShowsMoneyInTransit, [TO_B, Operation("total")], Verdict.FAILS, 2),
    (CacheThatComputesTwice, [LOOK_UP], Verdict.FAILS, 2),
    (ConnectionPublishedTooEarly, [START, USE], Verdict.FAILS, 2),
    (SetThatAddsTwice, [ADD, CONTAINS], Verdict.FAILS, 2),
    (TornPoint, [MOVE_1, READ], Verdict.FAILS, 2),
    (RegisterWithPrivateCopies, [PUT_1, Operation("get")], Verdict.FAILS, 3),
]


@pytest.mark.parametrize("factory, operations", RIGHT)
def test_right_classes_hold(factory: Callable[[], Any], operations: Sequence[Operation]) -> None:
    result = check_linearizable(factory, operations, seconds=100)
    assert result.verdict is Verdict.HOLDS, result.sentence()
    assert result.scenarios > 0
    assert result.failure is None
    assert "at most 2 preemptions" in result.sentence()


@pytest.mark.parametrize("factory, operations, verdict, calls", WRONG)
def test_wrong_classes_fail_in_the_smallest_scenario(
    factory: Callable[[], Any], operations: Sequence[Operation], verdict: Verdict, calls: int
) -> None:
    result = check_linearizable(factory, operations)
    assert result.verdict is verdict, result.sentence()
    assert sum(map(len, result.scenario)) == calls, result.scenario
    assert result.failure is not None
    assert result.failure.steps
    assert result.sentence().endswith(".")


def test_the_sentence_says_what_one_after_the_other_would_give() -> None:
    result = check_linearizable(UnlockedCounter, [INCREMENT], observe=GET)
    assert result.sentence() == (
        "Thread A's increment() and thread B's increment() both ran, yet get() gave 1;"
        " run one after the other they would give 2."
    )
    assert result.scenario == ((INCREMENT,), (INCREMENT,))
    assert result.observed == "gave 1"
    assert result.orders == 2
    assert result.failure is not None
    assert any(step.action is Action.WRITE and step.target == "value" for step in result.failure.steps)


def test_an_observer_may_be_any_function() -> None:
    def value(counter: Counter) -> int:
        return counter.value

    assert check_linearizable(UnlockedCounter, [INCREMENT], observe=value).verdict is Verdict.FAILS
    assert check_linearizable(Counter, [INCREMENT], observe=value).verdict is Verdict.HOLDS


def test_a_torn_read_is_told_apart_from_what_could_be() -> None:
    result = check_linearizable(TornPoint, [MOVE_1, READ])
    assert "gave (0, 1)" in result.sentence() or "gave (1, 0)" in result.sentence()
    assert "would give (0, 0) or (1, 1)" in result.sentence()


def test_an_exception_is_a_result_like_any_other() -> None:
    class Refusing:
        def __init__(self) -> None:
            self.lock = threading.Lock()
            self.taken = False

        def take(self) -> None:
            with self.lock:
                if self.taken:
                    raise RuntimeError("taken")
                self.taken = True

    class CheckingTooEarly(Refusing):
        def take(self) -> None:
            if self.taken:
                raise RuntimeError("taken")
            self.taken = True

    take = [Operation("take")]
    assert check_linearizable(Refusing, take).verdict is Verdict.HOLDS
    assert check_linearizable(CheckingTooEarly, take).verdict is Verdict.FAILS


def test_results_that_claim_to_equal_everything_deceive_nobody() -> None:
    class Yes:
        def __init__(self, value: int) -> None:
            self.value = value

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

    class Deceiver(UnlockedCounter):
        def get(self) -> Yes:  # type: ignore[override]
            return Yes(self.value)

    assert check_linearizable(Deceiver, [INCREMENT], observe=GET).verdict is Verdict.FAILS


def test_a_list_is_compared_as_it_was_when_it_came_back() -> None:
    class Bag:
        def __init__(self) -> None:
            self.items: list[int] = []

        def add(self, item: int) -> None:
            self.items.append(item)

        def all(self) -> list[int]:
            return self.items

    result = check_linearizable(Bag, [Operation("add", (1,)), Operation("all")])
    assert result.verdict is Verdict.HOLDS, result.sentence()


def test_waiting_for_ever_is_right_where_nothing_is_left_to_wait_for() -> None:
    result = check_linearizable(BoundedQueue, [Operation("get")])
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.scenarios == 0
    assert result.skipped > 0
    assert "wait" in result.reason


def test_a_call_that_never_ends_is_found_without_any_concurrency() -> None:
    class Endless(Counter):
        def increment(self) -> None:
            while self.value == 0:
                pass

    result = check_linearizable(Endless, [INCREMENT], max_steps=500)
    assert result.verdict is Verdict.LIVELOCK
    assert result.scenario == ((INCREMENT,),)
    assert "even with nothing else running" in result.sentence()


def test_an_object_that_cannot_be_made_is_a_failure() -> None:
    class Unmade:
        def __init__(self) -> None:
            raise ValueError("no")

    result = check_linearizable(Unmade, [GET])
    assert result.verdict is Verdict.FAILS
    assert "ValueError" in result.sentence()
    assert result.scenario == ((),)


def test_a_call_that_ends_the_program_is_a_failure() -> None:
    class Quitting(Counter):
        def increment(self) -> None:
            raise SystemExit(3)

    result = check_linearizable(Quitting, [INCREMENT])
    assert result.verdict is Verdict.FAILS
    assert "SystemExit" in result.sentence()


def test_too_little_time_is_inconclusive_and_never_holds() -> None:
    result = check_linearizable(BoundedQueue, [PUT_1, PUT_2, Operation("get")], seconds=0.05)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.sentence().startswith("Not decided: ")


def test_chance_is_inconclusive_and_never_holds() -> None:
    flips = count()

    class Moody(Counter):
        def increment(self) -> None:
            if next(flips) % 3:
                super().increment()
            else:
                self.value += 0
                self.value += 1

    assert check_linearizable(Moody, [INCREMENT]).verdict is not Verdict.HOLDS


def test_an_operation_that_breaks_against_itself_is_found_among_many() -> None:
    class Busy(UnlockedCounter):
        def nothing(self, _: int) -> None:
            pass

    operations = [INCREMENT, *(Operation("nothing", (n,)) for n in range(6))]
    result = check_linearizable(Busy, operations, observe=GET)
    assert result.scenario == ((INCREMENT,), (INCREMENT,))


def test_a_failure_found_in_a_large_scenario_is_made_small() -> None:
    class Busy(CheckThenPopStack):
        def nothing(self) -> None:
            pass

    operations = [PUSH_1, POP, *(Operation("nothing") for _ in range(5))]
    result = check_linearizable(Busy, operations, seed=4)  # which meets the failure among four calls
    assert result.verdict is Verdict.FAILS
    assert "nothing" not in str(result.scenario)
    assert sum(map(len, result.scenario)) == 3


def test_the_same_answer_every_time() -> None:
    def check(seed: int) -> Linearizability:
        return check_linearizable(CheckThenPopStack, [PUSH_1, PUSH_2, POP], seed=seed)

    assert check(7) == check(7)


def test_nothing_is_left_behind() -> None:
    before = threading.active_count(), threading.Lock, time.sleep
    check_linearizable(BankThatDeadlocks, [TO_B, TO_A])
    assert (threading.active_count(), threading.Lock, time.sleep) == before


def test_arguments_need_not_be_hashable() -> None:
    class Log:
        def __init__(self) -> None:
            self.entries: list[Any] = []

        def write(self, entry: list[int], *, level: int = 0) -> int:
            self.entries.append((entry, level))
            return len(self.entries)

    operations = [Operation("write", ([1],), {"level": 2})]
    assert str(operations[0]) == "write([1], level=2)"
    result = check_linearizable(Log, operations)
    assert result.verdict is Verdict.FAILS  # len() after append() is a second look
    assert "write([1], level=2)" in result.sentence()


def test_locks_behind_the_arguments_are_under_control() -> None:
    shared = threading.Lock()

    def locked(counter: Counter) -> None:
        with shared:
            counter.value += 1

    class Calling(Counter):
        def call(self, function: Callable[[Counter], None]) -> None:
            function(self)

    result = check_linearizable(Calling, [Operation("call", (locked,))], observe=GET)
    assert result.verdict is Verdict.HOLDS, result.sentence()
    assert not shared.locked()


def test_naming_no_operations_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one operation"):
        check_linearizable(Counter, [])


def test_a_queue_of_the_standard_library_is_a_class_like_any_other() -> None:
    operations = [Operation("put", (1,)), Operation("put", (2,)), Operation("get")]
    result = check_linearizable(queue.SimpleQueue, operations, seconds=100)
    assert result.verdict is Verdict.HOLDS, result.sentence()


def test_a_sample_is_called_one() -> None:
    few, many = [[Operation("append", (n,)) for n in range(last)] for last in (1, 6)]
    everything = check_linearizable(list, few, seconds=100)
    assert everything.scenarios == everything.possible
    assert "sample" not in everything.sentence()
    sampled = check_linearizable(list, many, preemptions=0, per_shape=1, seconds=100)
    assert sampled.scenarios < sampled.possible
    assert f"in {sampled.scenarios} scenarios, a sample of {sampled.possible} (" in sampled.sentence()


def test_every_possible_scenario_is_counted() -> None:
    operations = [Operation("a"), Operation("b"), Operation("c")]
    for shape in SHAPES:
        assert possible(operations, shape) == len(list(scenarios(operations, shape, seed=0)))


def test_twin_scenarios_are_made_once_and_the_seed_decides_the_order() -> None:
    found = list(scenarios([INCREMENT, GET], (2, 2), seed=0))
    assert len(found) == len({str(sorted(map(str, s))) for s in found}) == 10
    assert found == list(scenarios([INCREMENT, GET], (2, 2), seed=0))
    assert found != list(scenarios([INCREMENT, GET], (2, 2), seed=1))
    assert all(tuple(map(len, s)) == (2, 1, 1) for s in scenarios([GET], (2, 1, 1), 0))


def test_orders_keep_each_threads_own_order() -> None:
    assert sorted(orders(((GET, GET), (GET,)))) == [(0, 0, 1), (0, 1, 0), (1, 0, 0)]
    assert len(orders(((GET,) * 3,) * 3)) == 1680


def test_smaller_scenarios_leave_out_one_call() -> None:
    assert list(smaller(((PUT_1, GET), (GET,)))) == [((GET,), (GET,)), ((PUT_1,), (GET,)), ((PUT_1, GET),)]


@pytest.mark.parametrize(
    "one, other",
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ([1], (1,)),
        ([1, [True]], [1, [1]]),
        ({"a": 1}, {"a": 1.0}),
        ({1}, frozenset({1})),
        (ValueError("a"), ValueError("b")),
        (ValueError("a"), TypeError("a")),
        (b"a", "a"),
    ],
)
def test_snapshots_tell_types_and_contents_apart(one: object, other: object) -> None:
    assert snapshot(one) != snapshot(other)
    assert snapshot(one) == snapshot(one)


def test_snapshots_follow_cycles_and_objects_without_running_their_code() -> None:
    class Node:
        __slots__ = ("next", "value")

        def __init__(self, value: int) -> None:
            self.value = value
            self.next = self

        def __repr__(self) -> str:
            raise AssertionError("must not be called")

    assert snapshot(Node(1)) == snapshot(Node(1)) != snapshot(Node(2))
    loop: list[Any] = []
    loop.append(loop)
    assert snapshot(loop) == snapshot(loop)
    assert snapshot(float("nan")) == snapshot(float("nan"))
    assert snapshot(threading.Lock()) == snapshot(threading.Lock())
