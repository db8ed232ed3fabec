"""Run tasks in a pool of processes, with a start method of the reader's choice."""

import multiprocessing
import os
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from time import perf_counter_ns
from typing import Any

from helpers.strategies.job import Job, perform
from helpers.strategies.result import NotSendableError, Outcome, Strategy, Task, UnfinishedError, task_name
from helpers.strategies.span_stream import Receiver, Sender, kill_when_closed
from helpers.timeline.record import LaneLog, Recorder, Stopped

_PRELOAD = ["helpers.strategies.in_processes", "helpers.workloads"]
_FORK_NOTE = "Forked from a process with threads: a lock held at that moment stays locked in the child for ever"


def start_method(strategy: Strategy) -> str:
    """Return the start method that a strategy means on this system.

    "processes" means forkserver where there is one, else spawn. Plain fork copies a notebook kernel with
    whatever locks its eight or so threads hold at that moment, which can hang the child; CPython has warned
    about it since 3.12 and made forkserver the default on POSIX in 3.14.
    """
    if strategy is Strategy.PROCESSES:
        return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return {Strategy.FORK: "fork", Strategy.FORKSERVER: "forkserver", Strategy.SPAWN: "spawn"}[strategy]


def run_in_processes(job: Job) -> None:
    """Give the tasks to a `ProcessPoolExecutor`."""
    job.enter_worker()
    method = start_method(job.strategy)
    context: Any = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(_PRELOAD)
    inbox, outbox = context.Pipe(duplex=False)
    with inbox, outbox:
        receiver = Receiver(inbox, outbox, job.recorder, "process")
        try:
            with ProcessPoolExecutor(
                job.workers, mp_context=context, initializer=_start_worker, initargs=(outbox,)
            ) as pool:
                job.on_stop(lambda: _kill(pool))
                with warnings.catch_warnings():
                    if method == "fork":  # the reader asked for it; the note says what the warning would
                        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
                        job.recorder.notes.append(_FORK_NOTE)
                    submit_all(job, pool, perform_pickled)
        finally:
            receiver.close()


def submit_all(job: Job, pool: Executor, perform: Callable[[str, bytes, int], Outcome]) -> None:
    """Give all tasks to a pool whose workers do them with `perform_pickled`, and keep what becomes of each."""
    futures: dict[int, Future[Outcome]] = {}
    for index, task in enumerate(job.tasks):
        try:
            futures[index] = pool.submit(perform, job.names[index], pickled(task), perf_counter_ns())
        except (NotSendableError, BrokenProcessPool) as error:
            job.settle(index, Outcome(job.names[index], None, error))
    for index, future in futures.items():
        job.settle(index, _outcome(job, job.names[index], future))


def _outcome(job: Job, name: str, future: "Future[Outcome]") -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        if job.recorder.stopped:
            return Outcome(name, None, Stopped())
        return Outcome(name, None, UnfinishedError("a worker process died (killed, crashed or out of memory)"))
    except Exception as error:  # the result could not be pickled
        return Outcome(name, None, NotSendableError(f"What {name} returned cannot be sent back: {error}"))


def _kill(pool: ProcessPoolExecutor) -> None:
    if hasattr(pool, "kill_workers"):  # from Python 3.14
        pool.kill_workers()
    else:
        for process in list((pool._processes or {}).values()):
            process.kill()


def pickled(task: Task) -> bytes:
    """Return a task as bytes for another process.

    Raises:
        NotSendableError: It cannot be pickled; the message says what to do.
    """
    try:
        return pickle.dumps(task)
    except Exception as error:  # pickle raises whatever the object's own methods raise
        raise NotSendableError(
            f"{task_name(task)} cannot be sent to another process: {str(error).rstrip('.')}. "
            "Use a function from an imported module, with arguments that can be pickled."
        ) from error


_sender: Sender | None = None


def _start_worker(outbox: Connection) -> None:
    """Prepare a worker process: a recorder of its own, and the way home for its spans."""
    recorder = Recorder()
    recorder.activate()
    parent = multiprocessing.parent_process()
    assert parent is not None
    kill_when_closed(parent.sentinel)
    send_spans(outbox, recorder.open_lane("process"), parent.sentinel, lambda: os._exit(1), daemon=True)


def send_spans(outbox: Connection, log: LaneLog, sentinel: int, end: Callable[[], None], daemon: bool) -> None:
    """Send this worker's spans from now on, as `Sender` does."""
    global _sender
    _sender = Sender(outbox, log, sentinel, end, daemon)


def perform_pickled(name: str, payload: bytes, given_ns: int) -> Outcome:
    """Do a pickled task in a worker; `given_ns` is when it was given away, on the parent's clock."""
    if _sender is not None:
        _sender.task_arrived(given_ns)
    try:
        task = pickle.loads(payload)
    except Exception as error:  # whatever importing the task's module raises
        return Outcome(name, None, not_importable(name, error))
    outcome = perform(task, name)
    if _sender is not None:
        _sender.flush()
    return sendable(outcome)


def not_importable(name: str, error: Exception) -> NotSendableError:
    """Return the error of a task that a new process or interpreter cannot find."""
    return NotSendableError(
        f"{name} cannot be found by a new process ({error}). A new process imports a task's module and "
        "does not see what notebook cells define: put the function into a .py file and import it."
    )


def sendable(outcome: Outcome) -> Outcome:
    """Return the outcome with an error that survives pickling; one that does not would break the pool."""
    try:
        pickle.loads(pickle.dumps(outcome.error))
    except Exception:
        error = outcome.error
        return Outcome(outcome.task, None, RuntimeError(f"{type(error).__name__}: {error}"), outcome.cpu_seconds)
    return outcome
