"""The same search for asyncio: tasks interleaved at their awaits, on an event loop with a virtual clock.

Between two awaits a task is never interrupted, so the only freedom is which task goes on next. The loop's own order is
first come, first served; a schedule may deviate from it, and each deviation counts as a preemption (delay-bounded
scheduling: Emmi, Qadeer and Rakamaric, POPL 2011).
"""

import asyncio
import heapq
from _thread import get_ident
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import nullcontext, suppress
from types import FrameType
from typing import Any, NoReturn

from helpers.interleave.bytecode import Site
from helpers.interleave.clock import PATIENCE
from helpers.interleave.lanes import Awaiting, Lane, Waiting, controlled
from helpers.interleave.monitoring import is_under_test
from helpers.interleave.schedule import Action, Exploration, Schedule
from helpers.interleave.scheduler import LAPS, ROUNDS, Abort, Branch, Ending, Run
from helpers.interleave.search import Program, explore_program, replay_program
from helpers.interleave.task_locks import TaskLocks

type Body = Callable[[Any], Coroutine[Any, Any, object]]


def explore_tasks(
    setup: Callable[[], Any],
    bodies: Sequence[Body],
    invariant: Callable[[Any], object] | None = None,
    *,
    preemptions: int = 2,
    max_schedules: int = 20_000,
    max_steps: int = 20_000,
    seconds: float = 20.0,
) -> Exploration:
    """Run `bodies` as asyncio tasks in every order with at most `preemptions` deviations from the loop's own.

    Args and returns are those of `explore`; the bodies are coroutine functions, and tasks that they start
    themselves take part as well.
    """
    program = Program(setup, bodies, invariant, TaskRun)
    return explore_program(program, preemptions, max_schedules, max_steps, seconds)


def replay_tasks(
    setup: Callable[[], Any],
    bodies: Sequence[Body],
    invariant: Callable[[Any], object] | None,
    schedule: Schedule,
    *,
    seconds: float = 20.0,
) -> Schedule:
    """Run the tasks once more in exactly the order of `schedule`; see `replay`."""
    return replay_program(Program(setup, bodies, invariant, TaskRun), schedule, seconds)


