"""Record what threads, processes and asyncio tasks do, as spans on one monotonic clock.

First of three modules: record -> draw -> explore. Record your own code with one block and mark its work:

    with record("my downloads") as recorder:      # threads started in here are recorded too
        ...                                       # anywhere inside: with span("page 1"): ...
    draw(recorder.recording)

A mark costs about a microsecond: two clock readings and two appends to a list that its worker alone owns, so
threads never wait for one another because they are being watched. Outside a recording marks do nothing.
"""

import os
import re
import threading
from asyncio import Task, _get_running_loop, current_task
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from inspect import isasyncgenfunction, isgeneratorfunction
from itertools import count
from time import perf_counter_ns, thread_time_ns
from types import TracebackType
from typing import Any, Protocol, Self, cast

from helpers.timeline.core_wait import CoreWait
from helpers.timeline.spans import Event, Lane, Recording, Span, State, flatten
from helpers.timeline.wrapped import steps, wrapped

GAP_NS = 500_000
"""A pause between two ticks longer than this is a wait; shorter ones are chunks that took a little longer."""

SLIVER_NS = 100_000
"""A part of a wait shorter than this goes to the other part: waking up always takes a few microseconds."""

PATIENCE_SECONDS = 0.05
"""How long a wait goes on before it looks at whether its run was told to stop."""

_TASKS_OVERLAP = (
    "Tasks take turns in their event loop, yet several are marked as running at once, because a `with` block does not "
    "see its awaits: put @span above the coroutine function, or waiting(State.IO) around the await"
)
_GIVEN_BY_ASYNCIO = re.compile(r"Task-\d+")  # it counts every task of the process, the kernel's own included


class Stopped(Exception):  # not an error: somebody asked for it
    """Raised inside recorded work after its recorder was told to stop."""


class LaneLog:
    """The log of one worker while it is being recorded; only that worker appends to it.

    Attributes:
        name: The lane's label.
        pid: The worker's process.
        tid: The system's number for its thread.
        events: Marks so far, in time order.
    """

    __slots__ = ("events", "name", "pid", "tid")

    def __init__(self, name: str, pid: int, tid: int) -> None:
        self.name = name
        self.pid = pid
        self.tid = tid
        self.events: list[Event] = []

    def lane(self, until_ns: int) -> Lane:
        """Return what was recorded so far; spans still open end at the given time (ns)."""
        return Lane(self.name, self.pid, self.tid, flatten(list(self.events), until_ns))


class Recorder:
    """Collects the marks of every worker that records into it.

    Attributes:
        title: How a sentence names the run.
        start_ns: When recording began.
        stopped: Set by `stop`; recorded work looks at it wherever it ticks or waits.
        notes: Sentences for the recording's reader.
    """

    def __init__(self, title: str = "") -> None:
        self.title = title
        self.start_ns = perf_counter_ns()
        self.stopped = False
        self.notes: list[str] = []
        self._end_ns: int | None = None
        self._logs: list[LaneLog] = []
        self._log_of: dict[Task[Any], LaneLog] = {}
        self._task_numbers = count(1)
        self._here = threading.local()  # .events is the calling thread's log: a number would be used again

    def stop(self) -> None:
        """Ask the recorded work to end; it raises `Stopped` at its next tick or wait."""
        self.stopped = True

    def end(self) -> None:
        """End the recording now; a second call changes nothing."""
        if self._end_ns is None:
            self._end_ns = perf_counter_ns()
            if self._tasks_overlap():
                self.notes.append(_TASKS_OVERLAP)

    def _tasks_overlap(self) -> bool:
        """Return whether tasks of one event loop, which take turns, are marked as running at the same time."""
        lanes_of: defaultdict[int, list[Lane]] = defaultdict(list)
        for log in self._log_of.values():
            lanes_of[log.tid].append(log.lane(self._end_ns or self.start_ns))
        runs = (Recording("", 0, 0, tuple(lanes)) for lanes in lanes_of.values())
        return any(run.overlap_seconds() > GAP_NS / 1e9 for run in runs)

    @property
    def recording(self) -> Recording:
        """What was recorded; while the run goes on, what was recorded so far."""
        end_ns = perf_counter_ns() if self._end_ns is None else self._end_ns
        lanes = tuple(log.lane(end_ns) for log in list(self._logs))
        return Recording(self.title, self.start_ns, end_ns, lanes, tuple(self.notes))

    def open_lane(self, name: str) -> LaneLog:
        """Give the calling thread or asyncio task a lane of its own under this name."""
        return self.enter_lane(self.add_lane(LaneLog(name, os.getpid(), threading.get_native_id())))

    def enter_lane(self, log: LaneLog) -> LaneLog:
        """Write what the calling thread or asyncio task does to this log from now on."""
        task = _this_task()
        if task is None:
            self._here.events = log.events
        else:
            self._log_of[task] = log
        return log

    def add_lane(self, log: LaneLog) -> LaneLog:
        """Add a log that somebody else fills, such as another process."""
        self._logs.append(log)
        return log

    def events_here(self) -> list[Event]:
        """Return the calling worker's log, opening a lane named after the worker at its first mark."""
        task = _this_task()
        if task is None:
            try:
                events: list[Event] = self._here.events
            except AttributeError:
                return self.open_lane(_name_of_thread()).events
            return events
        log = self._log_of.get(task)
        return (self.open_lane(self._name_of_task(task)) if log is None else log).events

    def _name_of_task(self, task: Task[Any]) -> str:
        name = task.get_name()
        return f"task {next(self._task_numbers)}" if _GIVEN_BY_ASYNCIO.fullmatch(name) else name

    def activate(self) -> None:
        """Send the calling worker's marks here from now on."""
        _active.set(self)

    @contextmanager
    def active(self) -> Iterator[None]:
        """Send this worker's marks, and those of tasks created in the block, to this recorder."""
        token = _active.set(self)
        try:
            yield
        finally:
            _active.reset(token)


