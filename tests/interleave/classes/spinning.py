"""Waiting by going round and round, by the clock or by timeouts: right, as somebody ends it."""

import queue
import time
from collections import deque
from collections.abc import Callable
from threading import Lock, Semaphore
from typing import Any

from tests.interleave.classes.case import Case


class Poll:
    """Somebody waits until another has finished, and then must find what that one left."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.done = False
        self.value = 0

    def await_it(self) -> None:
        while not self.done:
            pass
        assert self.value == 1

    def finish(self) -> None:
        self.value = 1
        self.done = True


class PollsUnderLock(Poll):
    def await_it(self) -> None:
        while True:
            with self.lock:
                if self.done:
                    break
        assert self.value == 1

    def finish(self) -> None:
        self.value = 1
        with self.lock:
            self.done = True


class CountsLocalRounds(Poll):
    def await_it(self) -> None:
        rounds = 0
        while not self.done:
            rounds += 1
        assert self.value == 1


class PollsSemaphore(Poll):
    def __init__(self) -> None:
        super().__init__()
        self.ready = Semaphore(0)

    def await_it(self) -> None:
        while not self.ready.acquire(blocking=False):
            pass
        assert self.value == 1

    def finish(self) -> None:
        self.value = 1
        self.ready.release()


class PollsQueue(Poll):
    def __init__(self) -> None:
        super().__init__()
        self.items: queue.Queue[int] = queue.Queue()

    def await_it(self) -> None:
        while True:
            try:
                self.items.get_nowait()
            except queue.Empty:
                continue
            return

    def finish(self) -> None:
        self.items.put(1)


class PollsDeque(PollsQueue):
    """Pops until there is something, which changes nothing while there is not."""

    def __init__(self) -> None:
        self.marks: deque[int] = deque()

    def await_it(self) -> None:
        while True:
            try:
                self.marks.popleft()
            except IndexError:
                continue
            return

    def finish(self) -> None:
        self.marks.append(1)


class FinishesLate(Poll):
    def finish(self) -> None:
        time.sleep(100)
        super().finish()


class SleepsZero(FinishesLate):
    def await_it(self) -> None:
        while not self.done:
            time.sleep(0)
        assert self.value == 1


class SleepsALittle(FinishesLate):
    def await_it(self) -> None:
        while not self.done:
            time.sleep(0.05)
        assert self.value == 1


class WatchesTheClock(Poll):
    def await_it(self) -> None:
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            pass


class LooksOften(Poll):
    """Looks four hundred times, which is not for ever."""

    def await_it(self) -> None:
        looks = 0
        while looks < 400:
            assert self.value in (0, 1)
            looks += 1


class LooksOftenInFor(Poll):
    def await_it(self) -> None:
        for _ in range(400):
            assert self.value in (0, 1)


class TimedTransfer:
    """Gives the first lock back when the second does not come in time, and tries again."""

    def __init__(self) -> None:
        self.locks = [Lock(), Lock()]
        self.moved = 0

    def move(self, first: int) -> None:
        while True:
            with self.locks[first]:
                if self.locks[1 - first].acquire(timeout=0.1):
                    try:
                        self.moved += 1
                        return
                    finally:
                        self.locks[1 - first].release()


def _poll(name: str, make: Callable[[], Any]) -> Case:
    return Case(name, make, (lambda s: s.await_it(), lambda s: s.finish()))


CASES: list[Case] = [
    _poll("polls-under-lock-right", PollsUnderLock),
    _poll("polls-and-counts-right", CountsLocalRounds),
    _poll("polls-semaphore-right", PollsSemaphore),
    _poll("polls-queue-right", PollsQueue),
    _poll("polls-deque-right", PollsDeque),
    _poll("polls-late-right", FinishesLate),
    _poll("polls-late-sleep-zero-right", SleepsZero),
    _poll("polls-late-sleep-right", SleepsALittle),
    _poll("watches-the-clock-right", WatchesTheClock),
    _poll("looks-often-right", LooksOften),
    _poll("looks-often-in-for-right", LooksOftenInFor),
    Case(
        "timed-transfer-right",
        TimedTransfer,
        (lambda s: s.move(0), lambda s: s.move(1)),
        lambda s: s.moved == 2,
    ),
]