class TaskRun(Run):
    """One execution of asyncio tasks in one order."""

    noun = "task"

    def perform(self, state: Any, bodies: Sequence[Callable[[Any], Any]]) -> None:
        """Run the bodies on an event loop of their own until all have ended."""
        self._lane_of: dict[asyncio.Task[Any], Lane] = {}
        self.locks = TaskLocks(lambda: None if self.current is self.director else self.current)
        self._unclaimed = list(self.lanes)
        loop = Loop(self)
        loop.set_task_factory(self._make_task)
        try:
            with nullcontext() if self.observer is None else self.locks.seen():
                tasks = [loop.create_task(body(state)) for body in bodies]
                self._until_done(loop, tasks)
        finally:
            controlled[get_ident()] = self.director
            self.aborting, aborting = True, self.aborting
            for task, lane in self._lane_of.items():
                _drop(task)
                lane.done = True
            self.aborting = aborting
            loop.close()

    def _until_done(self, loop: "Loop", tasks: list["asyncio.Task[Any]"]) -> None:
        for task in tasks:
            task.add_done_callback(lambda _: loop.stop() if all(each.done() for each in tasks) else None)
        if tasks:
            loop.run_forever()

    def _make_task(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> "asyncio.Task[Any]":
        lane = self._unclaimed.pop(0) if self._unclaimed else self._new_lane()
        task = _Numbered(coroutine, loop=loop, **options)
        task.number = lane.index
        lane.started = True
        self._lane_of[task] = lane
        if self.current is not self.director:
            self.observe(self.current, Action.SPAWN, lane)
        return task

    def lane_of(self, handle: asyncio.Handle) -> Lane | None:
        """Return the lane of the task that `handle` would continue; None for the loop's own business."""
        task = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
        return self._lane_of.get(task) if isinstance(task, asyncio.Task) else None

    def choose(self, options: list[tuple[Lane, int]]) -> Lane:
        """Return which task goes on: the first of `options`, unless the plan says otherwise."""
        at = self._count(self.current, hash(tuple(lane.index for lane, _ in options)))
        chosen, _ = options[0]
        if at in self.plan.choices:
            costs = {lane.index: (lane, cost) for lane, cost in options}
            if self.plan.choices[at] not in costs:
                self.end(Ending.DIVERGED, chosen)
            chosen, cost = costs[self.plan.choices[at]]
            self.preemptions += cost
        elif at >= self.horizon:
            self.branches += [
                Branch(at, lane.index, self.preemptions + cost, self.trace)
                for lane, cost in options[1:]
                if self.preemptions + cost <= self.bound
            ]
        if self.observer is not None:
            self.order.append(chosen.index)
        return chosen

    def go_on(self, lane: Lane, handle: asyncio.Handle) -> None:
        """Let a task run up to its next await."""
        task = handle._callback.__self__  # type: ignore[attr-defined]
        first, self.current, controlled[get_ident()] = lane.history, lane, lane
        if first:
            lane.history = 0
            self.observe(lane, Action.START, "")
        handle._run()
        controlled[get_ident()] = self.current = self.director
        if self.aborting:
            raise Abort
        if not task.done():
            self.observe(lane, Action.AWAIT, self.locks.awaited.get(lane) or _awaited(task), _frame(task))
            return
        lane.done = True
        error = None if task.cancelled() else task.exception()
        if error is not None and lane.index < self.bodies:
            self._stop(Ending.RAISED, lane, "", error)
            raise Abort
        self.observe(lane, Action.END, "")

    def stuck_for_ever(self) -> NoReturn:
        """End the run: no task can go on, and no timer will change that."""
        waiting = []
        for task, lane in self._lane_of.items():
            if not task.done():
                lock = self.locks.awaited.get(lane)
                waiting.append((lane, Awaiting(_awaited(task), lock, self.locks.holder(lock))))
        self.stuck = tuple(waiting)
        self.end(Ending.DEADLOCK, waiting[0][0] if waiting else self.director)

    # --- what threads would do, done by a task: it blocks the whole loop ---

    def decide(self, lane: Lane, site: Site, waiting: Waiting | None = None) -> None:
        """Nothing to decide: only an await lets others run."""

    def wait(self, lane: Lane, waiting: Waiting) -> bool:
        """Let time pass for everybody, or notice that it never ends."""
        if waiting.deadline is None:
            self.stuck = ((lane, waiting),)
            self.end(Ending.DEADLOCK, lane)
        self.clock.advance(waiting.deadline)
        return False

    def spawn(self, parent: Lane, thread: Any) -> Lane:
        """Refuse: threads and tasks at once are not explored."""
        self.end(Ending.UNSUPPORTED, parent, "tasks that start threads cannot be explored.")


class _Numbered(asyncio.Task[Any]):
    """A task whose place in a set is the same in every run: `asyncio.wait` and task groups keep sets of them."""

    number = 0

    def __hash__(self) -> int:
        return self.number


class Loop(asyncio.BaseEventLoop):
    """An event loop without sockets, whose next step the run chooses and whose clock is the run's."""

    _ready: Any
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, run: TaskRun) -> None:
        super().__init__()
        self._run = run
        self._turns = 0  # of tasks since a timer rang last
        self._idle = 0  # those of them since shared state changed last

    def time(self) -> float:
        """Return virtual seconds."""
        return self._run.clock.now

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Say nothing: what matters is in the verdict."""

    def _write_to_self(self) -> None:
        """There is no other thread to wake the loop for."""

    def _run_once(self) -> None:
        run = self._run
        if run.aborting:
            raise Abort
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)
        spins = self._idle > ROUNDS * len(self._ready) or self._turns > LAPS * len(self._ready)
        if not self._ready or (spins and self._scheduled):
            if not self._scheduled:
                run.stuck_for_ever()
            self._turns = self._idle = 0
            self._ring_one()
            return
        for place, handle in enumerate(self._ready):
            if handle._cancelled or run.lane_of(handle) is None:
                del self._ready[place]
                if not handle._cancelled:
                    handle._run()
                return
        self._continue_one()

    def _continue_one(self) -> None:
        """Let one of the tasks that are ready go on; the timer of one that sleeps may ring early."""
        run = self._run
        ready: dict[Lane, asyncio.Handle] = {}
        for handle in self._ready:
            lane = run.lane_of(handle)
            if lane is not None:
                ready.setdefault(lane, handle)
        options = [(lane, int(place > 0)) for place, lane in enumerate(ready)]
        early: dict[Lane, int] = {}
        for place, timer in enumerate(self._scheduled):
            lane = _sleeper(run, timer)
            if lane is not None and lane not in ready and timer.when() - self.time() < PATIENCE:
                early[lane] = place
        chosen = run.choose([*options, *((lane, 1) for lane in early)])
        if chosen in early:
            self._ring(early[chosen])
            return
        handle = ready[chosen]
        self._ready.remove(handle)
        before = run.acts
        run.go_on(chosen, handle)
        self._turns += 1
        self._idle = self._idle + 1 if run.acts == before else 0

    def _ring_one(self) -> None:
        """Let time pass until the next timer, or until that of another task, which then was slow to ring."""
        sleepers: dict[Lane, asyncio.TimerHandle] = {}
        for timer in sorted(self._scheduled):
            lane = _sleeper(self._run, timer)
            if lane is not None:
                sleepers.setdefault(lane, timer)
            elif not sleepers:
                self._ring(self._scheduled.index(timer))
                return
        chosen = self._run.choose([(lane, int(place > 0)) for place, lane in enumerate(sleepers)])
        self._ring(self._scheduled.index(sleepers[chosen]))

    def _ring(self, place: int) -> None:
        timer = self._scheduled.pop(place)
        heapq.heapify(self._scheduled)
        self._run.clock.advance(timer.when())
        timer._scheduled = False  # type: ignore[attr-defined]
        if not timer._cancelled:
            self._ready.append(timer)


def _sleeper(run: TaskRun, timer: asyncio.TimerHandle) -> Lane | None:
    """Return the lane of the task that sleeps until `timer` rings."""
    arguments = getattr(timer, "_args", None) or ()
    for task, lane in run._lane_of.items():
        if not task.done() and getattr(task, "_fut_waiter", None) in arguments:
            return lane
    return None


def _chain(task: "asyncio.Task[Any]") -> Iterator[Any]:
    """Return the coroutine of a task, the one that it awaits, and so on."""
    inner: Any = task.get_coro()
    while inner is not None:
        yield inner
        inner = getattr(inner, "cr_await", None)


def _frame(task: "asyncio.Task[Any]") -> FrameType | None:
    """Return the frame of the innermost coroutine of the code under test."""
    frames = [frame for each in _chain(task) if isinstance(frame := getattr(each, "cr_frame", None), FrameType)]
    return next((frame for frame in reversed(frames) if is_under_test(frame.f_code)), None)


def _awaited(task: "asyncio.Task[Any]") -> str:
    """Return the name of what the code under test awaits, such as "sleep" or "Event.wait"; "" for other tasks."""
    codes = [(each, getattr(each, "cr_code", None)) for each in _chain(task)]
    return next((each.__qualname__ for each, code in codes if code is not None and not is_under_test(code)), "")


def _drop(task: "asyncio.Task[Any]") -> None:
    """Forget a task that will never end, without a word."""
    if task.done():
        with suppress(BaseException):
            task.exception()
        return
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    with suppress(BaseException):
        task.get_coro().close()  # type: ignore[union-attr]
