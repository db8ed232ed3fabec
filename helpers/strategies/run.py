"""Run the same tasks with any strategy, wait for them, and stop them when they take too long."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction

from helpers.strategies.in_interpreters import pool_class, run_in_interpreters
from helpers.strategies.in_processes import run_in_processes
from helpers.strategies.in_this_process import (
    run_as_tasks,
    run_in_bare_threads,
    run_in_threads,
    run_sequentially,
)
from helpers.strategies.interpreter import Interpreter, cores_available, this_interpreter
from helpers.strategies.job import GRACE_SECONDS, Job
from helpers.strategies.result import Run, Strategy, Task, task_name
from helpers.timeline.record import Recorder
from helpers.timeline.sizes import require
from helpers.timeline.spans import Recording

TIME_LIMIT_SECONDS = 60.0
MOST_THREADS = 256
MOST_PROCESSES = 32

_RUNNERS: dict[Strategy, Callable[[Job], None]] = {
    Strategy.SEQUENTIAL: run_sequentially,
    Strategy.BARE_THREADS: run_in_bare_threads,
    Strategy.THREADS: run_in_threads,
    Strategy.PROCESSES: run_in_processes,
    Strategy.FORK: run_in_processes,
    Strategy.FORKSERVER: run_in_processes,
    Strategy.SPAWN: run_in_processes,
    Strategy.ASYNCIO: run_as_tasks,
    Strategy.INTERPRETERS: run_in_interpreters,
}
_ONE_THREAD = (Strategy.SEQUENTIAL, Strategy.ASYNCIO)
_OF_THREADS = (Strategy.THREADS, Strategy.BARE_THREADS)


class Running:
    """A run that has begun. Another thread may watch it grow, wait for it or stop it.

    Attributes:
        tasks: How many tasks there are.
    """

    def __init__(self, job: Job, interpreter: Interpreter) -> None:
        self.tasks = len(job.tasks)
        self._job = job
        self._interpreter = interpreter
        self._failure: BaseException | None = None
        self._conductor = threading.Thread(target=self._conduct, name="conductor", daemon=True)
        self._conductor.start()

    def _conduct(self) -> None:
        try:
            if self._job.tasks:
                _RUNNERS[self._job.strategy](self._job)
        except BaseException as error:
            self._failure = error

    @property
    def done(self) -> int:
        """How many tasks have come to an end."""
        return self._job.done

    @property
    def recording(self) -> Recording:
        """What was recorded so far."""
        return self._job.recorder.recording

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, at most so many seconds, and return whether it has come."""
        self._conductor.join(seconds)
        return not self._conductor.is_alive()

    def stop(self, why: str = "it was stopped") -> None:
        """End the run: ask first, then interrupt. What cannot be ended is named in the recording's notes."""
        self._job.stop(why)
        for _ in range(2):
            if self.wait(GRACE_SECONDS):
                return
            self._job.interrupt()
        if not self.wait(GRACE_SECONDS):
            self._job.recorder.notes.append(
                "Some work could not be ended: Python cannot stop a call into C. Restart the kernel to be rid of it"
            )

    def result(self) -> Run:
        """End the recording and return the run.

        Raises:
            Exception: The strategy itself failed, for example because the system allows no more threads.
        """
        recorder = self._job.recorder
        recorder.end()
        if self._failure is not None and not recorder.stopped:
            raise self._failure
        outcomes = self._job.outcomes()
        failed = sum(outcome.error is not None for outcome in outcomes)
        if failed:
            recorder.notes.append(f"{failed} of {len(outcomes)} tasks failed or did not finish")
        cpu = self._job.cpu_seconds + sum(outcome.cpu_seconds for outcome in outcomes)
        recording = replace(recorder.recording, failed=failed)
        return Run(self._job.strategy, outcomes, recording, cpu, self._job.workers, self._interpreter)


def start(tasks: Sequence[Task], strategy: Strategy | str = Strategy.THREADS, workers: int | None = None) -> Running:
    """Begin to run tasks and return at once; see `run` for arguments and errors."""
    strategy = Strategy(strategy)
    tasks = _listed(tasks)
    _check(tasks, strategy)
    recorder = Recorder(strategy.phrase)
    count = _worker_count(len(tasks), strategy, workers, recorder.notes)
    return Running(Job(strategy, tasks, count, recorder), this_interpreter())


