"""Tasks that another process can import."""

import asyncio
import os
import re
import signal
import threading
import time
from dataclasses import dataclass

from helpers.timeline.record import RecordedLock
from helpers.workloads import WaitOnSocket


def fail() -> None:
    raise ValueError("no such page")


def quit_interpreter() -> None:
    raise SystemExit(3)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def spin_forever() -> None:
    while True:
        pass


class Crossing:
    """Two tasks that take two locks in opposite order, and wait for each other for ever."""

    def __init__(self) -> None:
        self._locks = RecordedLock(), RecordedLock()
        self._both_have_one = threading.Barrier(2)

    def go(self, first: int) -> None:
        with self._locks[first]:
            self._both_have_one.wait()
            with self._locks[1 - first]:
                pass


def keep_the_gil() -> None:
    """Spend longer than anybody has patience in one call into C that lets no other thread run."""
    time.sleep(0.2)  # time for the first marks to be sent home
    re.match(r"(a+)+$", "a" * 60 + "b")


def block_in_c() -> None:
    """Block in a call that Python cannot interrupt, for longer than a stopping run has patience."""
    time.sleep(5)


def return_a_lock() -> object:
    return threading.Lock()


class PickyError(Exception):
    """Pickles, but does not unpickle: its constructor wants two arguments."""

    def __init__(self, page: str, code: int) -> None:
        super().__init__(f"{page}: {code}")


def fail_pickily() -> None:
    raise PickyError("page", 404)


async def nap() -> str:
    await asyncio.sleep(0.05)
    return "rested"


async def nap_forever() -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Sleep:
    """Sleep for some seconds, in a call that holds no GIL."""

    seconds: float

    def __call__(self) -> float:
        time.sleep(self.seconds)
        return self.seconds


@dataclass(frozen=True)
class TimedWait:
    """A wait that returns how long it took by a clock of its own, in seconds."""

    seconds: float

    def __str__(self) -> str:
        return "timed wait"

    def __call__(self) -> float:
        begin = time.perf_counter()
        WaitOnSocket(self.seconds)()
        return time.perf_counter() - begin

    async def run_async(self) -> float:
        begin = time.perf_counter()
        await WaitOnSocket(self.seconds).run_async()
        return time.perf_counter() - begin
