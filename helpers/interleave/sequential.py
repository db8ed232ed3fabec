"""What a class does when its operations are called one after another: the specification that it sets itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Any

from helpers.interleave.scenarios import Operation, Order, Scenario, orders
from helpers.interleave.schedule import Action, Exploration, Verdict
from helpers.interleave.search import explore
from helpers.interleave.snapshot import Result, result_of

_BATCH = 50  # sequences run in one exploration: many, for speed; not all, so that one that hangs costs little

type Observer = Operation | Callable[[Any], object] | None
type _Sequence = tuple[int, ...]  # calls in order, as places in the list of operations


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the calls of a scenario gave: results by thread, and what was observed in the end (None: nothing)."""

    results: tuple[tuple[Result, ...], ...]
    observed: Result | None


@dataclass(frozen=True, slots=True)
class Sequential:
    """What the orders of one scenario give.

    Attributes:
        outcomes: By order, for every order in which all calls come back.
        orders: How many orders there are.
        may_block: Whether some order leads to where every thread that has calls left would wait for ever.
    """

    outcomes: dict[Order, Outcome]
    orders: int
    may_block: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A call that, with nothing else running, does what no call may do.

    It never ends, waits for a lock that is never released, or ends the program.

    Attributes:
        calls: What was called one after another, the broken call last; () if the object could not even be made.
        exploration: How that ended.
    """

    calls: tuple[Operation, ...]
    exploration: Exploration


@dataclass(slots=True)
class _Progress:
    """How far a batch has come; kept outside the run, which may end in the middle of a call."""

    results: dict[_Sequence, tuple[tuple[Result, ...], Result | None]] = field(default_factory=dict)
    sequence: _Sequence = ()
    made: bool = False  # whether the object exists
    calls: int = 0  # that came back, of `sequence`


class Specification:
    """Runs sequences of calls on fresh objects, in one thread and under control, and remembers what they gave.

    Attributes:
        operations: The calls that sequences are made of.
    """

    def __init__(
        self,
        factory: Callable[[], Any],
        operations: Sequence[Operation],
        observe: Observer,
        max_steps: int,
    ) -> None:
        """Take over what all scenarios have in common; nothing runs yet."""
        self._factory = factory
        self.operations = list(operations)
        self._observe = observe
        self._max_steps = max_steps
        self._results: dict[_Sequence, tuple[tuple[Result, ...], Result | None]] = {}
        self._blocked: set[_Sequence] = set()  # the last call waits for ever, as nobody is left to wake it

    def of(self, scenario: Scenario, seconds: float) -> Sequential | Broken:
        """Return what every order of a scenario gives."""
        # By identity: the arguments need not be hashable.
        places = {id(operation): place for place, operation in enumerate(self.operations)}
        programs = [[places[id(operation)] for operation in calls] for calls in scenario]
        sequences = {order: _sequence(programs, order) for order in orders(scenario)}
        broken = self._learn(list(dict.fromkeys(sequences.values())), seconds)
        if broken is not None:
            return broken
        outcomes = {
            order: self._outcome(order, sequence, len(scenario))
            for order, sequence in sequences.items()
            if sequence in self._results
        }
        return Sequential(outcomes, len(sequences), self._may_block(programs))

    def _learn(self, sequences: list[_Sequence], seconds: float) -> Broken | None:
        """Run the sequences that are not known yet."""
        waiting = sequences
        while waiting := [each for each in waiting if not self._is_known(each)]:
            progress = _Progress()
            body = partial(_in_turn, self._factory, self.operations, self._observe, waiting[:_BATCH], progress)
            found = explore(_nothing, [body], preemptions=0, max_steps=self._max_steps, seconds=seconds)
            self._results.update(progress.results)
            if found.verdict is Verdict.HOLDS:
                continue
            reached = progress.sequence[: progress.calls + 1] if progress.made else ()
            in_call = progress.made and progress.calls < len(progress.sequence)
            if found.verdict is not Verdict.DEADLOCK or not in_call or _stuck_at_a_lock(found):
                return Broken(tuple(self.operations[place] for place in reached), found)
            self._blocked.add(reached)
        return None

    def _is_known(self, sequence: _Sequence) -> bool:
        return sequence in self._results or any(
            start in self._blocked for start in accumulate(zip(sequence), lambda done, call: done + call)
        )

    def _outcome(self, order: Order, sequence: _Sequence, threads: int) -> Outcome:
        results, observed = self._results[sequence]
        by_thread = (
            tuple(result for result, whose in zip(results, order, strict=True) if whose == thread)
            for thread in range(threads)
        )
        return Outcome(tuple(by_thread), observed)

    def _may_block(self, programs: list[list[int]], done: _Sequence = ()) -> bool:
        """Whether all threads that have calls left can come to wait for ever, `done` having been called."""
        able = [
            (thread, program[0])
            for thread, program in enumerate(programs)
            if program and (*done, program[0]) not in self._blocked
        ]
        if not able:
            return any(programs)
        return any(
            self._may_block([*programs[:thread], programs[thread][1:], *programs[thread + 1 :]], (*done, call))
            for thread, call in able
        )


def observed(observe: Observer, subject: Any) -> Result | None:
    """What an observer sees of an object; None without an observer."""
    if observe is None:
        return None
    return result_of(partial(observe.call if isinstance(observe, Operation) else observe, subject))


def _sequence(programs: list[list[int]], order: Order) -> _Sequence:
    left = [iter(program) for program in programs]
    return tuple(next(left[thread]) for thread in order)


def _in_turn(
    factory: Callable[[], Any],
    operations: list[Operation],
    observe: Observer,
    sequences: list[_Sequence],
    progress: _Progress,
    _: None,
) -> None:
    for sequence in sequences:
        progress.sequence, progress.made, progress.calls = sequence, False, 0
        subject = factory()
        progress.made = True
        results = []
        for place in sequence:
            results.append(result_of(partial(operations[place].call, subject)))
            progress.calls += 1
        progress.results[sequence] = tuple(results), observed(observe, subject)


def _nothing() -> None:
    """Make no shared state: every sequence makes an object of its own."""


def _stuck_at_a_lock(exploration: Exploration) -> bool:
    """Whether a run got stuck at a lock or at a thread's end, rather than waiting to be notified."""
    assert exploration.failure is not None
    own = [step for step in exploration.failure.steps if step.thread == "A"]
    return bool(own) and own[-1].action in {Action.BLOCK, Action.JOIN}