def run(
    tasks: Sequence[Task],
    strategy: Strategy | str = Strategy.THREADS,
    workers: int | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
) -> Run:
    """Run tasks with one strategy and wait for all of them.

    Args:
        tasks: Callables without arguments; `functools.partial` makes one of any function.
        strategy: How to run them.
        workers: How many threads, processes or interpreters; by default one a task, but no more processes or
            interpreters than cores. Strategies with one worker ignore it.
        time_limit: Seconds after which tasks are stopped, those in processes by killing the process; `math.inf` for
            no limit.

    Returns:
        Results in input order, spans, times and facts; a task's error is kept with its task.

    Raises:
        TypeError: A task cannot be called, or can only be awaited.
        ValueError: The strategy is not known or not to be had here, or a number makes no sense.
    """
    require(0, time_limit=time_limit)
    running = start(tasks, strategy, workers)
    try:
        if not running.wait(min(time_limit, threading.TIMEOUT_MAX)):
            running.stop(f"it took longer than the time limit of {time_limit:g} s")
    except BaseException:  # Ctrl-C or the kernel's interrupt button
        running.stop()
        raise
    return running.result()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same tasks run with several strategies.

    Attributes:
        subject: What was run: "4 downloads".
        runs: One for each strategy, in the order asked for.
    """

    subject: str
    runs: tuple[Run, ...]

    @property
    def recordings(self) -> list[Recording]:
        """What was recorded, run by run, ready to be drawn."""
        return [run.recording for run in self.runs]

    def run(self, strategy: Strategy | str) -> Run:
        """Return the run with a strategy.

        Raises:
            ValueError: The tasks were not run with it.
        """
        for run in self.runs:
            if run.strategy == Strategy(strategy):
                return run
        raise ValueError(f"{self.subject}: {Strategy(strategy).value!r} is not among the strategies compared.")

    def speedup(self, strategy: Strategy | str) -> float:
        """Return how many times faster than the first strategy a strategy was."""
        other = self.run(strategy)
        return self.runs[0].wall_seconds / other.wall_seconds


def compare(
    tasks: Sequence[Task],
    strategies: Sequence[Strategy | str] = (Strategy.SEQUENTIAL, Strategy.THREADS),
    workers: int | None = None,
    subject: str | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
) -> Comparison:
    """Run the same tasks with several strategies, one after another; see `run`.

    Args:
        tasks: The tasks.
        strategies: How to run them; speed-ups are against the first.
        workers: As for `run`.
        subject: How the picture's title names the tasks; by default their number and name.
        time_limit: Seconds for each strategy.

    Returns:
        All runs.

    Raises:
        TypeError: As for `run`; nothing is run then.
        ValueError: The same.
    """
    tasks = _listed(tasks)
    for strategy in strategies:
        _check(tasks, Strategy(strategy))
    runs = tuple(run(tasks, strategy, workers, time_limit) for strategy in strategies)
    return Comparison(subject or describe(tasks), runs)


def describe(tasks: Sequence[Task]) -> str:
    """Return what a title calls these tasks: "4 x wait 0.2 s", or "4 tasks" when they differ."""
    names = {task_name(task) for task in tasks}
    if len(names) == 1:
        return f"{len(tasks)} x {names.pop()}"
    return f"{len(tasks)} task{'s' * (len(tasks) != 1)}"


def available_strategies() -> list[Strategy]:
    """Return the strategies that this interpreter and system have."""
    return [strategy for strategy in Strategy if _missing(strategy) is None]


def _missing(strategy: Strategy) -> str | None:
    from multiprocessing import get_all_start_methods

    if strategy is Strategy.INTERPRETERS and pool_class is None:
        return "interpreters need Python 3.14 or newer"
    if strategy in (Strategy.FORK, Strategy.FORKSERVER, Strategy.SPAWN):
        method = strategy.name.lower()
        if method not in get_all_start_methods():
            return f"this system has no start method {method!r}"
    return None


def _listed(tasks: Iterable[Task]) -> list[Task]:
    if not isinstance(tasks, Iterable):
        raise TypeError(f"The tasks must be a list, such as [{tasks!r}].")
    return list(tasks)


def _check(tasks: Sequence[Task], strategy: Strategy) -> None:
    missing = _missing(strategy)
    if missing is not None:
        raise ValueError(f"The strategy {strategy.value!r} cannot run here: {missing}.")
    for task in tasks:
        if not callable(task):
            raise TypeError(f"A task must be callable without arguments, but {task!r} is not.")
        if iscoroutinefunction(task) and strategy is not Strategy.ASYNCIO:
            raise TypeError(f"{task_name(task)} is a coroutine function; only the strategy 'asyncio' can run it.")


def _worker_count(tasks: int, strategy: Strategy, asked: int | None, notes: list[str]) -> int:
    if asked is not None:
        require(1, whole=True, workers=asked)
    if strategy in _ONE_THREAD:
        return 1
    most = MOST_THREADS if strategy in _OF_THREADS else MOST_PROCESSES
    if strategy is Strategy.BARE_THREADS:
        if tasks > most:
            raise ValueError(f"{tasks:,} tasks would need as many threads; use the strategy 'threads'.")
        return tasks
    default = most if strategy is Strategy.THREADS else max(1, int(cores_available()))
    count = max(1, min(asked or default, tasks, most))
    if asked is not None and asked > count:
        reason = f"there are only {tasks:,} tasks" if count == tasks else f"{most} is the most this course starts"
        notes.append(f"{asked:,} workers were asked for and {count} used: {reason}")
    return count
