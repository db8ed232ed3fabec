"""What a run of tasks gives back, the same for every strategy."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, NoReturn

from helpers.strategies.interpreter import Interpreter
from helpers.timeline.spans import Recording

NAME_LENGTH = 80

type Task = Callable[[], Any]
"""Work without arguments. An object may have `run_async()` as well; asyncio takes coroutine functions too."""


class Strategy(StrEnum):
    """A way to run tasks; the value is what a reader types or picks."""

    SEQUENTIAL = "sequential"
    BARE_THREADS = "bare threads"  # one `threading.Thread` a task
    THREADS = "threads"  # a `ThreadPoolExecutor`
    PROCESSES = "processes"  # a `ProcessPoolExecutor` with the safest start method of the system
    FORK = "processes (fork)"
    FORKSERVER = "processes (forkserver)"
    SPAWN = "processes (spawn)"
    ASYNCIO = "asyncio"
    INTERPRETERS = "interpreters"  # an `InterpreterPoolExecutor` (PEP 734), from Python 3.14

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise ValueError(f"There is no strategy {value!r}; choose one of {', '.join(cls)}.")

    @property
    def phrase(self) -> str:
        """How a sentence says it: "4 downloads: 0.5 s in threads"."""
        return _PHRASES.get(self, f"in {self.value}")


_PHRASES = {Strategy.SEQUENTIAL: "in sequence", Strategy.ASYNCIO: "as asyncio tasks"}


class UnfinishedError(Exception):
    """The task did not come to an end: stopped, out of time, or its process died."""


class NotSendableError(TypeError):
    """The task, or its result, cannot be sent to another process or interpreter."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task.

    Attributes:
        task: Its name.
        value: What it returned, or None.
        error: What it raised, or why it did not finish; None when it returned.
        cpu_seconds: CPU time of its thread while it ran; 0 for asyncio tasks, which share one thread.
    """

    task: str
    value: Any = None
    error: BaseException | None = None
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of all tasks with one strategy.

    Attributes:
        strategy: How they were run.
        outcomes: One for each task, in input order.
        recording: What the workers did, with notes for the reader.
        cpu_seconds: CPU time that the workers spent on the tasks.
        workers: How many threads, processes or interpreters; 1 for asyncio.
        interpreter: What it ran on.
    """

    strategy: Strategy
    outcomes: tuple[Outcome, ...]
    recording: Recording
    cpu_seconds: float
    workers: int
    interpreter: Interpreter

    @property
    def wall_seconds(self) -> float:
        """From the start of the run, with its pool, to the end of the pool."""
        return self.recording.wall_seconds

    @property
    def startup_seconds(self) -> float:
        """From the start of the run to the beginning of the first task."""
        first = min((span.start_ns for span in self.recording.spans), default=self.recording.end_ns)
        return (first - self.recording.start_ns) / 1e9

    @property
    def results(self) -> list[Any]:
        """What the tasks returned, in input order.

        Raises:
            ExceptionGroup: Some task raised or did not finish; it holds each task's error.
        """
        errors = [outcome.error for outcome in self.outcomes if outcome.error is not None]
        if errors:
            raise BaseExceptionGroup(f"{len(errors)} of {len(self.outcomes)} tasks failed", errors)
        return [outcome.value for outcome in self.outcomes]

    @property
    def failures(self) -> list[Outcome]:
        """The tasks that raised or did not finish."""
        return [outcome for outcome in self.outcomes if outcome.error is not None]


def distinct_names(tasks: Sequence[Task]) -> list[str]:
    """Return a name for each task; those that share one are numbered: "wait 0.2 s #1", "wait 0.2 s #2"."""
    names = [task_name(task) for task in tasks]
    shared = Counter(names)
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        if shared[name] > 1:
            seen[name] += 1
            names[index] = f"{name} #{seen[name]}"
    return names


def task_name(task: Task) -> str:
    """Return how a picture names a task: what it prints as, or its function's name and arguments."""
    if isinstance(task, partial):
        name = f"{task_name(task.func)} {', '.join(map(repr, task.args))}"
    else:
        name = getattr(task, "__name__", None) or str(task)
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
