"""What students read about a failure is true: names, the step at which it went wrong, who holds and waits for what."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import pytest

from helpers.interleave import Action, Schedule, Verdict, explore, explore_tasks, unlocked
from helpers.interleave.story import locks, waiting, words


def failure(setup: Callable[[], Any], *bodies: Callable[[Any], object], check: Any = None) -> Schedule:
    found = explore(setup, bodies, check).failure
    assert found is not None
    return found


def said(schedule: Schedule, thread: str) -> list[str]:
    return [words(step) for step in schedule.steps if step.thread == thread]


class Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.balance = 10

    def withdraw(self) -> None:
        balance = self.balance
        self.balance = balance - 1


def transfer(source: Account, target: Account) -> None:
    with source.lock, target.lock:
        source.balance -= 1
        target.balance += 1


class Pair:
    def __init__(self) -> None:
        self.left, self.right = Account(), Account()


class TestTwoThingsOfOneName:
    def test_are_called_by_their_owners(self) -> None:
        found = failure(Pair, lambda s: transfer(s.left, s.right), lambda s: transfer(s.right, s.left))
        assert found.outcome == (
            "Thread A holds left.lock and waits for right.lock;"
            " thread B holds right.lock and waits for left.lock: neither can ever go on."
        )
        assert locks(found) == ("left.lock", "right.lock")

    def test_are_called_by_their_places_in_a_list(self) -> None:
        class Bank:
            def __init__(self) -> None:
                self.accounts = [Account(), Account()]

        def forth(bank: Bank) -> None:
            transfer(bank.accounts[0], bank.accounts[1])

        def back(bank: Bank) -> None:
            transfer(bank.accounts[1], bank.accounts[0])

        assert locks(failure(Bank, forth, back)) == ("accounts[0].lock", "accounts[1].lock")

    def test_are_numbered_where_nothing_else_tells_them_apart(self) -> None:
        def make() -> tuple[Account, Account]:
            return Account(), Account()

        found = failure(make, lambda s: transfer(s[0], s[1]), lambda s: transfer(s[1], s[0]))
        assert locks(found) == ("first Account.lock", "second Account.lock")

    def test_are_not_one_value(self) -> None:
        def both(state: Pair) -> None:
            state.right.withdraw()
            state.left.withdraw()

        found = failure(Pair, lambda s: s.left.withdraw(), both, check=lambda s: s.left.balance == 8)
        assert found.outcome.startswith("Thread A read left.balance = 10 before thread B had written 9")
        assert {step.before for step in found.steps if step.target == "right.balance"} <= {"", "10"}

    def test_keep_the_short_name_while_there_is_only_one(self) -> None:
        assert locks(failure(Pair, lambda s: s.left.lock.acquire(), lambda s: s.left.lock.acquire())) == ("lock",)

    def test_a_lock_that_replaces_another_is_another(self) -> None:
        def renew(account: Account) -> None:
            account.lock = threading.Lock()
            with account.lock:
                account.lock = threading.Lock()
                account.lock.acquire()
                account.lock.acquire()

        found = failure(Account, renew)
        assert "another lock" in locks(found)
        assert found.waits[0].resource == "another lock"


class Box:
    def __init__(self) -> None:
        self.items: list[int] = []
        self.taken: list[int] = []
        self.counts: dict[str, int] = {}
        self.changed = threading.Condition()
        self.turn = threading.Semaphore(1)

    def put(self) -> None:
        with self.changed:
            self.items.append(1)
            self.changed.notify()

    def take(self) -> None:
        with self.changed:
            while not self.items:
                self.changed.wait()
            self.taken.append(self.items.pop())

    def add_in_turn(self) -> None:
        with self.turn:
            self.items.append(1)


class TestWaitingThreads:
    def test_the_lock_behind_a_wait_is_not_shown(self) -> None:
        found = failure(Box, Box.take, lambda s: (s.take(), s.put()))
        assert set(locks(found)) == {"changed"}
        assert "waits on changed" in said(found, "A")

    def test_who_waited_holds_the_lock_again(self) -> None:
        found = failure(Box, Box.take, Box.put, check=lambda s: s.items == [1])
        after_the_wait = said(found, "A")[said(found, "A").index("waits on changed") :]
        assert "takes changed" in after_the_wait
        assert next(step for step in found.steps if step.call == "items.pop()").held == ("changed",)
        assert unlocked(Box, (Box.take, Box.put)) == ()

    def test_every_thread_of_a_deadlock_is_seen_to_ask(self) -> None:
        found = failure(Pair, lambda s: transfer(s.left, s.right), lambda s: transfer(s.right, s.left))
        assert said(found, "A")[-1] == "waits for right.lock"
        assert said(found, "B")[-1] == "waits for left.lock"
        assert found.fatal == len(found.steps) - 1

    def test_a_queue_is_named(self) -> None:
        class Office:
            def __init__(self) -> None:
                self.jobs: SimpleQueue[int] = SimpleQueue()

        found = failure(Office, lambda s: s.jobs.get())
        assert found.outcome == "Thread A waits on jobs for ever: nobody is left to wake it."

    def test_waiting_for_a_thread_is_waiting_for_its_end(self) -> None:
        def stuck(state: Box) -> None:
            child = threading.Thread(target=state.take)
            child.start()
            child.join()

        assert "Thread A waits for thread B to end." in waiting(failure(Box, stuck))


class TestSemaphores:
    def test_are_held_between_taking_and_giving_back(self) -> None:
        found = failure(Box, Box.add_in_turn, Box.add_in_turn, check=lambda s: s.items == [1])
        assert said(found, "A")[1:4] == ["takes turn", "calls items.append(1)", "releases turn"]
        assert next(step for step in found.steps if step.call).held == ("turn",)

    def test_of_one_protect_and_of_two_do_not(self) -> None:
        class Two(Box):
            def __init__(self) -> None:
                super().__init__()
                self.turn = threading.Semaphore(2)

        assert unlocked(Box, (Box.add_in_turn, Box.add_in_turn)) == ()
        assert [each.name for each in unlocked(Two, (Box.add_in_turn, Box.add_in_turn))] == ["items"]


class TestCalls:
    @pytest.mark.parametrize(
        ("use", "expected"),
        [
            (lambda s: s.items.append("x"), "calls items.append('x')"),
            (lambda s: (s.items.append(1), len(s.items)), "calls len(items)"),
            (lambda s: s.counts.setdefault("a", 1), "calls counts.setdefault('a', 1)"),
            (lambda s: (s.items.append(1), list(s.items)), "calls list(items)"),
            (lambda s: (s.items.append(1), list.append(s.items, 2)), "calls items.append(2)"),
        ],
    )
    def test_are_shown_as_the_code_says_them(self, use: Callable[[Any], object], expected: str) -> None:
        assert expected in said(failure(Box, use, use, check=lambda s: False), "A")

    def test_in_place_operators_too(self) -> None:
        def extend(state: Box) -> None:
            items = state.items
            items += [2]

        assert "runs items += [2]" in said(failure(Box, extend, extend, check=lambda s: False), "A")


class TestErrors:
    def test_the_step_that_raised_is_marked_not_the_release_after_it(self) -> None:
        def fails(state: Account) -> None:
            with state.lock:
                state.balance -= 6
                if state.balance < 0:
                    raise ValueError("no money left")

        found = failure(Account, fails, fails)
        assert found.fatal is not None
        assert found.steps[found.fatal].action is Action.RAISE
        assert words(found.steps[found.fatal]) == "raises ValueError: no money left"
        assert found.steps[found.fatal].held == ("lock",)
        assert found.steps[-1].action is Action.RELEASE

    def test_what_was_caught_leaves_no_step(self) -> None:
        def catches(state: Box) -> None:
            try:
                state.items.pop()
            except IndexError:
                raise RuntimeError("empty") from None

        found = failure(Box, catches)
        assert [step.target for step in found.steps if step.action is Action.RAISE] == ["RuntimeError"]

    def test_a_broken_result_is_blamed_on_the_last_access(self) -> None:
        found = failure(Box, Box.put, check=lambda s: not s.items)
        assert found.fatal is not None
        assert found.steps[found.fatal].call == "items.append(1)"


class Own(threading.local):
    count = 0


class WithOwn:
    def __init__(self) -> None:
        self.own = Own()
        self.total = 0

    def add(self) -> None:
        self.own.count += 1
        setattr(self.own, "last", getattr(self.own, "count"))  # noqa: B009, B010
        total = self.total
        self.total = total + self.own.last  # type: ignore[attr-defined]


def test_what_each_thread_has_for_itself_is_not_shared() -> None:
    assert [each.name for each in unlocked(WithOwn, (WithOwn.add, WithOwn.add))] == ["total"]
    found = failure(WithOwn, WithOwn.add, WithOwn.add, check=lambda s: s.total == 2)
    assert {step.target for step in found.steps} == {"", "total"}
    assert found.outcome.startswith("Thread A read total = 0")


class Tasks:
    def __init__(self) -> None:
        self.left, self.right = asyncio.Lock(), asyncio.Lock()
        self.value = 0
        self.ready = asyncio.Event()

    async def forth(self) -> None:
        async with self.left:
            await asyncio.sleep(0)
            async with self.right:
                pass

    async def back(self) -> None:
        async with self.right:
            await asyncio.sleep(0)
            await self.left.acquire()

    async def locked_read(self) -> None:
        async with self.left:
            value = self.value
        await asyncio.sleep(0)
        self.value = value + 1

    async def until_ready(self) -> None:
        await self.ready.wait()


class TestTasks:
    def test_hold_their_locks(self) -> None:
        found = explore_tasks(Tasks, (Tasks.locked_read, Tasks.locked_read), lambda s: s.value == 2).failure
        assert found is not None
        reads = [step.held for step in found.steps if step.action is Action.READ and step.target == "value"]
        writes = [step.held for step in found.steps if step.action is Action.WRITE]
        assert reads == [("left",), ("left",)]
        assert writes == [(), ()]

    def test_deadlock_by_name(self) -> None:
        found = explore_tasks(Tasks, (Tasks.forth, Tasks.back))
        assert found.verdict is Verdict.DEADLOCK
        assert found.sentence() == (
            "Task A holds left and waits for right; task B holds right and waits for left: neither can ever go on."
        )

    def test_await_what_they_say(self) -> None:
        found = explore_tasks(Tasks, (Tasks.until_ready,)).failure
        assert found is not None
        assert found.outcome == "Task A waits on Event.wait for ever: nobody is left to wake it."
        assert "awaits Event.wait" in said(found, "A")


def test_numbers_that_change_from_run_to_run_are_not_shown() -> None:
    class ByIdent:
        def __init__(self) -> None:
            self.owner = 0
            self.counts: dict[int, int] = {}

        def count(self) -> None:
            self.owner = threading.get_ident()
            self.counts[self.owner] = id(self)
            raise ValueError(self)

    found = failure(ByIdent, ByIdent.count, ByIdent.count)
    shown = {step.target: step.value for step in found.steps if step.action is Action.WRITE}
    assert shown == {"owner": "ident of A", "counts[ident of A]": "id of ByIdent"}
    assert " at 0x" not in found.outcome + found.error + found.steps[-1].value


def test_locks_inside_the_library_are_not_shown() -> None:
    class Deadline(Account):
        def begin(self) -> None:
            timer = threading.Timer(0.1, self.withdraw)
            timer.start()
            with self.lock:
                self.withdraw()
            timer.join()

    found = failure(Deadline, Deadline.begin, check=lambda s: s.balance == 8)
    assert locks(found) == ("lock",)
    assert not [words(step) for step in found.steps if step.target.endswith("lock") and step.target != "lock"]


def test_a_message_that_is_a_sentence_gets_no_second_full_stop() -> None:
    def audit(account: Account) -> None:
        assert account.balance == 0, "the audit found 10."

    assert failure(Account, audit).outcome == "Thread A raised AssertionError: the audit found 10."
