"""Locks, sleep and threads as code under test gets them: the same behaviour, decided by the scheduler.

Only the two locks are made anew. Condition, Semaphore, Event, Barrier, Timer and the queues are the standard
library's own, built on these locks. Every function here falls through to the real thing in a thread that no run
controls, so other threads of the process notice nothing.
"""

import _thread
import functools
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from types import FrameType
from typing import Any, ClassVar

from helpers.interleave import races, scheduler
from helpers.interleave.bytecode import Site, nothing
from helpers.interleave.clock import PATIENCE
from helpers.interleave.lanes import Asleep, Joining, Lane, Waiting, controlled
from helpers.interleave.monitoring import site_of
from helpers.interleave.schedule import Action
from helpers.interleave.scheduler import Abort, Ending
from helpers.interleave.touch import read

RealLock = type(_thread.allocate_lock())
RealRLock = _thread.RLock
real_allocate = _thread.allocate_lock


_CONDITION_WAIT = threading.Condition.wait.__code__


def lane_here() -> Lane | None:
    """Return the lane of the current thread; None if no run controls it."""
    return controlled.get(_thread.get_ident())


@dataclass(slots=True, eq=False)
class Hold:
    """Who has a virtual lock in one run.

    Attributes:
        lock: The lock; kept alive, so that its id stays its own for the run.
        holder: The lane that took it last and has not released it, "somebody" for a thread outside; None if free.
        depth: How often the holder has taken it.
        clock: What the one who released it last knew.
        history: The history of the one who released it last.
    """

    lock: "VirtualLock"
    holder: Lane | str | None = None
    depth: int = 0
    clock: races.Clock = field(default_factory=list)
    history: int = 0


@dataclass(slots=True)
class Free(Waiting):
    """Waits for a lock to be free.

    Attributes:
        hold: Who has it.
        notified: Whether it is the lock by which threading.Condition wakes a waiting thread.
    """

    for_lock: ClassVar[bool] = True
    hold: Hold
    deadline: float | None = None
    hasty: bool = True
    notified: bool = False

    def ready(self) -> bool:
        """Return whether it is."""
        return self.hold.holder is None


def _ask(
    lane: Lane, site: Site, waiting: Waiting | None, subject: object, frame: FrameType, asks: Action = Action.BLOCK
) -> None:
    """Let others go first; if that makes `lane` wait for ever, say that it did."""
    try:
        lane.run.decide(lane, site, waiting)
    except Abort:
        if lane.run.ending is Ending.DEADLOCK:
            lane.run.observe(lane, asks, subject, frame)
        raise


