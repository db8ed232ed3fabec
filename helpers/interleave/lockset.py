"""Which attribute two threads reached without one common lock: the lockset check of Eraser.

Some mistakes break no schedule of CPython today, because a single call such as `list.append` is never interrupted. They
are mistakes all the same, and this check finds them without any luck: whatever order the threads ran in, every
access to a shared attribute must have been made while holding one and the same lock.

Reference: Savage et al., "Eraser: A Dynamic Data Race Detector for Multithreaded Programs", TOCS 1997. Unlike there,
what a thread did before it started another, or after it joined it, does not count as shared.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Semaphore
from types import FrameType
from typing import Any

from helpers.interleave import explain, races
from helpers.interleave.bytecode import Site
from helpers.interleave.clock import real_monotonic
from helpers.interleave.lanes import Lane, outside
from helpers.interleave.monitoring import is_machinery
from helpers.interleave.recorder import look_up, where
from helpers.interleave.schedule import Action
from helpers.interleave.scheduler import Ending, Limits, Plan, Run
from helpers.interleave.search import JUMPS, THREADS, Prepared, Program, prepared
from helpers.interleave.touch import Touch, contents


@dataclass(frozen=True, slots=True)
class Unprotected:
    """An attribute, global or closure variable that two threads reached without one common lock.

    Attributes:
        name: What it is called.
        threads: Names of the threads that reached it.
        lines: Line numbers, ascending, at which it was reached without the lock that most accesses hold.
        sources: The text of these lines.
        written: Whether no common lock protects the writes either: what only a read goes without, orders can break.
    """

    name: str
    threads: tuple[str, ...]
    lines: tuple[int, ...]
    sources: tuple[str, ...]
    written: bool

    def sentence(self) -> str:
        """Say it in one sentence."""
        threads = " and ".join(self.threads)
        places = " and ".join(f"line {line}" for line in self.lines)
        return f"Threads {threads} use {self.name} without one common lock: see {places}."


class LocksetMissing(RuntimeError):
    """The code could not be run to its end, so nothing can be said about its locks."""


def unlocked(
    setup: Callable[[], Any],
    bodies: Sequence[Callable[[Any], object]],
    *,
    seconds: float = 10.0,
    max_steps: int = 20_000,
) -> tuple[Unprotected, ...]:
    """Run `bodies` as threads, once with each of them first, and report what no lock protects.

    Args:
        setup, bodies: As for `explore`.
        seconds: Real seconds after which to give up.
        max_steps: Shared accesses and lock operations of one run after which to give up.

    Returns:
        One entry for each unprotected attribute, by name; empty if every shared attribute has its lock.

    Raises:
        LocksetMissing: A run came to no end.
        MonitoringTaken: As for `explore`.
    """
    limits = Limits(max_steps, JUMPS, THREADS, real_monotonic() + seconds)
    with prepared(Program(setup, bodies, None)) as program:
        found = program.aside(lambda: _observe(program, len(bodies), limits), seconds)
    if not isinstance(found, Locksets):
        raise LocksetMissing(found.reason)
    return found.unprotected()


def _observe(program: Prepared, threads: int, limits: Limits) -> "Locksets":
    locksets = Locksets()
    for first in range(threads):
        locksets.begin()
        run = program.execute(Run(Plan({0: first}), 0, limits, observer=locksets))
        if run.ending not in _TELLING:
            raise LocksetMissing(explain.cut_short(run))
    return locksets


_TELLING = (Ending.DONE, Ending.RAISED, Ending.DEADLOCK)  # runs that show where the locks are, or are not


@dataclass(frozen=True, slots=True)
class Access:
    """One access to a shared place: by whom, when, under which locks, in the order in which they were taken."""

    thread: str
    slot: int
    clock: tuple[int, ...]
    writes: bool
    locks: tuple[int, ...]
    line: int
    source: str

    def before(self, other: "Access") -> bool:
        """Return whether thread starts and joins put this access before `other`."""
        return self.slot < len(other.clock) and self.clock[self.slot] <= other.clock[self.slot]


class Locksets:
    """An `Observer` that keeps, for every shared place, who reached it under which locks."""

    def __init__(self) -> None:
        self._found: dict[str, Unprotected] = {}
        self.begin()

    def begin(self) -> None:
        """Begin another run: judge what the last one did, and forget its objects."""
        for name, accesses in getattr(self, "_accesses", {}).values():
            self._judge(name, accesses)
        self._accesses: dict[tuple[int, str], tuple[str, list[Access]]] = {}
        self._homes: dict[int, tuple[int, str]] = {}  # a container -> the attribute through which it was reached
        self._clocks: dict[Lane, races.Clock] = {}
        self._keep: list[Any] = []

    def unprotected(self) -> tuple[Unprotected, ...]:
        """Return what was found in all runs."""
        self.begin()
        return tuple(self._found[name] for name in sorted(self._found))

    def access(self, lane: Lane, site: Site, frame: FrameType, touch: Touch) -> None:
        """Note an access by a thread, unless the standard library makes it."""
        if lane.index < 0 or is_machinery(frame.f_code):
            return
        with outside():
            self._keep += (touch.owner, *lane.held)  # so that their ids stay theirs
            if touch.name is None:
                place = self._homes.get(id(touch.owner))
            else:
                place = (id(touch.owner), touch.name)
                for part in contents(look_up(touch.owner, touch.name), 0):
                    self._homes.setdefault(id(part), place)
                    self._keep.append(part)
            if place is None:
                return
            clock = self._clock(lane)
            clock[lane.slot] += 1
            locks = tuple(id(lock) for lock in lane.held if not _lets_others_in(lock))
            self._accesses.setdefault(place, (place[1], []))[1].append(
                Access(lane.name, lane.slot, tuple(clock), touch.writes, locks, *where(frame))
            )

    def event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        """Note which thread started or joined which."""
        if isinstance(subject, Lane) and action is Action.SPAWN:
            races.join(self._clock(subject), self._clock(lane))
        elif isinstance(subject, Lane) and action is Action.JOIN:
            races.join(self._clock(lane), self._clock(subject))

    def _clock(self, lane: Lane) -> races.Clock:
        clock = self._clocks.setdefault(lane, [])
        races.join(clock, [0] * (lane.slot + 1))
        return clock

    def _judge(self, name: str, accesses: list[Access]) -> None:
        shared = [access for access in accesses if any(_concurrent(access, other) for other in accesses)]
        writes = [access for access in shared if access.writes]
        if not writes or _common_locks(shared):
            return
        # In the order of the accesses, so that of two locks that are used alike it is always the same one that counts.
        holders = Counter(lock for _, lock in dict.fromkeys((a.thread, lock) for a in shared for lock in a.locks))
        usual = holders.most_common(1)
        bare = {(a.line, a.source) for a in shared if not usual or usual[0][0] not in a.locks}
        known = self._found.get(name)
        if known is not None:
            bare |= set(zip(known.lines, known.sources, strict=True))
        lines = sorted(bare)
        self._found[name] = Unprotected(
            name,
            tuple(sorted({access.thread for access in shared})),
            tuple(line for line, _ in lines),
            tuple(source for _, source in lines),
            not _common_locks(writes) or (known is not None and known.written),
        )


def _common_locks(accesses: list[Access]) -> set[int]:
    return set.intersection(*(set(access.locks) for access in accesses))


def _lets_others_in(lock: Any) -> bool:
    """Return whether `lock` is a semaphore that another thread could take as well."""
    return isinstance(lock, Semaphore) and bool(lock._value)


def _concurrent(one: Access, other: Access) -> bool:
    return one.slot != other.slot and not one.before(other) and not other.before(one)
