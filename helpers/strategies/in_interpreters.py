"""Run tasks in interpreters of one process, each with its own GIL (PEP 684, PEP 734); from Python 3.14."""

import concurrent.futures
import os
import threading
from concurrent.futures import Executor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from helpers.strategies.in_processes import perform_pickled, send_spans, submit_all
from helpers.strategies.job import GRACE_SECONDS, Job, interrupt_thread
from helpers.strategies.result import Outcome
from helpers.strategies.span_stream import Receiver
from helpers.timeline.record import LaneLog, Recorder

pool_class: type[Executor] | None = getattr(concurrent.futures, "InterpreterPoolExecutor", None)


def run_in_interpreters(job: Job) -> None:
    """Give the tasks to an `InterpreterPoolExecutor`."""
    assert pool_class is not None
    make_pool: Any = pool_class
    job.enter_worker()
    inbox, outbox = Pipe(duplex=False)
    stopping, going_on = Pipe(duplex=False)  # closed, `going_on` tells all interpreters to end
    with inbox, outbox, stopping, going_on:
        receiver = Receiver(inbox, outbox, job.recorder, "interpreter")
        try:
            places = (outbox.fileno(), stopping.fileno())
            with make_pool(job.workers, initializer=_start_worker, initargs=places) as pool:
                job.on_stop(going_on.close)
                submit_all(job, pool, _perform)
                going_on.close()
        finally:
            receiver.close()


_idle = threading.Event()  # one for each interpreter, like everything in a module
_idle.set()
_worker: tuple[Recorder, LaneLog] | None = None


def _start_worker(outbox: int, stopping: int) -> None:
    """Prepare an interpreter: a recorder of its own, the way home for its spans, and an ear for the run's end."""
    global _worker
    recorder = Recorder()
    thread = threading.get_ident()

    def end() -> None:
        recorder.stop()
        if not _idle.wait(GRACE_SECONDS):
            interrupt_thread(thread)

    log = recorder.open_lane("interpreter")
    _worker = recorder, log
    send_spans(Connection(os.dup(outbox), readable=False), log, stopping, end, daemon=False)


def _perform(name: str, payload: bytes, given_ns: int) -> Outcome:
    assert _worker is not None
    recorder, log = _worker
    _idle.clear()
    try:
        with recorder.active():  # every call into an interpreter begins with nothing that belongs to its thread
            recorder.enter_lane(log)
            return perform_pickled(name, payload, given_ns)
    finally:
        _idle.set()