class VirtualLock:
    """A lock that the scheduler owns; made by `threading.Lock()` in a controlled thread.

    Who holds it is known to the run only, so every run finds it as free as it was before.
    """

    __slots__ = ("__weakref__", "_outside")
    _real: ClassVar[type] = RealLock

    def __new__(cls, *args: Any) -> Any:
        """Make a virtual lock in a controlled thread and a real one in any other."""
        return object.__new__(cls) if lane_here() is not None else cls._make_real()

    def __init__(self) -> None:
        self._outside: Any = None  # the lock that threads outside the run use

    @classmethod
    def in_place_of(cls, real: Any) -> "VirtualLock":
        """Return a lock that stands in for `real` in controlled threads and passes every other thread on to it."""
        lock: VirtualLock = object.__new__(cls)
        lock._outside = real
        return lock

    def _real_lock(self) -> Any:
        real = self._outside
        if real is None:
            real = self._outside = self._make_real()
        return real

    @classmethod
    def _make_real(cls) -> Any:
        return real_allocate()

    def _hold(self, lane: Lane) -> Hold:
        """Return who has it in this run."""
        hold: Hold | None = lane.run.holds.get(id(self))
        if hold is None:
            hold = lane.run.holds[id(self)] = Hold(self)
            outside = self._outside
            # An RLock cannot be asked before 3.14, and one that is held cannot be told from here.
            if type(outside) is RealLock and outside.locked():
                hold.holder, hold.depth = "somebody", 1
        return hold

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # isinstance(lock, type(threading.Lock())) stays true
        return self._real

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock, as `threading.Lock.acquire` does."""
        return self._acquire(sys._getframe(1), blocking, timeout)

    def __enter__(self) -> bool:
        return self._acquire(sys._getframe(1), True, -1)

    def release(self) -> None:
        """Give the lock back, as `threading.Lock.release` does."""
        self._release(sys._getframe(1))

    def __exit__(self, *error: object) -> None:
        self._release(sys._getframe(1))

    def locked(self) -> bool:
        """Return whether somebody holds the lock."""
        lane = lane_here()
        if lane is None:
            return bool(self._real_lock().locked())
        _look(lane, self, sys._getframe(1))
        return self._hold(lane).holder is not None

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def _at_fork_reinit(self) -> None:
        lane = lane_here()
        if lane is None:
            self._outside = None
        else:
            lane.run.holds[id(self)] = Hold(self)

    def _has(self, lane: Lane, hold: Hold) -> bool:
        """Return whether `lane` may take it once more, because it has it."""
        return False

    def _acquire(self, frame: FrameType, blocking: bool, timeout: float) -> bool:
        if timeout != -1:
            if not blocking:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if timeout < 0:
                raise ValueError("timeout value must be a non-negative number")
        lane = lane_here()
        if lane is None:
            return bool(self._real_lock().acquire(blocking, timeout))
        run = lane.run
        if run.aborting:
            raise Abort
        hold = self._hold(lane)
        if self._has(lane, hold):
            hold.depth += 1
            return True
        if not blocking and hold.holder is lane:  # nobody else can change that answer: threading.Condition asks it
            return False
        site = site_of(frame)
        by_condition = frame.f_code is _CONDITION_WAIT
        deadline = run.clock.now + timeout if blocking and timeout != -1 else None
        if not blocking or hold.holder is None:
            _ask(lane, site, Free(hold, deadline) if blocking else None, self, frame)
            granted = hold.holder is None and not lane.timed_out
        elif timeout == 0:
            run.decide(lane, site)
            granted = hold.holder is None
        else:
            hasty = not by_condition or timeout < PATIENCE
            run.observe(lane, Action.BLOCK, self, frame)
            granted = run.wait(lane, Free(hold, deadline, hasty, by_condition))
        run.races.operate(lane, site, self, writes=granted)
        lane.looked = True
        lane.knows = lane.knows or site.switch or not granted
        if not granted:
            run.observe(lane, Action.TRY, self, frame)
            return False
        _take(lane, hold)
        if not by_condition:
            lane.held.append(self)
        run.observe(lane, Action.ACQUIRE, self, frame)
        return True

    def _release(self, frame: FrameType) -> None:
        lane = lane_here()
        if lane is None:
            real = self._outside
            if real is not None:  # else a generator that held it when its run ended is thrown away
                real.release()
            return
        if lane.run.aborting:
            return
        hold = self._hold(lane)
        self._check_release(lane, hold)
        if hold.depth > 1:
            hold.depth -= 1
            return
        site = site_of(frame)
        lane.run.decide(lane, site)
        lane.run.races.operate(lane, site, self, writes=True)
        _give(lane, hold)
        lane.run.observe(lane, Action.RELEASE, self, frame)

    def _check_release(self, lane: Lane, hold: Hold) -> None:
        if hold.holder is None:
            raise RuntimeError("release unlocked lock")


def _look(lane: Lane, subject: object, frame: FrameType) -> None:
    """Let others go first, as `lane` looks at what they may change."""
    if lane.run.aborting:
        raise Abort
    site = site_of(frame)
    lane.run.decide(lane, site)
    lane.run.races.operate(lane, site, subject, writes=False)
    lane.looked = lane.knows = True


def _take(lane: Lane, hold: Hold) -> None:
    hold.holder = lane
    hold.depth = 1
    lane.moved = True
    races.join(lane.clock, hold.clock)
    lane.history = hash((lane.history, hold.history))


def _give(lane: Lane, hold: Hold) -> None:
    if isinstance(hold.holder, Lane) and hold.lock in hold.holder.held:
        hold.holder.held.remove(hold.lock)
    hold.holder, hold.depth = None, 0
    lane.run.spun.clear()
    hold.clock = lane.clock.copy()
    hold.history = lane.history
    lane.moved = True
    races.tick(lane)


class VirtualRLock(VirtualLock):
    """A re-entrant lock that the scheduler owns; made by `threading.RLock()` in a controlled thread."""

    __slots__ = ()
    _real: ClassVar[type] = RealRLock

    @classmethod
    def _make_real(cls) -> Any:
        return RealRLock()

    def _has(self, lane: Lane, hold: Hold) -> bool:
        return hold.holder is lane

    def _check_release(self, lane: Lane, hold: Hold) -> None:
        if hold.holder is not lane:
            raise RuntimeError("cannot release un-acquired lock")

    def _is_owned(self) -> bool:
        lane = lane_here()
        return bool(self._real_lock()._is_owned()) if lane is None else self._hold(lane).holder is lane

    def _recursion_count(self) -> int:
        lane = lane_here()
        if lane is None:
            return int(self._real_lock()._recursion_count())
        return self._hold(lane).depth if self._is_owned() else 0

    def _release_save(self) -> Any:
        lane = lane_here()
        if lane is None:
            return self._real_lock()._release_save()
        hold = self._hold(lane)
        depth, hold.depth = hold.depth, 1
        self._release(sys._getframe(1))
        return depth

    def _acquire_restore(self, state: Any) -> None:
        lane = lane_here()
        if lane is None:
            self._real_lock()._acquire_restore(state)
            return
        self._acquire(sys._getframe(2), True, -1)  # by the caller of Condition.wait, which takes its lock again
        self._hold(lane).depth = state


@dataclass(slots=True)
class Filled(Waiting):
    """Waits for a queue to hold something."""

    queue: "VirtualSimpleQueue"
    deadline: float | None = None
    hasty: bool = True

    def ready(self) -> bool:
        """Return whether it does."""
        return bool(self.queue.items)


class VirtualSimpleQueue:
    """An unbounded queue whose operations are single steps, as those of `queue.SimpleQueue` are.

    Attributes:
        items: What was put and not taken yet.
    """

    __slots__ = ("__weakref__", "_clock", "items")

    def __new__(cls) -> Any:
        """Make one in a controlled thread and a real one in any other."""
        return object.__new__(cls) if lane_here() is not None else _RealSimpleQueue()

    def __init__(self) -> None:
        self.items: deque[Any] = deque()
        self._clock: races.Clock = []

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Append `item`; never waits."""
        lane = lane_here()
        if lane is None:
            self.items.append(item)
            return
        self._step(lane, sys._getframe(1), writes=True)
        self.items.append(item)
        lane.run.acts += 1
        races.join(self._clock, lane.clock)
        races.tick(lane)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the first item, waiting for one if need be; raises queue.Empty if none came in time."""
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        lane = lane_here()
        if lane is not None:
            deadline = None if timeout is None else lane.run.clock.now + timeout
            hasty = timeout is not None and timeout < PATIENCE
            waiting = Filled(self, deadline, hasty)
            if self.items or not block:
                self._step(lane, sys._getframe(1), True, waiting if block else None)
            else:
                lane.run.observe(lane, Action.WAIT, self, sys._getframe(1))
                lane.run.wait(lane, waiting)
                lane.run.races.operate(lane, site_of(sys._getframe(1)), self, writes=True)
        if not self.items:
            if lane is not None:
                lane.looked = lane.knows = True
            raise queue.Empty
        if lane is not None:
            lane.run.acts += 1
            races.join(lane.clock, self._clock)
        return self.items.popleft()

    def put_nowait(self, item: Any) -> None:
        """Append `item`."""
        self.put(item)

    def get_nowait(self) -> Any:
        """Take the first item; raises queue.Empty if there is none."""
        return self.get(block=False)

    def empty(self) -> bool:
        """Return whether there is nothing in it."""
        return self.qsize() == 0

    def qsize(self) -> int:
        """Return how much is in it."""
        lane = lane_here()
        if lane is not None:
            self._step(lane, sys._getframe(1), writes=False)
            lane.looked = lane.knows = True
        return len(self.items)

    def _step(self, lane: Lane, frame: FrameType, writes: bool, waiting: Filled | None = None) -> None:
        if lane.run.aborting:
            raise Abort
        site = site_of(frame)
        _ask(lane, site, waiting, self, frame, Action.WAIT)
        lane.run.races.operate(lane, site, self, writes)


_RealSimpleQueue = queue.SimpleQueue


_real_take, _real_give = threading.Semaphore.acquire, threading.Semaphore.release
_real_give_bounded = threading.BoundedSemaphore.release


def take_semaphore(semaphore: threading.Semaphore, blocking: bool = True, timeout: float | None = None) -> bool:
    """Stand in for Semaphore.acquire: the thread holds the semaphore as it would a lock."""
    taken = _real_take(semaphore, blocking, timeout)
    lane = lane_here()
    if lane is not None:
        if taken:
            lane.held.append(semaphore)
        lane.run.observe(lane, Action.ACQUIRE if taken else Action.TRY, semaphore, sys._getframe(1))
    return taken


def give_semaphore(semaphore: threading.Semaphore, n: int = 1) -> None:
    """Stand in for Semaphore.release; whoever took it, any thread may give it back."""
    give = _real_give_bounded if isinstance(semaphore, BoundedSemaphore) else _real_give
    give(semaphore, n)
    lane = lane_here()
    if lane is not None:
        if semaphore in lane.held:
            lane.held.remove(semaphore)
        lane.run.observe(lane, Action.RELEASE, semaphore, sys._getframe(1))


def leave_semaphore(semaphore: threading.Semaphore, *error: object) -> None:
    """Stand in for Semaphore.__exit__."""
    give_semaphore(semaphore)


def let_others_go_first() -> None:
    """Let the search switch threads between two calls of one thread.

    Without this the earliest switch is at the second call's first access, when it counts as made already: an order
    that real time forbids would seem to be allowed.
    """
    lane = lane_here()
    if lane is not None:
        lane.run.decide(lane, _BETWEEN_CALLS)
        # Told apart from the second call's first access, which would otherwise pass for the same moment.
        lane.run.races.operate(lane, _BETWEEN_CALLS, lane, writes=True)


_BETWEEN_CALLS = Site((__file__, "let_others_go_first", 0, 0), 0, nothing)
_BETWEEN_CALLS.switch = True


def look_at(owner: object, name: str | None = None) -> None:
    """Let the search know that a thread reads an attribute, or all that a container holds, in code of a driver's."""
    lane = lane_here()
    if lane is not None:
        lane.run.decide(lane, _LOOK)
        lane.run.races.touch(lane, _LOOK, read(owner, name))


