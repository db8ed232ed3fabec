"""A run under way: what its strategy works through, what it has so far, and how it is stopped."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from time import thread_time

from helpers.strategies.result import Outcome, Strategy, Task, UnfinishedError, distinct_names
from helpers.timeline.record import Recorder, Stopped, check_stop, span

GRACE_SECONDS = 1.0
"""How long work that is told to stop may take to look at that, before it is interrupted."""


class Job:
    """The tasks of one run, their outcomes so far and the threads that work on them.

    Attributes:
        strategy: How they are run.
        tasks: The tasks.
        names: A name for each.
        workers: How many workers to use.
        recorder: What they record into.
        cpu_seconds: CPU time that belongs to no single task, such as the event loop's.
        why_stopped: What a task is told that did not finish.
    """

    def __init__(self, strategy: Strategy, tasks: Sequence[Task], workers: int, recorder: Recorder) -> None:
        self.strategy = strategy
        self.tasks = tasks
        self.names = distinct_names(tasks)
        self.workers = workers
        self.recorder = recorder
        self.cpu_seconds = 0.0
        self.why_stopped = "it was stopped"
        self._outcomes: list[Outcome | None] = [None] * len(tasks)
        self._stoppers: list[Callable[[], None]] = []
        self._busy: Counter[threading.Thread] = Counter()
        self._numbers = count(1)

    def enter_worker(self, kind: str | None = None) -> None:
        """Record what the calling thread does, in a lane when it is given a kind of worker."""
        self.recorder.activate()
        if kind is not None:
            self.recorder.open_lane(f"{kind} {next(self._numbers)}")

    def perform(self, index: int) -> None:
        """Do one task in the calling thread and keep what becomes of it."""
        with self.busy():
            outcome = perform(self.tasks[index], self.names[index])
        self.settle(index, outcome)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let `interrupt` reach the calling thread: it must not hit a pool's own code between two tasks."""
        thread = threading.current_thread()
        self._busy[thread] += 1
        try:
            yield
        finally:
            self._busy[thread] -= 1

    def settle(self, index: int, outcome: Outcome) -> None:
        """Keep what became of a task."""
        if isinstance(outcome.error, Stopped):
            outcome = Outcome(outcome.task, None, UnfinishedError(self.why_stopped), outcome.cpu_seconds)
        self._outcomes[index] = outcome

    @property
    def done(self) -> int:
        """How many tasks have come to an end."""
        return sum(outcome is not None for outcome in self._outcomes)

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return what became of every task; those that have not ended are unfinished."""
        return tuple(
            outcome or Outcome(name, None, UnfinishedError(self.why_stopped))
            for name, outcome in zip(self.names, self._outcomes, strict=True)
        )

    def on_stop(self, stopper: Callable[[], None]) -> None:
        """Have something called when the run is to stop, from the thread that stops it."""
        self._stoppers.append(stopper)
        if self.recorder.stopped:
            stopper()

    def stop(self, why: str) -> None:
        """Ask the tasks to end: at their next tick or wait, or with their process."""
        self.why_stopped = why
        self.recorder.stop()
        for stopper in self._stoppers:
            stopper()

    def interrupt(self) -> None:
        """Raise `Stopped` in every worker thread that still runs Python code."""
        for thread in self.busy_threads():
            interrupt_thread(thread.ident or 0)

    def busy_threads(self) -> list[threading.Thread]:
        """Return the worker threads that are in the middle of a task."""
        return [thread for thread, tasks in list(self._busy.items()) if tasks and thread.is_alive()]


def interrupt_thread(ident: int) -> None:
    """Raise `Stopped` in a thread of this interpreter, unless it is inside a call into C, which nothing can reach.

    Source: Python/C API, PyThreadState_SetAsyncExc.
    """
    try:
        import ctypes
    except ImportError:  # Python may come without it, and graded notebooks run without it
        return
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(Stopped))


def perform(task: Task, name: str) -> Outcome:
    """Do a task in the calling thread, recorded, and return what became of it, whatever it raised."""
    begin = thread_time()
    try:
        with span(name):
            check_stop()
            value = task()
    except BaseException as error:  # SystemExit too belongs to the task and must not end the worker
        return Outcome(name, None, error, thread_time() - begin)
    return Outcome(name, value, None, thread_time() - begin)
