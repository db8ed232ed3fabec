"""How many processes work on a class, and that all of them end."""

import os
import threading
from multiprocessing import active_children, get_context

import pytest

from helpers.grading.executors import processes_here

CORES = len(os.sched_getaffinity(0))
together = get_context("fork").Barrier(CORES + 1)


def meet(seconds: int) -> int:
    """Wait so long for all the others; return this process."""
    together.wait(timeout=seconds)
    return os.getpid()


def here(_: int) -> int:
    """Return this process."""
    return os.getpid()


def test_a_process_for_each_core_is_enough_while_nothing_is_slow() -> None:
    with processes_here(2 * CORES) as pool:
        assert len(set(pool.map(here, range(200)))) <= CORES


def test_another_begins_when_submissions_are_slow() -> None:
    with processes_here(2 * CORES) as pool:
        assert len(set(pool.map(meet, [60] * (CORES + 1)))) == CORES + 1


def test_there_are_no_more_than_were_asked_for() -> None:
    with processes_here(CORES) as pool, pytest.raises(threading.BrokenBarrierError):
        list(pool.map(meet, [2] * (CORES + 1)))
    together.reset()


def test_all_of_them_end() -> None:
    before = set(active_children())
    with processes_here(2 * CORES) as pool:
        assert pool.submit(here, 0).result() != os.getpid()
        workers = set(active_children()) - before
        assert len(workers) == 2 * CORES
    assert not [worker for worker in workers if worker.is_alive()]
