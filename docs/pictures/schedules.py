"""Draws the schedules in this folder: what the explorer finds in small wrong programs, one of each kind.

python docs/pictures/schedules.py
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.interleave import explore, explore_tasks
from helpers.interleave.draw import schedule_png, schedule_svg
from helpers.interleave.schedule import Exploration, Schedule

HERE = Path(__file__).parent


class Counter:
    def __init__(self) -> None:
        self.value = 5

    def increment(self) -> None:
        self.value += 1


class ForgetfulCounter:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def increment(self) -> None:
        self.lock.acquire()
        self.value += 1


class Bank:
    def __init__(self) -> None:
        self.a = 100
        self.b = 100
        self.lock_a = threading.Lock()
        self.lock_b = threading.Lock()

    def a_to_b(self, amount: int) -> None:
        with self.lock_a, self.lock_b:
            self.a -= amount
            self.b += amount

    def b_to_a(self, amount: int) -> None:
        with self.lock_b, self.lock_a:
            self.b -= amount
            self.a += amount


class SharedList:
    def __init__(self) -> None:
        self.items: list[str] = []
        self.lock = threading.Lock()

    def add(self, item: str) -> None:
        with self.lock:
            current = self.items
        self.items = [*current, item]


class Polite:
    def __init__(self) -> None:
        self.wants_a = False
        self.wants_b = False

    def a(self) -> None:
        self.wants_a = True
        while self.wants_b:
            pass
        self.wants_a = False

    def b(self) -> None:
        self.wants_b = True
        while self.wants_a:
            pass
        self.wants_b = False


class Account:
    def __init__(self) -> None:
        self.balance = 100

    async def withdraw(self, amount: int) -> None:
        balance = self.balance
        await asyncio.sleep(0)
        self.balance = balance - amount


def explorations() -> Iterator[tuple[str, Exploration]]:
    """Explore each program."""
    yield "lost-update", explore(Counter, [Counter.increment] * 2, lambda counter: counter.value == 7)
    yield "never-released", explore(ForgetfulCounter, [ForgetfulCounter.increment] * 2)
    yield "deadlock", explore(Bank, [lambda bank: bank.a_to_b(30), lambda bank: bank.b_to_a(20)])
    yield "livelock", explore(Polite, [Polite.a, Polite.b], max_steps=500)
    adders: list[Callable[[SharedList], None]] = [
        lambda shared: shared.add("a"),
        lambda shared: shared.add("b"),
        lambda shared: shared.add("c"),
    ]
    yield "three-threads", explore(SharedList, adders, lambda shared: len(shared.items) == 3)
    tasks = [lambda account: account.withdraw(70), lambda account: account.withdraw(50)]
    yield "asyncio-race", explore_tasks(Account, tasks, lambda account: account.balance == -20)


def failures() -> Iterator[tuple[str, Schedule]]:
    """Name every picture and the schedule that it shows."""
    for name, found in explorations():
        assert found.failure is not None, f"{name}: {found.sentence()}"
        yield f"schedule-{name}", found.failure


def main() -> None:
    """Write every picture as SVG and PNG."""
    for name, schedule in failures():
        (HERE / f"{name}.svg").write_text(schedule_svg(schedule) + "\n", encoding="utf-8")
        (HERE / f"{name}.png").write_bytes(schedule_png(schedule, scale=1.5))


if __name__ == "__main__":
    main()