_active: ContextVar[Recorder | None] = ContextVar("active recorder", default=None)
_open: list[Recorder] = []  # `record` blocks under way: for threads started inside, which get no context


def _name_of_thread() -> str:
    here = threading.current_thread()
    return "main thread" if here is threading.main_thread() else here.name


def _this_task() -> Task[Any] | None:
    loop = _get_running_loop()  # current_task() raises where no loop runs, and that is slow
    return None if loop is None else current_task(loop)


def active_recorder() -> Recorder | None:
    """Return the recorder that the calling worker's marks go to, or None when nothing is being recorded."""
    recorder = _active.get()
    if recorder is None and _open:
        return _open[-1]
    return recorder


@contextmanager
def _recorded(title: str) -> Iterator[Recorder]:
    recorder = Recorder(title)
    recorder.open_lane(_name_of_thread())  # a notebook runs its cells in a task that its reader knows nothing of
    _open.append(recorder)
    try:
        with recorder.active(), span(title, State.UNMARKED):
            yield recorder
    finally:
        _open.remove(recorder)
        recorder.end()


class RecordedFunction[**P, R](Protocol):
    """A function whose calls are recorded.

    Attributes:
        recording: What the last call that ended did; there is none before the first.
    """

    recording: Recording

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function and record what it does."""


class Block:
    """Record a block, or a function: every span, wait, tick and `RecordedLock`, in any thread or asyncio task.

    The block's own lane is grey where nothing is marked: nobody measured whether it ran or waited there.
    `with record("mine") as recorder:` gives `recorder.recording` after the block; `@record("mine")` above a function,
    `async def` too, gives `function.recording` after each call.
    """

    def __init__(self, title: str = "recorded") -> None:
        """Say how the picture's sentence names the run, such as "in threads"."""
        self.title = title
        self._contexts: list[AbstractContextManager[Recorder]] = []

    def __enter__(self) -> Recorder:
        context = _recorded(self.title)
        self._contexts.append(context)
        return context.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._contexts.pop().__exit__(kind, error, trace)

    def __call__[**P, R](self, function: Callable[P, R]) -> RecordedFunction[P, R]:
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError(f"{function.__name__} is a generator: record the function that loops over it.")

        @contextmanager
        def around() -> Iterator[None]:
            try:
                with _recorded(self.title) as recorder:
                    yield
            finally:
                call.recording = recorder.recording

        call = cast(RecordedFunction[P, R], wrapped(function, around))
        return call


record = Block


class Mark:
    """A span being recorded around a block or, as a decorator, around every call of a function.

    Decorated functions may be `async def`; each call is a span of its own.
    """

    __slots__ = ("_events", "name", "state")

    def __init__(self, name: str | None = None, state: State = State.RUNNING) -> None:
        """Name the span and its state; without a name it carries the name of the span around it."""
        self.name = name
        self.state = state
        self._events: list[Event] | None = None

    def __enter__(self) -> Self:
        recorder = _active.get()  # as active_recorder() does, without the cost of a call
        if recorder is None and _open:
            recorder = _open[-1]
        if recorder is not None:
            if self._events is not None:
                raise RuntimeError("This mark is around a block already: write `with span(...)` anew for each block.")
            self._events = recorder.events_here()
            self._events.append((perf_counter_ns(), self.name, self.state))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._events is not None:
            self._events.append((perf_counter_ns(),))
            self._events = None

    def __call__[**P, R](self, function: Callable[P, R]) -> Callable[P, R]:
        name, state = self.name or function.__name__, self.state
        return wrapped(function, lambda: Mark(name, state), _suspension)


