"""Which runs to make: every order of the switch points with at most so many preemptions, fewest first.

Runs are made anew from the start (stateless search, as in CHESS): a run takes the default order except at its
plan's decisions, and reports the choices that it passed by; each becomes a plan of its own. Plans that interrupt only
the code under test come before those that interrupt a pool or a queue of the standard library, and among them those
with fewer preemptions, so that the first failure is the simplest.
"""

import ctypes
import gc
import os
import threading
from _thread import LockType
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any

from helpers.interleave import explain, primitives
from helpers.interleave.clock import real_monotonic
from helpers.interleave.lanes import own
from helpers.interleave.monitoring import Watch
from helpers.interleave.recorder import Recorder
from helpers.interleave.schedule import Exploration, Schedule, Verdict
from helpers.interleave.scheduler import GRACE, Ending, Limits, Plan, Run, SoonStarted
from helpers.interleave.substitution import Substitution

_VERDICTS = {
    Ending.RAISED: Verdict.FAILS,
    Ending.BROKEN: Verdict.FAILS,
    Ending.DEADLOCK: Verdict.DEADLOCK,
    Ending.ENDLESS: Verdict.LIVELOCK,
}


JUMPS = 200_000  # jumps back in one schedule, after which it counts as endless
THREADS = 200  # in one schedule
BEGINNING = 2000  # steps, and as many rounds, of a run that never ends: more than are drawn


@dataclass(frozen=True)
class Program:
    """What is explored: how to make the shared state, one body a thread, and what must hold in the end."""

    setup: Callable[[], Any]
    bodies: Sequence[Callable[[Any], object]]
    invariant: Callable[[Any], object] | None
    kind: type[Run] = Run

    def functions(self) -> list[Callable[..., Any]]:
        """Return everything through which the code under test can be reached."""
        return [self.setup, *self.bodies, *([self.invariant] if self.invariant else [])]

    def through(self, stand_in: Callable[[Any], Any]) -> "Program":
        """Return the same program with what stands in for its functions."""
        bodies = [stand_in(body) for body in self.bodies]
        return Program(stand_in(self.setup), bodies, stand_in(self.invariant), self.kind)


def explore(
    setup: Callable[[], Any],
    bodies: Sequence[Callable[[Any], object]],
    invariant: Callable[[Any], object] | None = None,
    *,
    preemptions: int = 2,
    max_schedules: int = 20_000,
    max_steps: int = 20_000,
    seconds: float = 20.0,
) -> Exploration:
    """Run `bodies` as threads in every order with at most `preemptions` preemptions, and say what was found.

    Args:
        setup: Makes the shared state; called afresh for every schedule.
        bodies: One callable a thread, named "A", "B", ...; each is given the state.
        invariant: Called with the state when all threads have ended; returning False or raising means a failure.
        preemptions: How often at most a thread that could go on is interrupted in one schedule.
        max_schedules: How many schedules to run at most.
        max_steps: How many shared accesses and lock operations one schedule may have before it counts as endless.
        seconds: Real seconds after which the search is cut short.

    Returns:
        The verdict, with the shortest failing schedule found of those that have the fewest preemptions.

    Raises:
        MonitoringTaken: Other tools use every monitoring tool id of this interpreter.
    """
    return explore_program(Program(setup, bodies, invariant), preemptions, max_schedules, max_steps, seconds)


def replay(
    setup: Callable[[], Any],
    bodies: Sequence[Callable[[Any], object]],
    invariant: Callable[[Any], object] | None,
    schedule: Schedule,
    *,
    seconds: float = 20.0,
) -> Schedule:
    """Run the program once more in exactly the order of `schedule`, and return what happened.

    Of a schedule that never ends, which knows only its beginning, that much is repeated.

    Raises:
        ValueError: The program cannot take that order: it is another program, or it depends on chance.
    """
    return replay_program(Program(setup, bodies, invariant), schedule, seconds)


def explore_program(
    program: Program, preemptions: int, max_schedules: int, max_steps: int, seconds: float
) -> Exploration:
    """Search a program of threads or of tasks."""
    limits = Limits(max_steps, JUMPS, THREADS, real_monotonic() + seconds)
    with prepared(program) as ready:
        return ready.aside(lambda: Search(ready, preemptions, max_schedules, limits).explore(), seconds)


def replay_program(program: Program, schedule: Schedule, seconds: float) -> Schedule:
    """Repeat one schedule of a program of threads or of tasks."""
    limits = Limits(len(schedule.choices), JUMPS, THREADS, real_monotonic() + seconds)
    plan = Plan(dict(enumerate(schedule.choices)), len(schedule.choices))
    with prepared(program) as ready:
        ready.watch.marks.update(schedule.switches)
        found = ready.aside(lambda: ready.record(plan, limits), seconds)
    if isinstance(found, Exploration):
        raise ValueError(found.reason)
    return found


