"""One run: real threads that hand each other a baton, so that exactly one of them moves, in a chosen order.

Every thread of the code under test is an ordinary `threading.Thread` (thread locals, `get_ident` and
`current_thread` mean what they always mean) that stops at each decision point until it is given the baton. A decision
point comes before every access to shared state and every lock operation, and where a thread must wait or ends; they
are counted, and a `Plan` says at which of them the baton goes to another thread. The thread that drives the run (the
director) makes the state, starts the threads, waits for them and checks the invariant.
"""

import sys
import threading
from _thread import get_ident
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import count
from operator import is_, itemgetter
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol

from helpers.interleave import races
from helpers.interleave.bytecode import WHILE, Site
from helpers.interleave.clock import Clock, real_monotonic
from helpers.interleave.keeping import Keeper
from helpers.interleave.lanes import DIRECTOR, AllDone, Lane, Waiting, controlled, outside, own
from helpers.interleave.operands import AVAILABLE, local_slots, slots
from helpers.interleave.schedule import Action
from helpers.interleave.touch import Touch, as_it_is

if TYPE_CHECKING:
    from helpers.interleave.primitives import Hold

ROUNDS = 10  # that a thread may spin on shared state before it must let others go on
LAPS = 100  # the same for a `while` loop of which one cannot tell whether it spins
_ALONE = 50_000  # steps that are allowed where there is nothing to decide
_BLIND_ROUNDS = 1000  # the same for a `for` loop while nobody is known to share what it looks at
_FRUITLESS_ROUNDS = 300  # after which spinning by everybody is a livelock
_ROUND_TAKES = 0.001  # virtual seconds
_SLOWER = 1.25  # how much later it is after each round of waiting for the clock
GRACE = 2.0  # real seconds that a thread gets to unwind
real_start = threading.Thread.start
real_join = threading.Thread.join


class Abort(BaseException):
    """Unwinds a thread of a run that is over. It is raised again at every decision point and every jump back."""


class Ending(Enum):
    """How a run ended."""

    DONE = "done"
    RAISED = "raised"
    BROKEN = "broken"  # the invariant
    DEADLOCK = "deadlock"
    ENDLESS = "endless"
    OUT_OF_TIME = "out of time"
    DIVERGED = "diverged"  # it did not do what it did the last time
    UNSUPPORTED = "unsupported"


class SoonStarted:
    """Stands in for the event by which `Thread.start` learns that the new thread runs.

    Our threads begin to work before anybody can ask for them, so nobody needs to wait for that; it saves a third of
    what starting one costs.
    """

    def __init__(self) -> None:
        self._asked = False

    def wait(self) -> None:
        """Do not wait."""
        self._asked = True

    def set(self) -> None:
        """Be set already."""

    def is_set(self) -> bool:
        """Return whether the thread was started: from then on it counts as running."""
        return self._asked


class Branch(NamedTuple):
    """A choice that the run did not take: give the baton to `lane` at decision `at`, for `cost` preemptions in all."""

    at: int
    lane: int
    cost: int
    trace: int
    inner: bool = False  # in the middle of the standard library's own code


@dataclass(slots=True)
class Plan:
    """Which run to make.

    Attributes:
        choices: Decision number -> lane that gets the baton there; at all others the running thread goes on.
        horizon: The first decision whose alternatives are new.
        trace: What the hash of everything done up to the last planned decision must be; None if not known.
        inner: Whether it interrupts the standard library's own code somewhere.
    """

    choices: Mapping[int, int] = field(default_factory=dict)
    horizon: int = 0
    trace: int | None = None
    inner: bool = False


class Observer(Protocol):
    """Sees every step of a run; the search does without, a replay records with it."""

    def access(self, lane: Lane, site: Site, frame: FrameType, touch: Touch) -> None:
        """An access is about to happen."""

    def event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        """A thread or lock operation has just happened."""


@dataclass(slots=True)
class Limits:
    """When to give up.

    Attributes:
        steps: Decision points of one run.
        jumps: Jumps back of one run.
        threads: Threads of one run.
        deadline: Real moment (time.monotonic) at which the search must end.
    """

    steps: int
    jumps: int
    threads: int
    deadline: float