def _suspension() -> Mark:
    return Mark(None, State.AWAIT)


def stepped[R](coroutine: Coroutine[Any, Any, R]) -> Awaitable[R]:
    """Run a coroutine and record, exactly, each time that it is suspended: `await stepped(fetch())`."""
    return steps(coroutine, paused=_suspension)


span = Mark
"""Mark a block or a function as work: `with span("page 1"):` or `@span("page")`."""


def waiting(state: State, name: str | None = None) -> Mark:
    """Mark a block as waiting, such as `with waiting(State.IO): socket.recv(...)`."""
    return Mark(name, state)


def check_stop() -> None:
    """Raise `Stopped` if the run that the caller belongs to was told to stop."""
    recorder = active_recorder()
    if recorder is not None and recorder.stopped:
        raise Stopped


def ticker() -> Callable[[], None]:
    """Return a function that CPU work calls in its own thread after each chunk of about 50 us.

    Between two ticks the thread does nothing but compute. So where they lie further apart than `GAP_NS`, and
    the thread's own CPU clock confirms that it did not run, it was waiting for the GIL or a core. On Linux
    the scheduler's account (`CoreWait`) tells the two apart; only the lengths are known, so the wait for the core
    is drawn after the wait for the GIL. The tick also ends the work once its run was told to stop.

    Returns:
        The tick; it does nothing where nothing is being recorded.
    """
    recorder = active_recorder()
    if recorder is None:
        return _no_tick
    events = recorder.events_here()
    core_wait = CoreWait()
    last = perf_counter_ns()
    seen, since, cpu = len(events), last, thread_time_ns()

    def tick() -> None:
        nonlocal last, seen, since, cpu
        now = perf_counter_ns()
        if now - last > GAP_NS:
            cpu_now = thread_time_ns()
            waited = min(now - last, (now - since) - (cpu_now - cpu))
            lacked_core = core_wait.part_of(waited)
            if waited > GAP_NS and len(events) == seen:  # otherwise what was recorded in the gap says what it was
                events.extend(_gap(now - waited, now, lacked_core))
            seen, since, cpu = len(events), now, cpu_now
        last = now
        if recorder.stopped:
            raise Stopped

    return tick


def _no_tick() -> None:
    pass


def _gap(start_ns: int, end_ns: int, core_ns: int | None) -> list[Event]:
    if core_ns is None:
        return [(start_ns, None, State.GIL_OR_CORE), (end_ns,)]
    if core_ns < SLIVER_NS:
        return [(start_ns, None, State.GIL), (end_ns,)]
    border = end_ns - core_ns
    if border - start_ns < SLIVER_NS:
        return [(start_ns, None, State.CORE), (end_ns,)]
    return [(start_ns, None, State.GIL), (border,), (border, None, State.CORE), (end_ns,)]


class RecordedLock:
    """A `threading.Lock` that records how long its callers wait for it, and raises `Stopped` in them when told to stop.

    An acquire that finds the lock free records nothing, so only contention is drawn.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Acquire as `threading.Lock.acquire` does (timeout in seconds) and record the wait, if any."""
        if self._lock.acquire(blocking=False):
            return True
        if not blocking:
            return self._lock.acquire(blocking=False, timeout=timeout)  # raises what a Lock raises
        with Mark(None, State.LOCK):
            if timeout != -1:
                return self._lock.acquire(timeout=timeout)
            while not self._lock.acquire(timeout=PATIENCE_SECONDS):
                check_stop()  # so that a deadlock ends with its run
            return True

    def release(self) -> None:
        """Release as `threading.Lock.release` does."""
        self._lock.release()

    def locked(self) -> bool:
        """Return whether anyone holds the lock."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        return self._lock.acquire(False) or self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def __reduce__(self) -> str:
        raise TypeError(
            "A lock cannot be sent to another process or interpreter, because each has memory of its own. "
            "Run this work in threads, or let the processes share a multiprocessing.Lock."
        )


__all__ = [
    "Event",
    "Lane",
    "LaneLog",
    "Mark",
    "RecordedLock",
    "Recorder",
    "Recording",
    "Span",
    "State",
    "Stopped",
    "active_recorder",
    "check_stop",
    "record",
    "span",
    "stepped",
    "ticker",
    "waiting",
]
