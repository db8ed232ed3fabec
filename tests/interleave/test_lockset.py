"""The lockset check: which attribute has no lock of its own, whatever order the threads run in."""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from helpers.interleave import LocksetMissing, unlocked


class SharedList:
    def __init__(self) -> None:
        self.items: list[str] = []
        self.lock = threading.Lock()

    def add(self, item: str) -> None:
        with self.lock:
            self.items.append(item)

    def get_all(self) -> list[str]:
        with self.lock:
            return self.items


class CopyingList(SharedList):
    def get_all(self) -> list[str]:
        with self.lock:
            return list(self.items)


class NoLockInAdd(SharedList):
    def add(self, item: str) -> None:
        self.items.append(item)  # here


class NoLockInGetAll(SharedList):
    def get_all(self) -> list[str]:
        return self.items  # here


class NoLockInCopy(SharedList):
    def get_all(self) -> list[str]:
        return self.items.copy()  # here


class LockPerCall(SharedList):
    def add(self, item: str) -> None:
        with threading.Lock():
            self.items.append(item)  # here


class OneLockEach(SharedList):
    def __init__(self) -> None:
        super().__init__()
        self.other = threading.Lock()

    def get_all(self) -> list[str]:
        with self.other:
            return self.items  # here or there


class Parent:
    def __init__(self) -> None:
        self.results: list[int] = []

    def work(self) -> None:
        self.results.append(1)

    def run(self) -> None:
        self.results.append(0)
        child = threading.Thread(target=self.work)
        child.start()
        child.join()
        self.results.append(2)


def both(state: Any) -> None:
    state.add("x")
    state.get_all()


@pytest.mark.parametrize("make", [SharedList, CopyingList])
def test_one_common_lock_is_enough(make: type) -> None:
    assert unlocked(make, (both, both)) == ()


@pytest.mark.parametrize("make", [NoLockInAdd, NoLockInGetAll, NoLockInCopy, LockPerCall])
def test_an_access_without_the_lock_is_named_with_its_line(make: type) -> None:
    (found,) = unlocked(make, (both, both))

    assert found.name == "items"
    assert found.threads == ("A", "B")
    assert "# here" in found.sources[0]
    assert len(found.lines) == 1
    assert "without one common lock" in found.sentence()


class OptimisticCounter:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.value = 0

    def increment(self) -> None:
        while True:
            old = self.value
            with self.lock:
                if self.value == old:
                    self.value = old + 1
                    return


@pytest.mark.parametrize(
    ("make", "bodies", "written"),
    [
        (OptimisticCounter, (OptimisticCounter.increment,) * 2, False),
        (NoLockInGetAll, (both, both), False),
        (NoLockInAdd, (both, both), True),
        (OneLockEach, (both, both), False),
        (LockPerCall, (both, both), True),
    ],
)
def test_it_is_told_whether_only_reads_go_without_the_lock(make: type, bodies: Any, written: bool) -> None:
    (found,) = unlocked(make, bodies)
    assert found.written is written


def test_two_different_locks_are_not_one_common_lock() -> None:
    (found,) = unlocked(OneLockEach, (both, both))
    assert found.name == "items"


def test_what_a_thread_does_before_a_start_and_after_a_join_is_not_shared() -> None:
    assert unlocked(Parent, (Parent.run,)) == ()


total = 0


def test_a_global_counts_as_well() -> None:
    def add(state: None) -> None:
        global total
        total += 1

    (found,) = unlocked(lambda: None, (add, add))
    assert found.name == "total"
    assert total == 0


def test_reading_what_nobody_changes_needs_no_lock() -> None:
    assert unlocked(SharedList, (SharedList.get_all, SharedList.get_all)) == ()


def test_code_that_gets_stuck_is_not_called_right() -> None:
    reading, writing = os.pipe()

    def stuck(state: None) -> None:
        os.read(reading, 1)

    before = threading.enumerate()
    with pytest.raises(LocksetMissing):
        unlocked(lambda: None, (stuck,), seconds=1)
    os.write(writing, b"x")
    for thread in threading.enumerate():
        if thread not in before:
            thread.join(30)
    os.close(reading)
    os.close(writing)


def test_of_two_locks_the_same_one_counts_every_time() -> None:
    code = (
        "import threading\n"
        "from helpers.interleave import unlocked\n"
        "class Box:\n"
        "    def __init__(self): self.value, self.put, self.look = 0, threading.Lock(), threading.Lock()\n"
        "    def store(self):\n"
        "        with self.put: self.value = 1\n"
        "    def load(self):\n"
        "        with self.look: return self.value\n"
        "print(*unlocked(Box, [Box.store, Box.load]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in "012345"
    }
    assert len(said) == 1 and b"lines=(6, 8)" in said.pop()