class Run:
    """One execution of the code under test in one order.

    Attributes:
        noun: What students call what is interleaved.
    """

    noun = "thread"

    def __init__(
        self,
        plan: Plan,
        bound: int,
        limits: Limits,
        visited: dict[int, int] | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.plan = plan
        self.bound = bound
        self.limits = limits
        self.visited = visited
        self.observer = observer
        self.clock = Clock()
        self.races = races.Races()
        self.holds: dict[int, Hold] = {}  # who has each virtual lock, by the lock's id
        self.keeper: Keeper | None = Keeper()
        self.numbers = count(1)  # for what must be told apart in the same way in every run
        self.acts = 0  # changes of shared state so far
        self._acts_seen = 0
        self._fruitless = 0
        self.spun: set[int] = set()  # lanes that span in vain and let others go on, since anybody got anywhere
        self._acts_spun = 0
        self.lanes: list[Lane] = []
        self.director = Lane(self, DIRECTOR, "Main")
        self.alone = True
        self.branches: list[Branch] = []
        self.horizon = plan.horizon
        self.count = 0
        self.accesses = 0  # while there was nothing to decide
        self.jumps = 0
        self.trace = 0
        self.preemptions = 0
        self.order: list[int] = []
        self.ending: Ending | None = None
        self.aborting = False
        self.current = self.director
        self.culprit: Lane | None = None
        self.ended: tuple[Lane, ...] = ()
        self.stuck: tuple[tuple[Lane, Waiting], ...] = ()
        self.message = ""
        self.phase = ""  # what the director does
        self.error: BaseException | None = None

    # --- from the first to the last moment ---

    def execute(
        self,
        setup: Callable[[], Any],
        bodies: Sequence[Callable[[Any], object]],
        invariant: Callable[[Any], object] | None,
    ) -> None:
        """Run once, in the director's own thread, and leave no thread behind."""
        self.director.started = True
        self.bodies = len(bodies)
        for _ in bodies:
            self._new_lane()
        controlled[get_ident()] = self.director
        assert self.keeper is not None
        keeper = self.keeper
        try:
            self.phase = "Making the shared state"
            state = setup()
            self.phase = "The main thread"
            self.perform(state, bodies)
            self.alone = True
            for lane in self.lanes:
                races.join(self.director.clock, lane.clock)
            self.phase = "The final check"
            self.keeper = None  # what the final check writes down is the caller's
            if invariant is not None and invariant(state) is False:
                self._stop(Ending.BROKEN, self.director, "")
        except Abort:
            pass
        except AssertionError as error:
            self._stop(Ending.BROKEN, self.director, str(error), error)
        except BaseException as error:
            self._stop(Ending.RAISED, self.director, "", error)
        finally:
            del controlled[get_ident()]
            self._unwind()
            keeper.restore()
        if self.ending is None:
            self.ending = Ending.DONE

    def perform(self, state: Any, bodies: Sequence[Callable[[Any], object]]) -> None:
        """Run the bodies as threads until all have ended."""
        for lane, body in zip(self.lanes, bodies, strict=False):
            with outside():
                thread = threading.Thread(name=lane.name, daemon=True)
            thread._started = SoonStarted()  # type: ignore[attr-defined]
            lane.body, lane.fresh = body, True
            self._launch(self.director, lane, thread, partial(body, state))
        self.alone = False
        self.wait(self.director, AllDone(self))

    def spawn(self, parent: Lane, thread: threading.Thread) -> Lane:
        """Let code under test start `thread`, as one more lane."""
        if len(self.lanes) >= self.limits.threads:
            self.end(Ending.UNSUPPORTED, parent, f"the code started more than {self.limits.threads} threads.")
        lane = self._new_lane(thread.daemon)
        with outside():
            thread._started = threading.Event()  # type: ignore[attr-defined]  # a real one: start() waits for it
        self._launch(parent, lane, thread, thread.run)
        self.alone = False
        self.acts += 1
        return lane

    def _new_lane(self, daemon: bool = False) -> Lane:
        index = len(self.lanes)
        lane = Lane(self, index, chr(ord("A") + index) if index < 26 else f"T{index + 1}", daemon)
        self.lanes.append(lane)
        return lane

    def _launch(self, parent: Lane, lane: Lane, thread: threading.Thread, call: Callable[[], object]) -> None:
        races.join(lane.clock, parent.clock)
        lane.history = hash((lane.history, parent.history))
        races.tick(parent)

        def live() -> None:  # a closure: code under test can take a partial apart, and the run with it
            self._live(lane, call)

        thread.run = live  # type: ignore[method-assign]
        with outside():
            real_start(thread)
        lane.thread = thread
        lane.started = True

    def _live(self, lane: Lane, call: Callable[[], object]) -> None:
        own.thread = True
        controlled[get_ident()] = lane
        lane.baton.acquire()
        lane.fresh = False
        try:
            if not self.aborting:
                self.observe(lane, Action.START, None)
                call()
        except Abort:
            pass
        except BaseException as error:
            lane.error = error
        finally:
            self._finish(lane)
            del controlled[get_ident()]
            lane.gone.release()

    def _finish(self, lane: Lane) -> None:
        lane.done = True
        if self.aborting:
            return
        if lane.error is not None:
            self._stop(Ending.RAISED, lane, "", lane.error)
            self._call_director()
            return
        self.observe(lane, Action.END, None)
        self.spun.clear()
        with suppress(Abort):
            self._leave(lane)

    def observe(self, lane: Lane, action: Action, subject: object, frame: FrameType | None = None) -> None:
        if self.observer is not None:
            self.observer.event(lane, action, subject, frame)

    def _unwind(self) -> None:
        """End every thread that is left, one after another."""
        self.aborting = True
        lanes = sorted(self.lanes, key=lambda lane: lane is not self.current)
        for lane in lanes:
            if lane.thread is None:
                continue
            if lane is not self.current and not lane.done and lane.baton.locked():
                lane.baton.release()
            if lane.gone.acquire(timeout=GRACE):
                real_join(lane.thread)
            else:
                self.ending = Ending.UNSUPPORTED
                self.message = f"thread {lane.name} is stuck in something that cannot be interrupted."

    def is_cut(self) -> bool:
        """Return whether it ended because it took more steps or rounds than it may."""
        return self.jumps > self.limits.jumps or self.count > self.limits.steps

    # --- decision points ---

    def visit(self, lane: Lane, site: Site, frame: FrameType) -> None:
        """Stop before an instruction that matters; called from the monitoring callback, in the lane's thread."""
        if self.aborting:
            raise Abort
        lane.touching, lane.touches = site, site.touches(site, frame)
        if not lane.touches:
            return
        if self.alone:
            self._count_alone(lane)
        else:
            self.decide(lane, site)
        for touch in lane.touches:
            if touch.name is None or touch.name == "__dict__":
                touch = as_it_is(self.races.locate(touch))
            if self.keeper is not None:
                self.keeper.note(touch)
            if not self.alone:
                others = self.races.touch(lane, site, touch)
                if touch.writes:
                    self.acts += 1
                else:
                    lane.looked = True
                    lane.knows = lane.knows or site.switch or others
            if self.observer is not None:
                self.observer.access(lane, site, frame, touch)

    def begin(self, lane: Lane, site: Site, frame: FrameType) -> None:
        """Begin a function; called from the monitoring callback, in the lane's thread.

        Others may go on where a call into C is not one step, because it calls code under test in the middle:
        `functools.cache` and `defaultdict` look, call, and store what comes back; `list.sort` hides its items.
        """
        if self.alone or self.aborting:
            return
        caller = frame.f_back
        if caller is None or (caller.f_code.co_qualname, caller.f_lasti) != lane.touching.key[1::2]:
            return
        touches, lane.touches = [touch for touch in lane.touches if touch.name is None], []
        if touches:
            self.decide(lane, site)
        for touch in map(as_it_is, touches):
            self.races.touch(lane, site, touch)
            self.acts += touch.writes

    def _count_alone(self, lane: Lane) -> None:
        self.accesses += 1
        if self.accesses > _ALONE:
            self.end(Ending.ENDLESS, lane, f"had not ended after {self.accesses} steps.")

    def decide(self, lane: Lane, site: Site, waiting: Waiting | None = None) -> None:
        """Count a decision point of `lane`, which could go on, and hand the baton over if the plan says so.

        `waiting` is what the lane would wait for if others moved first: the lock that it is about to take.
        """
        lane.timed_out = False
        at = self._count(lane, site.hash)
        chosen = self.plan.choices.get(at, lane.index)
        if chosen != lane.index:
            self.preemptions += 1
            self.spun.clear()
            lane.waiting = waiting
            self._hand(lane, self._planned(chosen, at))
            lane.moved = True
            return
        if self.observer is not None:
            self.order.append(chosen)
        if not site.switch:
            return
        if at >= self.horizon and self._has_moved(lane):
            self._branch(at, lane, [(other, 1) for other, _ in self._others(lane)], inner=site.inner)
        lane.moved = True

    def _has_moved(self, lane: Lane) -> bool:
        """Return whether `lane` did anything that others can see since it was given the baton.

        If not, whoever could go on now could as well have been given the baton in its place, for no more preemptions.
        """
        return lane.moved or self.acts != lane.acts_before

    def goes_round(self, lane: Lane, site: Site) -> bool:
        """Count a jump back; return whether its thread goes round and round, looking and changing nothing.

        Called from the monitoring callback, in the lane's thread.
        """
        if self.aborting:
            raise Abort
        self.jumps += 1
        if self.jumps > self.limits.jumps:
            said = f"had not ended after {self.limits.jumps} rounds: it goes on for ever, or for very long."
            self.end(Ending.ENDLESS, lane, said)
        if not self.jumps & 1023:
            self._look_at_the_time(lane)
        changed = self.acts != lane.acts_seen
        if not (changed or lane.looked or lane.clocked):
            lane.rounds = 0
            return False
        lane.rounds = lane.rounds + 1 if lane.looked and not changed else 0
        lane.laps += site.touches is WHILE and (lane.looked or changed)
        lane.acts_seen = self.acts
        if lane.laps >= LAPS or lane.rounds >= (ROUNDS if lane.knows else _BLIND_ROUNDS):
            return True
        lane.looked = lane.knows = lane.clocked = False
        return False

    def give_way(self, lane: Lane, site: Site, frame: FrameType) -> None:
        """Make a thread that goes round and round let the others go on.

        Real schedulers are fair: nobody spins for ever while others could end the spinning. A loop in which
        everybody spins is a livelock.
        """
        knows, clocked = lane.knows, lane.clocked
        lane.looked = lane.knows = lane.clocked = False
        lane.laps = 0
        if not knows:
            lane.rounds = 0
        if site.touches is WHILE:
            self._give_up_hope(lane, frame)
        self._let_time_pass(lane, clocked)
        if self.acts != self._acts_spun:
            self.spun.clear()
        self._acts_spun = self.acts
        self.spun.add(lane.index)
        self._leave(lane)

    def _give_up_hope(self, lane: Lane, frame: FrameType) -> None:
        """End the run if it has long been going round in circles: nobody changed anything, not even local variables."""
        variables = slots(frame, 0, local_slots(frame.f_code)) if AVAILABLE else list(frame.f_locals.values())
        same = len(variables) == len(lane.variables) and all(map(is_, variables, lane.variables))
        lane.variables = variables
        self._fruitless = self._fruitless + 1 if same and self.acts == self._acts_seen else 0
        self._acts_seen = self.acts
        if self._fruitless > _FRUITLESS_ROUNDS:
            self.end(Ending.ENDLESS, lane, "goes on for ever, looking and waiting for what nobody will change.")

    def _let_time_pass(self, lane: Lane, clocked: bool) -> None:
        """Spinning takes time: a little where the clock is looked at, else until the next sleeper's deadline."""
        others = [other for other in (*self.lanes, self.director) if other is not lane]
        moments = [_deadline(other) for other in others if other.timed()]
        if clocked:
            moments.append(max(self.clock.now + _ROUND_TAKES, self.clock.now * _SLOWER))
        if moments and not any(other.able() for other in others):
            self.clock.advance(min(moments))

    def wait(self, lane: Lane, waiting: Waiting) -> bool:
        """Let others run until what `lane` waits for has come; return False if its deadline came first."""
        lane.waiting = waiting
        lane.timed_out = False
        self.spun.clear()
        self._leave(lane)
        return not lane.timed_out

    def _leave(self, lane: Lane) -> None:
        """Hand the baton over because `lane` waits or has ended."""
        at = self._count(lane, 0)
        options = self._fair(self._others(lane))
        if lane.able() or (lane.timed() and lane.is_hasty()):
            options.append((lane, 1))
        if all(cost for _, cost in options):
            options = self._by_the_clock(lane, options)
        if not options:
            self.order.append(lane.index)  # a decision, though there was nobody to give the baton to
            self.ended = tuple(each for each in self.lanes if each.done)
            self.stuck = tuple(
                (each, each.waiting) for each in (*self.lanes, self.director) if each.waiting and not each.done
            )
            self.end(Ending.DEADLOCK, lane)
        default, _ = options[0]
        if at in self.plan.choices:
            default = self._planned(self.plan.choices[at], at)
            self.preemptions += dict(options).get(default, 0)
        elif at >= self.horizon:
            self._branch(at, None, options[1:])
        self._hand(lane, default)

    def _fair(self, options: list[tuple[Lane, int]]) -> list[tuple[Lane, int]]:
        """Let the others go before those who span in vain, so that these do not hand over to each other for ever."""
        if not self.spun or all(cost or other.index in self.spun for other, cost in options):
            return options
        return sorted([(other, cost or int(other.index in self.spun)) for other, cost in options], key=itemgetter(1))

    def _by_the_clock(self, lane: Lane, options: list[tuple[Lane, int]]) -> list[tuple[Lane, int]]:
        """Let the earliest deadline pass, or `lane` stay, when nobody else could go on."""
        timed = [each for each in (*self.lanes, self.director) if each.timed()]
        first = min(timed, key=_deadline, default=None)
        if lane.able() and (first is None or _deadline(first) > self.clock.now):
            first = lane
        rest = [(other, 1) for other, _ in options if other is not first]
        return rest if first is None else [(first, 0), *rest]

    def _others(self, lane: Lane) -> list[tuple[Lane, int]]:
        """Return who else could run if `lane` stopped, and whether that takes somebody being slow."""
        at = lane.index + 1
        others = [*self.lanes[at:], *self.lanes[: max(at - 1, 0)]]
        if lane is not self.director:
            others.append(self.director)
        options = [(other, 0) for other in others if other.able() and not self._has_twin(other, others)]
        return options + [(other, 1) for other in others if other.timed() and other.is_hasty()]

    def _has_twin(self, lane: Lane, others: Sequence[Lane]) -> bool:
        """Return whether another lane with the same body is about to begin as well: the two are interchangeable."""
        return lane.fresh and any(
            other.fresh and other.index < lane.index and other.body is lane.body for other in others
        )

    def _count(self, lane: Lane, where: int) -> int:
        at = self.count
        self.count = at + 1
        self.trace = hash((self.trace, lane.index, where))
        if at == self.plan.horizon - 1 and self.plan.trace is not None and self.trace != self.plan.trace:
            self.end(Ending.DIVERGED, lane)
        if at >= self.limits.steps:
            self.end(
                Ending.ENDLESS,
                lane,
                f"had not ended after {self.limits.steps} steps: it goes on for ever, or for very long.",
            )
        if not at & 255:
            self._look_at_the_time(lane)
        return at

    def _planned(self, index: int, at: int) -> Lane:
        lane = self.director if index == DIRECTOR else self.lanes[index] if index < len(self.lanes) else None
        if lane is None or not (lane.able() or lane.timed()):
            self.end(Ending.DIVERGED, self.current)
        return lane

    def _branch(self, at: int, running: Lane | None, options: list[tuple[Lane, int]], *, inner: bool = False) -> None:
        if self.visited is None or not options:
            return
        state = hash(
            (
                running and running.index,
                self.clock.now,
                frozenset(self.spun),
                tuple([(lane.history, lane.is_waiting(), lane.done) for lane in self.lanes]),
            )
        )
        if self.visited.get(state, self.bound + 1) <= self.preemptions:
            self.horizon = sys.maxsize  # whatever can follow has been tried from here already
            return
        self.visited[state] = self.preemptions
        for lane, cost in options:
            if self.preemptions + cost <= self.bound:
                self.branches.append(Branch(at, lane.index, self.preemptions + cost, self.trace, inner))

    def _hand(self, lane: Lane, other: Lane) -> None:
        """Give the baton to `other`, which may be `lane` itself, and wait until it comes back."""
        if self.observer is not None:
            self.order.append(other.index)
        other.moved, other.acts_before = False, self.acts
        if other.waiting is not None and not other.waiting.ready():
            other.timed_out = other.moved = True
            self.clock.advance(other.waiting.deadline or 0)
        other.waiting = None
        if other is lane:
            return
        self.current = other
        other.baton.release()
        if lane.done:
            return
        lane.baton.acquire()
        if self.aborting:
            raise Abort

    # --- the end ---

    def end(self, ending: Ending, culprit: Lane, message: str = "") -> NoReturn:
        """End the run now; must be called in the thread that has the baton."""
        self._stop(ending, culprit, message)
        self._call_director()
        raise Abort

    def abandon(self, ending: Ending, message: str) -> None:
        """End the run as soon as the thread that has the baton notices; may be called in any thread."""
        self._stop(ending, self.current, message)
        self._call_director()

    def _stop(self, ending: Ending, culprit: Lane, message: str, error: BaseException | None = None) -> None:
        self.aborting = True
        if self.ending is None:
            self.ending, self.culprit, self.message, self.error = ending, culprit, message, error

    def _call_director(self) -> None:
        if self.director.baton.locked():
            self.director.baton.release()

    def _look_at_the_time(self, lane: Lane) -> None:
        if real_monotonic() > self.limits.deadline:
            self.end(Ending.OUT_OF_TIME, lane)


def _deadline(lane: Lane) -> float:
    assert lane.waiting is not None and lane.waiting.deadline is not None
    return lane.waiting.deadline
