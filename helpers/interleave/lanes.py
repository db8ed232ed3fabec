"""The threads of one run as the scheduler sees them, and what they can wait for."""

import threading
from _thread import allocate_lock, get_ident
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from helpers.interleave import races

if TYPE_CHECKING:
    from helpers.interleave.scheduler import Run

DIRECTOR = -1
controlled: dict[int, "Lane"] = {}  # thread ident -> its lane; every other thread is left alone
own = threading.local()  # has the attribute `thread` in threads that an exploration works with


class Waiting(Protocol):
    """What a thread waits for.

    Attributes:
        for_lock: Whether that is a lock.
    """

    for_lock: ClassVar[bool] = False

    @property
    def deadline(self) -> float | None:
        """Virtual moment at which it stops waiting; None if it never does."""

    @property
    def hasty(self) -> bool:
        """Whether the deadline may pass although others could go on, because they are slow."""

    def ready(self) -> bool:
        """Return whether the wait is over."""


@dataclass(slots=True)
class Asleep(Waiting):
    """Waits for a moment only."""

    deadline: float | None
    hasty: bool = True

    def ready(self) -> bool:
        """Never: a sleeper is woken by the clock."""
        return False


@dataclass(slots=True)
class Joining(Waiting):
    """Waits for another thread to end."""

    target: "Lane"
    deadline: float | None = None
    hasty: bool = True

    def ready(self) -> bool:
        """Return whether the thread has ended."""
        return self.target.done


@dataclass(slots=True)
class AllDone(Waiting):
    """The director waits for every thread that would keep a process alive."""

    run: "Run"
    deadline: float | None = None
    hasty: bool = False

    def ready(self) -> bool:
        """Return whether all of them have ended."""
        return all(lane.done or lane.daemon for lane in self.run.lanes)


@dataclass(slots=True)
class Awaiting(Waiting):
    """What an asyncio task waits for that nobody can give it.

    Attributes:
        said: What its code awaits, in words.
        lock: The lock that it waits for, if it is one, and who holds that.
    """

    said: str
    lock: Any
    holder: "Lane | None"
    deadline: float | None = None
    hasty: bool = False

    def ready(self) -> bool:
        """Return False: it is stuck."""
        return False


class Lane:
    """One thread of a run.

    Attributes:
        index: Its place in the run's lanes; DIRECTOR for the director.
        name: "A", "B", ...; "Main" for the director.
        clock, history: See `races.Thread`.
        waiting: What it waits for; None while it can go on.
        timed_out: Whether its last wait ended at its deadline.
        held: The locks that it holds, in the order in which it took them.
        error: The exception that ended it.
        body: What it runs, if it was there from the beginning.
        fresh: Whether that has not begun yet.
        moved: Whether it did something that others can see, or saw something, since it was last given the baton.
        acts_before: How many changes of shared state there were when it was given the baton.
    """

    waiting: Waiting | None = None
    timed_out = False
    started = False
    body: object = None
    fresh = False
    moved = False
    acts_before = 0
    done = False
    touching: Any = None  # the site that it visited last
    touches: Sequence[Any] = ()  # what that touches
    error: BaseException | None = None
    thread: threading.Thread | None = None
    looked = False  # at what may be shared, since it last jumped back
    knows = False  # that it is shared: another thread was seen to change it
    clocked = False  # it looked at the clock
    acts_seen = 0
    rounds = 0  # of a loop in which it looked at shared state, while nobody changed any
    laps = 0  # of a `while` loop in which it looked at shared state or changed some
    variables: Sequence[Any] = ()  # its local ones, where it last let others go on

    def __init__(self, run: "Run", index: int, name: str, daemon: bool = False) -> None:
        self.run = run
        self.index = index
        self.name = name
        self.daemon = daemon
        self.slot = index + 1
        self.clock: races.Clock = [0] * self.slot + [1]  # what it has done is news to the others from the start
        self.history = hash((index, name))
        self.baton = allocate_lock()
        self.baton.acquire()
        self.gone = allocate_lock()
        self.gone.acquire()
        self.held: list[Any] = []

    def able(self) -> bool:
        """Return whether it could take the next step."""
        return self.started and not self.done and (self.waiting is None or self.waiting.ready())

    def is_waiting(self) -> bool:
        """Return whether it waits; to have found a lock taken is the same as not to have come to it yet."""
        return self.waiting is not None and not (self.waiting.for_lock and self.waiting.deadline is None)

    def is_hasty(self) -> bool:
        """Return whether its deadline may pass although others could go on."""
        return self.waiting is not None and self.waiting.hasty

    def timed(self) -> bool:
        """Return whether it waits with a deadline."""
        waiting = self.waiting
        if waiting is None or waiting.deadline is None or self.done or not self.started:
            return False
        return not waiting.ready()


class outside:  # noqa: N801  # a context manager; as a generator it would raise StopIteration each time
    """Lets the current thread use real locks for a moment, as threads that are not under control do."""

    __slots__ = ("_lane",)

    def __enter__(self) -> None:
        self._lane = controlled.pop(get_ident(), None)

    def __exit__(self, *error: object) -> None:
        if self._lane is not None:
            controlled[get_ident()] = self._lane
