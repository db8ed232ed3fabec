"""Run tasks in interpreters of one process, each with its own GIL (PEP 684, PEP 734); from Python 3.14."""

import concurrent.futures
import pickle
import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from helpers.strategies.in_processes import not_importable, pickled, sendable
from helpers.strategies.job import Job, perform
from helpers.strategies.result import NotSendableError, Outcome
from helpers.timeline.record import LaneLog, Recorder
from helpers.timeline.spans import Event

pool_class: type[Executor] | None = getattr(concurrent.futures, "InterpreterPoolExecutor", None)


@dataclass(frozen=True, slots=True)
class _Home:
    """What comes back from an interpreter: the outcome and its spans."""

    outcome: Outcome
    pid: int
    tid: int
    events: tuple[Event, ...]


def run_in_interpreters(job: Job) -> None:
    """Give the tasks to an `InterpreterPoolExecutor`; a task's spans arrive when it ends."""
    assert pool_class is not None
    make_pool: Any = pool_class
    job.enter_worker()
    logs: dict[int, LaneLog] = {}
    with make_pool(job.workers) as pool:
        futures: dict[int, Future[bytes]] = {}
        for index, task in enumerate(job.tasks):
            try:
                futures[index] = pool.submit(_perform_pickled, job.names[index], pickled(task))
            except NotSendableError as error:
                job.settle(index, Outcome(job.names[index], None, error))
        for index, future in futures.items():
            try:
                home: _Home = pickle.loads(future.result())
            except Exception as error:
                job.settle(index, Outcome(job.names[index], None, error))
                continue
            job.settle(index, home.outcome)
            if home.tid not in logs:
                log = LaneLog(f"interpreter {len(logs) + 1}", home.pid, home.tid)
                logs[home.tid] = job.recorder.add_lane(log)
            logs[home.tid].events.extend(home.events)


def _perform_pickled(name: str, payload: bytes) -> bytes:
    recorder = Recorder()
    with recorder.active():
        log = recorder.open_lane(threading.current_thread().name)
        try:
            outcome = sendable(perform(pickle.loads(payload), name))
        except Exception as error:
            outcome = Outcome(name, None, not_importable(name, error))
    return pickle.dumps(_Home(outcome, log.pid, log.tid, tuple(log.events)))
