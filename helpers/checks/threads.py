"""Run a student's class under the explorer: alone, or in every order of threads that matters, and never for ever."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from helpers.checks.exercise import CheckFailed
from helpers.checks.student_code import shown_text
from helpers.interleave import Exploration, LocksetMissing, Verdict, explore, unlocked, unwatched, unwatched_package

unwatched_package("helpers.checks", Path(__file__).parent)  # only the student's code is under test


_ONE_ORDER = (
    4  # schedules: the search begins anew when it has learned that the code starts threads, and what they share
)
_PATIENCE = 60.0  # real seconds: many times what right answers take, as a busy machine must change no grade
LONG, SHORT = 100.0, 0.01  # virtual seconds for which a lock is held


class Undecided(CheckFailed):
    """The code could not be followed to its end."""


class Endless(Undecided):
    """It went on for longer than anything was followed."""

    endless = True


class Held[State]:
    """A shared object whose locks another thread holds for a while.

    Args:
        shared: The object.
        locks: Its locks.
        seconds: Virtual seconds for which they are held.

    Attributes:
        busy: Whether they are held at the moment.
    """

    def __init__(self, shared: State, locks: Sequence[Any], seconds: float) -> None:
        self.shared = shared
        self.busy = False
        self._locks = locks
        self._seconds = seconds

    @unwatched
    def hold(self) -> None:
        """Take the locks, keep them, give them back: one thread's body, before those that come meanwhile."""
        taken = [lock for lock in self._locks if _take(lock)]
        self.busy = bool(taken)
        time.sleep(self._seconds)
        self.busy = False
        for lock in reversed(taken):
            try:
                lock.release()
            except RuntimeError:
                raise CheckFailed(
                    "A lock was released while another thread held it: release a lock only after taking it."
                ) from None


def _take(lock: Any) -> bool:
    """Take a lock if it is free, and return whether it was; it is not if it cannot be tried."""
    try:
        return bool(lock.acquire(blocking=False))
    except TypeError:
        return False


def while_held(check: Callable[[float], None]) -> None:
    """Run a check that holds locks for so many virtual seconds.

    They are long, so that whoever gives up waiting is found. Code that looks every millisecond whether a lock is free
    does not give up and cannot be followed for so long: for it, they are short.
    """
    try:
        check(LONG)
    except Undecided:
        check(SHORT)


class _Outcome:
    """Whether a body ran to its end, or the check's own sentence that it raised."""

    def __init__(self) -> None:
        self.ended = False
        self.failure: CheckFailed | None = None


def alone[State](setup: Callable[[], State], use: Callable[[State], object]) -> bool:
    """Run `use(setup())` in one thread, and say whether it started others.

    A lock that is never given back is found at once instead of hanging the notebook. Threads that the code starts
    run in one order, the same every time.

    Raises:
        CheckFailed: If the code raises, waits for ever or never ends; or the one that `use` raises.
    """
    outcome = _Outcome()

    def body(state: State) -> None:
        try:
            use(state)
            outcome.ended = True
        except CheckFailed as failure:
            outcome.failure = failure

    result = explore(setup, [body], preemptions=0, max_schedules=_ONE_ORDER)
    if outcome.failure is not None:
        raise outcome.failure
    if result.verdict is not Verdict.HOLDS and not (result.verdict is Verdict.INCONCLUSIVE and outcome.ended):
        _refuse(result)
    return result.schedules > 1  # one thread alone has one schedule


def in_every_order[State](
    setup: Callable[[], State],
    bodies: Sequence[Callable[[State], Any]],
    invariant: Callable[[State], Any],
    *,
    preemptions: int = 2,
    max_schedules: int = 20_000,
) -> None:
    """Run the bodies as threads in every order that matters.

    Args:
        setup: Makes the shared object.
        bodies: One for each thread; may raise CheckFailed.
        invariant: Raises CheckFailed if the object is broken when all threads have ended.
        preemptions: How often at most a thread that could go on is interrupted in one order.
        max_schedules: How many orders to run at most.

    Raises:
        CheckFailed: With the explorer's sentence and the schedule that broke the code.
        Undecided: If the code could not be followed to its end.
    """
    failures: list[CheckFailed] = []
    unmade: list[CheckFailed] = []

    @unwatched
    def fresh() -> State:
        failures.clear()
        try:
            return setup()
        except CheckFailed as failure:
            unmade.append(failure)
            raise

    def kept(body: Callable[[State], Any]) -> Callable[[State], None]:
        @unwatched
        def run(state: State) -> None:
            try:
                body(state)
            except CheckFailed as failure:  # a verdict of ours, not an error of the student's thread
                failures.append(failure)

        return run

    @unwatched
    def unbroken(state: State) -> None:
        if failures:
            raise failures[0]
        invariant(state)

    wrapped = {body: kept(body) for body in bodies}  # equal bodies stay equal: their orders need not be tried twice
    result = explore(
        fresh,
        [wrapped[body] for body in bodies],
        unbroken,
        preemptions=preemptions,
        max_schedules=max_schedules,
        seconds=_PATIENCE,
    )
    if unmade:
        raise unmade[0]  # there is no order of threads to be shown
    if result.verdict is not Verdict.HOLDS:
        _refuse(result)


def verify_lock_held[State](
    setup: Callable[[], State], bodies: Sequence[Callable[[State], Any]], *, reads: bool = True
) -> None:
    """Verify that all that the threads share is only touched with one common lock held (Eraser's lockset).

    Some operations cannot be interrupted halfway in today's CPython, list.append among them, so no order of threads
    breaks an answer that forgets the lock there; this does not depend on orders.

    Args:
        setup, bodies: As for `in_every_order`.
        reads: Whether what is written with the lock must be read with it as well.

    Raises:
        CheckFailed: If something is touched without a lock, naming it and the line.
        Undecided: If the code could not be followed to its end.
    """
    try:
        found = unlocked(setup, bodies, seconds=_PATIENCE)
    except LocksetMissing as error:
        raise Undecided(f"Your code could not be checked: {shown_text(str(error)).rstrip('.')}.") from None
    for unprotected in found:
        if not (reads or unprotected.written):
            continue
        raise CheckFailed(f"{unprotected.sentence().rstrip('.')}; hold the lock there.")


def _refuse(result: Exploration) -> NoReturn:
    if result.failure is None:
        raise Undecided(f"Your code could not be checked: {shown_text(result.reason).rstrip('.')}.")
    if result.failure.outcome.endswith("raised NotImplementedError."):
        raise CheckFailed("A method is not written yet: replace the line with NotImplementedError.")
    from helpers.interleave.draw import SchedulePicture

    kind = Endless if result.verdict is Verdict.LIVELOCK else CheckFailed
    raise kind(shown_text(result.failure.outcome, limit=400), SchedulePicture(result.failure))