_LOOK = Site((__file__, "look_at", 0, 0), 0, nothing)
_LOOK.switch = True


def sleep(seconds: float) -> None:
    """Stand in for time.sleep: no real time passes."""
    lane = lane_here()
    if lane is None:
        real_sleep(seconds)
        return
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if lane.run.aborting:
        raise Abort
    lane.run.observe(lane, Action.SLEEP, seconds, sys._getframe(1))
    lane.run.wait(lane, Asleep(lane.run.clock.now + seconds))


real_sleep = time.sleep


@functools.lru_cache
def numbering(initialize: Callable[..., None]) -> Callable[..., None]:
    """Return what stands in for an `__init__` and numbers the objects of a run, for `hash_of`."""

    @functools.wraps(initialize)
    def numbered(thing: Any, *args: Any, **kwargs: Any) -> None:
        lane = lane_here()
        if lane is not None:
            vars(thing)["_number"] = next(lane.run.numbers)
        initialize(thing, *args, **kwargs)

    return numbered


def hash_of(thing: Any) -> int:
    """Stand in for `__hash__`: sets of threads and futures, as executors keep them, must iterate alike in every run."""
    return vars(thing).get("_number") or object.__hash__(thing)


def name_counter(real: Any) -> Any:
    """Return what stands in for the counter behind the names "Thread-1", "Thread-2", ..."""

    def following() -> int:
        lane = lane_here()
        return real() if lane is None else next(lane.run.numbers)

    return following