class Prepared:
    """A program whose locks are virtual and whose code is watched, for the length of a `with` block."""

    def __init__(self, program: Program, watch: Watch, substitution: Substitution) -> None:
        self.program = program
        self.watch = watch
        self._substitution = substitution
        self.run: Run | None = None
        self._steps_before = 0

    def execute(self, run: Run) -> Run:
        """Run the program once."""
        self._steps_before = self.progress() + 1
        self.run = run
        self._substitution.reset()
        setup = partial(self._substitution.begin, self.program.setup)
        run.execute(setup, self.program.bodies, self.program.invariant)
        if self.watch.strayed:
            run.ending, run.message = Ending.UNSUPPORTED, _STRAYED
        return run

    def record(self, plan: Plan, limits: Limits, endless: Run | None = None) -> Schedule | Exploration:
        """Run the program once by `plan` and write every step down.

        Args:
            plan: Which run to make.
            limits: What it may take.
            endless: One by this plan that went on and on: it is enough to repeat its beginning.
        """
        recorder = Recorder()
        if endless is not None and not plan.choices:
            limits = replace(limits, steps=min(limits.steps, BEGINNING), jumps=min(limits.jumps, BEGINNING))
        with self.watch.seeing_errors(recorder):
            run = self.execute(self.program.kind(plan, 0, limits, observer=recorder))
        if run.ending is not Ending.DONE and run.ending not in _VERDICTS:
            return Exploration(Verdict.INCONCLUSIVE, 1, False, 0, reason=explain.cut_short(run))
        whole = endless if endless is not None and run.ending is Ending.ENDLESS and run.is_cut() else run
        return replace(explain.schedule(run, recorder, whole), switches=frozenset(self.watch.marks))

    def aside[Found](self, work: Callable[[], Found], seconds: float) -> "Found | Exploration":
        """Do `work` in a thread of its own, so that whatever it gets stuck in can be given up."""
        found: list[Found] = []
        failed: list[BaseException] = []
        finished = primitives.real_allocate()
        finished.acquire()

        def direct() -> None:
            own.thread = True
            try:
                _stay_on_one_core()
                found.append(work())
            except BaseException as error:
                failed.append(error)
            finally:
                finished.release()

        director = threading.Thread(target=direct, name="helpers.interleave", daemon=True)
        director._started = SoonStarted()  # type: ignore[attr-defined]
        director.start()
        try:
            ended = self._await(finished, seconds)
        except BaseException:  # KeyboardInterrupt: end the run, then let it through
            self._abandon("it was interrupted")
            finished.acquire(timeout=_STUCK_AFTER)
            raise
        if not ended:
            return Exploration(Verdict.INCONCLUSIVE, 0, False, 0, reason=_STUCK)
        director.join()
        if failed:
            raise failed[0]
        return found[0]

    def _await(self, finished: "LockType", seconds: float) -> bool:
        """Return whether the director finished, rather than got stuck where no step is seen any more.

        Looks are counted, not seconds: on a crowded machine this thread looks less often, too.
        """
        seen, idle = -1, 0.0
        while not finished.acquire(timeout=_LOOK_EVERY):
            progress = self.progress()
            if progress != seen:
                seen, idle = progress, 0.0
                continue
            idle += _LOOK_EVERY
            if idle > min(_STUCK_AFTER, seconds):
                self._abandon(_STUCK)
                return finished.acquire(timeout=2 * GRACE)
        return True

    def progress(self) -> int:
        """Return a number that grows as long as runs get anywhere."""
        return self._steps_before + (self.run.count + self.run.jumps if self.run else 0)

    def _abandon(self, message: str) -> None:
        if self.run is not None:
            self.run.abandon(Ending.UNSUPPORTED, message)


_SHORT = 30  # decisions: a failure with no more of them is read at a glance
_EXTRA_RUNS = 10  # that are made in order to show a shorter one: few, as somebody waits for the answer
_EXTRA_STEPS = 1000  # decisions of all of them
_LOOK_EVERY = 0.25
_STUCK_AFTER = 3.0
_STRAYED = "it started a thread that the explorer cannot follow: start it by threading.Thread."
_STUCK = "a thread got stuck in something that the explorer cannot see, such as reading a file or a long computation."