def start(thread: threading.Thread) -> None:
    """Stand in for threading.Thread.start."""
    lane = lane_here()
    if lane is None:
        scheduler.real_start(thread)
        return
    if lane.run.aborting:
        raise Abort
    if _lane_of(thread, lane.run) is not None:
        raise RuntimeError("threads can only be started once")
    child = lane.run.spawn(lane, thread)
    lane.run.observe(lane, Action.SPAWN, child, sys._getframe(1))


def start_new_thread(
    function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None, /
) -> int | None:
    """Stand in for _thread.start_new_thread: nobody waits for such a thread, either."""
    thread = threading.Thread(target=function, args=args, kwargs=kwargs, daemon=True)
    start(thread)
    return thread.ident


def _lane_of(thread: threading.Thread, run: "scheduler.Run") -> Lane | None:
    return next((lane for lane in run.lanes if lane.thread is thread), None)


def join(thread: threading.Thread, timeout: float | None = None) -> None:
    """Stand in for threading.Thread.join."""
    lane = lane_here()
    target = _lane_of(thread, lane.run) if lane is not None else None
    if lane is None or target is None:
        scheduler.real_join(thread, timeout)
        return
    if lane.run.aborting:
        raise Abort
    if target is lane:
        raise RuntimeError("cannot join current thread")
    deadline = None if timeout is None else lane.run.clock.now + max(timeout, 0)
    if not target.done:
        lane.run.wait(lane, Joining(target, deadline, hasty=timeout is not None and timeout < PATIENCE))
    if target.done:
        races.join(lane.clock, target.clock)
        lane.history = hash((lane.history, target.history))
    lane.run.observe(lane, Action.JOIN, target, sys._getframe(1))


def looking_at_threads[**P, R](look: Callable[P, R]) -> Callable[P, R]:
    """Return what stands in for a function that tells which threads there are."""

    @functools.wraps(look)
    def looking(*args: P.args, **kwargs: P.kwargs) -> R:
        lane = lane_here()
        if lane is not None:
            _look(lane, threading, sys._getframe(1))
        return look(*args, **kwargs)

    return looking


_real_is_alive = threading.Thread.is_alive


def is_alive(thread: threading.Thread) -> bool:
    """Stand in for threading.Thread.is_alive."""
    lane = lane_here()
    target = _lane_of(thread, lane.run) if lane is not None else None
    if lane is None or target is None:
        return _real_is_alive(thread)
    _look(lane, target, sys._getframe(1))
    return not target.done