@contextmanager
def prepared(program: Program) -> Iterator[Prepared]:
    """Watch the program's code and put virtual locks in its way; undo both in the end."""
    collecting = gc.isenabled()
    with Watch() as watch, Substitution(program.functions()) as substitution:
        gc.disable()  # finalizers must not run at chance moments
        try:
            yield Prepared(program.through(substitution.stand_in), watch, substitution)
        finally:
            if collecting:
                gc.enable()


def _stay_on_one_core() -> None:
    """Keep this thread, and those that it starts, on one core: handing a baton over is ten times faster there."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {_libc.sched_getcpu()})  # the kernel knows better than we do which one is free


_libc = ctypes.CDLL(None)


class Search:
    """The search for a failing schedule of one prepared program."""

    def __init__(self, prepared: Prepared, bound: int, max_schedules: int, limits: Limits) -> None:
        self._prepared = prepared
        self._bound = bound
        self._max_schedules = max_schedules
        self._limits = limits
        self._schedules = 0

    def explore(self) -> Exploration:
        """Search until a failure is found or nothing is left to try."""
        program = self._prepared.program
        watch = self._prepared.watch
        watch.coarse = len(program.bodies) == 1 and program.kind is Run
        watch.guessing = len(program.bodies) > 1 and program.kind is Run
        while True:
            found = self._sweep()
            if found is not None:
                return found

    def _sweep(self) -> Exploration | None:
        """Try every plan with the switch points known so far; return None if they turned out to be others."""
        watch = self._prepared.watch
        waiting: list[list[deque[Plan]]] = [[deque() for _ in range(self._bound + 1)] for _ in (False, True)]
        waiting[False][0].append(Plan())
        visited: dict[int, int] = {}
        for level in chain.from_iterable(waiting):
            while level:
                plan = level.popleft()
                if self._schedules >= self._max_schedules:
                    return self._undecided(f"the limit of {self._max_schedules} schedules was reached.")
                run = self._prepared.execute(self._prepared.program.kind(plan, self._bound, self._limits, visited))
                self._schedules += 1
                if self._schedules % 200 == 0:
                    gc.collect()
                assert run.ending is not None
                if watch.coarse and (run.ending is not Ending.DONE or len(run.lanes) > 1):
                    watch.look_closely()  # it was more than one thread that came to its end
                    if run.ending is Ending.ENDLESS and len(run.lanes) == 1:
                        return self._failure(run)  # it would go on and on again, only more slowly
                    return None
                if watch.guessing:
                    goes_on = run.ending in (Ending.DONE, Ending.ENDLESS)
                    if not watch.settle(run.races.found if goes_on else watch.guessed):
                        return None
                for branch in run.branches:
                    choices = {**plan.choices, branch.at: branch.lane}
                    inner = plan.inner or branch.inner
                    waiting[inner][branch.cost].append(Plan(choices, branch.at + 1, branch.trace, inner))
                if run.ending is Ending.ENDLESS and watch.mark(run.races.found):
                    return None  # knowing what is shared, threads that spin let the others go on sooner
                if run.ending in _VERDICTS:
                    return self._failure(self._shortest(run, level, visited))
                if run.ending is not Ending.DONE:
                    return self._undecided(explain.cut_short(run))
                if watch.mark(run.races.found):
                    return None
        return Exploration(Verdict.HOLDS, self._schedules, True, self._bound)

    def _shortest(self, failed: Run, level: deque[Plan], visited: dict[int, int]) -> Run:
        """Return the shortest failing run among `failed` and the next few with as few preemptions.

        A failure that shows only when all threads have ended is as long in every order.
        """
        room = _EXTRA_STEPS if failed.ending in (Ending.RAISED, Ending.DEADLOCK) and failed.count > _SHORT else 0
        for plan in islice(level, _EXTRA_RUNS):
            room -= failed.count
            if room < 0 or self._schedules >= self._max_schedules:
                break
            run = self._prepared.execute(self._prepared.program.kind(plan, self._bound, self._limits, visited))
            self._schedules += 1
            if run.ending in _VERDICTS and run.count < failed.count:
                failed = run
        return failed

    def _failure(self, run: Run) -> Exploration:
        """Run the failing plan once more, writing every step down: what cannot be repeated is not reported."""
        endless = run if run.ending is Ending.ENDLESS else None
        schedule = self._prepared.record(run.plan, self._limits, endless)
        if isinstance(schedule, Exploration):
            return self._undecided(schedule.reason)
        if not schedule.outcome:
            return self._undecided(explain.CHANCE)
        assert run.ending is not None
        return Exploration(_VERDICTS[run.ending], self._schedules, False, self._bound, schedule)

    def _undecided(self, reason: str) -> Exploration:
        return Exploration(Verdict.INCONCLUSIVE, self._schedules, False, self._bound, reason=reason)
