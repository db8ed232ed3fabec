"""Is a class thread-safe? Every concurrent result must be one that some sequential order of the calls gives, too.

    result = check_linearizable(BoundedQueue, [Operation("put", (1,)), Operation("put", (2,)), Operation("get")])
    print(result.sentence())

The definition is linearizability (Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects",
TOPLAS 1990). The way to check it is Lincheck's (Koval et al., "Lincheck: A Practical Framework for Testing Concurrent
Data Structures on JVM", CAV 2023): small scenarios, each explored exhaustively up to a bound, the failing one
minimised.

Which waiting counts as a failure. A call that waits for a notification which nobody is left to send (`get` on an empty
queue) is no failure by itself. An order of calls that leads there explains nothing and is left out; a scenario in which
some order leaves *every* thread waiting like that is not run at all, since waiting for ever is right there. In all
others some call can always go on, so a deadlock is a failure. A call that, with nothing else running, waits for a lock
is always one: its lock was never released.

Real time. An order explains a run only if it keeps every two calls in order of which one came back before the other was
made. The explorer makes one run of each set of equivalent runs (same order of all conflicting accesses), the one with
the fewest preemptions first; real time is checked on the runs made.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from helpers.interleave.primitives import let_others_go_first
from helpers.interleave.scenarios import SHAPES, Operation, Order, Scenario, possible, scenarios, smaller
from helpers.interleave.schedule import Exploration, Schedule, Verdict
from helpers.interleave.search import explore
from helpers.interleave.sequential import Broken, Observer, Outcome, Sequential, Specification, observed
from helpers.interleave.snapshot import Result, result_of

__all__ = ["Linearizability", "Operation", "check_linearizable"]

_SMALL = 128  # scenarios of each of the two smallest shapes: all of them, for up to five operations
_SKIPS = 4  # scenarios that may be passed over for each one that is run


@dataclass(frozen=True, slots=True)
class Linearizability:
    """What a check found.

    Attributes:
        verdict: HOLDS if every scenario was explored to its end and every run explained; FAILS, DEADLOCK or LIVELOCK
            for the first scenario that was not; INCONCLUSIVE if some scenario could not be decided and none failed.
        scenarios: How many scenarios were explored.
        skipped: How many were not run, because waiting for ever is right in them.
        schedules: How many schedules were run in all.
        possible: How many scenarios of these sizes there are; where that is more, those explored are a sample.
        bound: The preemption bound of every exploration.
        scenario: The smallest failing scenario; () if there is none.
        results: What its calls gave, by thread, in words; shorter where calls did not come back.
        observed: What the observer saw, in words; "" without one.
        orders: How many sequential orders were tried to explain the failure.
        failure: The failing schedule.
        explanation: For a failure, one sentence for a student.
        reason: For INCONCLUSIVE, one sentence; else "".
    """

    verdict: Verdict
    scenarios: int
    skipped: int
    schedules: int
    possible: int
    bound: int
    scenario: Scenario = ()
    results: tuple[tuple[str, ...], ...] = ()
    observed: str = ""
    orders: int = 0
    failure: Schedule | None = None
    explanation: str = ""
    reason: str = ""

    def sentence(self) -> str:
        """Say what was found, promising exactly what was explored."""
        if self.verdict is Verdict.HOLDS:
            sample = f", a sample of {self.possible}" if self.scenarios + self.skipped < self.possible else ""
            return (
                f"No failing schedule with at most {self.bound} preemptions in {self.scenarios} scenarios{sample}"
                f" ({self.schedules} schedules explored)."
            )
        return f"Not decided: {self.reason}" if self.verdict is Verdict.INCONCLUSIVE else self.explanation


@dataclass(slots=True)
class _History:
    """One concurrent run: what its calls gave, and when each was made and came back."""

    subject: Any
    results: list[list[Result]]
    spans: list[list[tuple[int, int]]]
    moment: int = 0
    observed: Result | None = None

    def tick(self) -> int:
        """Count the moments at which a call is made or comes back."""
        self.moment += 1
        return self.moment

    def outcome(self) -> Outcome:
        """What can be compared with a sequential run."""
        return Outcome(tuple(map(tuple, self.results)), self.observed)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one scenario showed."""

    scenario: Scenario
    exploration: Exploration
    sequential: Sequential | None = None  # None: it fails without any concurrency
    history: _History | None = None


@dataclass(slots=True)
class _Check:
    """What stays the same over all scenarios of one check, and the tally."""

    factory: Callable[[], Any]
    observe: Observer
    specification: Specification
    preemptions: int
    max_steps: int
    deadline: float
    explored: int = 0
    skipped: int = 0
    schedules: int = 0
    undecided: list[str] = field(default_factory=list)

    def seconds(self) -> float:
        """Real seconds that are left."""
        return max(self.deadline - time.monotonic(), 0.01)

    def examine(self, scenario: Scenario) -> _Finding | None:
        """Explore one scenario; None if waiting for ever is right in it."""
        sequential = self.specification.of(scenario, self.seconds())
        if isinstance(sequential, Broken):
            return _Finding((sequential.calls,), sequential.exploration)
        if sequential.may_block:
            self.skipped += 1
            return None
        histories: list[_History] = []
        exploration = explore(
            partial(_begin, self.factory, len(scenario), histories),
            [partial(_perform, thread, calls) for thread, calls in enumerate(scenario)],
            partial(_judge, self.observe, scenario, sequential),
            preemptions=self.preemptions,
            max_steps=self.max_steps,
            seconds=self.seconds(),
        )
        self.explored += 1
        self.schedules += exploration.schedules
        return _Finding(scenario, exploration, sequential, histories[-1] if histories else None)

    def minimise(self, finding: _Finding) -> _Finding:
        """Leave out calls for as long as the rest still fails."""
        for scenario in smaller(finding.scenario):
            if not scenario:
                continue
            found = self.examine(scenario)
            if found is not None and _failed(found):
                return self.minimise(found)
        return finding


def check_linearizable(
    factory: Callable[[], Any],
    operations: Sequence[Operation],
    *,
    observe: Observer = None,
    preemptions: int = 2,
    per_shape: int = 6,
    seed: int = 0,
    max_steps: int = 20_000,
    seconds: float = 30.0,
) -> Linearizability:
    """Check that a class behaves under concurrency as if its calls were made one after another.

    Args:
        factory: Makes a fresh object: the class, or a function without arguments.
        operations: The calls to combine, with their arguments. Different arguments tell results apart. A lock must
            not be an argument itself; inside an object or a function it may be.
        observe: Looks at the object when all calls have come back: an operation, or a function of the object.
        preemptions: The bound of each exploration.
        per_shape: How many scenarios to run of each larger shape (2 or 3 threads, 1 to 3 calls in each), after up to
            128 each of the two smallest: one call against one, and two against one.
        seed: Decides which ones, where there are more.
        max_steps: See `explore`.
        seconds: Real seconds for everything; what is not decided by then is INCONCLUSIVE.

    Raises:
        ValueError: There are no operations.
        MonitoringTaken: See `explore`.
    """
    if not operations:
        raise ValueError("Name at least one operation to check.")
    specification = Specification(factory, operations, observe, max_steps)
    check = _Check(factory, observe, specification, preemptions, max_steps, time.monotonic() + seconds)
    for shape in SHAPES:
        run = passed = 0
        for scenario in scenarios(operations, shape, seed):
            most = _SMALL if shape in ((1, 1), (2, 1)) else per_shape
            if run == most or passed == _SKIPS * most:
                break
            if time.monotonic() > check.deadline:
                check.undecided.append(f"the limit of {seconds:g} seconds was reached.")
                return _report(check, None)
            found = check.examine(scenario)
            if found is None:
                passed += 1
                continue
            run += 1
            if _failed(found):
                return _report(check, check.minimise(found))
            if found.exploration.verdict is Verdict.INCONCLUSIVE:
                check.undecided.append(found.exploration.reason)
                if found.sequential is None:  # what cannot be told of one thread will not be told of two
                    return _report(check, None)
    if not check.explored and not check.undecided:
        check.undecided.append("in every scenario the calls may wait for each other for ever.")
    return _report(check, None)


# --- one run ---


def _begin(factory: Callable[[], Any], threads: int, histories: list[_History]) -> _History:
    history = _History(factory(), [[] for _ in range(threads)], [[] for _ in range(threads)])
    histories.append(history)
    del histories[:-1]
    return history


def _perform(thread: int, calls: tuple[Operation, ...], history: _History) -> None:
    for place, operation in enumerate(calls):
        if place:
            let_others_go_first()
        made = history.tick()
        result = result_of(partial(operation.call, history.subject))
        history.results[thread].append(result)
        history.spans[thread].append((made, history.tick()))


def _judge(observe: Observer, scenario: Scenario, sequential: Sequential, history: _History) -> None:
    history.observed = observed(observe, history.subject)
    if not _explained(sequential, history):
        raise AssertionError(_no_order_gives(scenario, sequential, history, observe))


def _explained(sequential: Sequential, history: _History) -> bool:
    """Whether some sequential order gives what the run gave and agrees with its real time."""
    outcome = history.outcome()
    return any(given == outcome and _in_real_time(order, history) for order, given in sequential.outcomes.items())


def _in_real_time(order: Order, history: _History) -> bool:
    """Whether no call stands in `order` after one that was made only when it had already come back."""
    turns = [iter(spans) for spans in history.spans]
    latest = 0  # moment at which the latest call so far was made
    for thread in order:
        made, back = next(turns[thread])
        if back < latest:
            return False
        latest = max(latest, made)
    return True


def _failed(finding: _Finding) -> bool:
    return finding.exploration.verdict in {Verdict.FAILS, Verdict.DEADLOCK, Verdict.LIVELOCK}


# --- words ---


def _report(check: _Check, finding: _Finding | None) -> Linearizability:
    everything = sum(possible(check.specification.operations, shape) for shape in SHAPES)
    tally = (check.explored, check.skipped, check.schedules, everything, check.preemptions)
    if finding is None:
        if check.undecided:
            return Linearizability(Verdict.INCONCLUSIVE, *tally, reason=check.undecided[0])
        return Linearizability(Verdict.HOLDS, *tally)
    history = finding.history
    return Linearizability(
        finding.exploration.verdict,
        *tally,
        scenario=finding.scenario,
        results=tuple(tuple(r.said for r in results) for results in history.results) if history else (),
        observed=history.observed.said if history and history.observed else "",
        orders=finding.sequential.orders if finding.sequential else 1,
        failure=finding.exploration.failure,
        explanation=_explanation(check, finding),
    )


def _explanation(check: _Check, finding: _Finding) -> str:
    failure, history = finding.exploration.failure, finding.history
    assert failure is not None
    if finding.sequential is None or history is None:
        calls = ", then ".join(map(str, finding.scenario[0])) or "Making the object"
        return f"{calls} goes wrong even with nothing else running: {failure.outcome}"
    if all(len(r) == len(calls) for r, calls in zip(history.results, finding.scenario, strict=True)):
        return _no_order_gives(finding.scenario, finding.sequential, history, check.observe)
    programs = (f"thread {_name(i)}'s {', '.join(map(str, calls))}" for i, calls in enumerate(finding.scenario))
    return (
        f"Run at the same time, {' and '.join(programs)} do not all come back,"
        f" though one after the other they do: {failure.outcome}"
    )


def _no_order_gives(scenario: Scenario, sequential: Sequential, history: _History, observe: Observer) -> str:
    """Say what the calls gave, and what they would give one after another."""
    labels, given, possible = [], [], []
    for thread, calls in enumerate(scenario):
        for place, call in enumerate(calls):
            labels.append(f"then its {call}" if place else f"thread {_name(thread)}'s {call}")
            given.append(history.results[thread][place])
            possible.append([outcome.results[thread][place] for outcome in sequential.outcomes.values()])
    if any(result.said for result in given):
        said = _listed([f"{label} {result.said or 'ran'}" for label, result in zip(labels, given, strict=True)])
    else:
        said = f"{_listed(labels)} {'both' if len(labels) == 2 else 'all'} ran"
    if history.observed is not None:
        labels.append("they")
        given.append(history.observed)
        possible.append([outcome.observed for outcome in sequential.outcomes.values() if outcome.observed])
        name = str(observe) if isinstance(observe, Operation) else "the object in the end"
        said += f", yet {name} {history.observed.said or 'gave None'}"
    said = said[:1].upper() + said[1:]
    for label, result, could in zip(labels, given, possible, strict=True):
        if result not in could:
            return f"{said}; run one after the other {label.removeprefix('then ')} would {_would(could)}."
    return f"{said}; no order of these calls, one after the other, gives all that."


def _would(results: Sequence[Result]) -> str:
    """Turn "gave 1" and "gave 2" into "give 1 or 2"."""
    said = dict.fromkeys(result.said or "gave None" for result in results)
    given = sorted(each.removeprefix("gave ") for each in said if each.startswith("gave "))
    raised = sorted(each.removeprefix("raised ") for each in said if each.startswith("raised "))
    parts = [f"{verb} {' or '.join(each)}" for verb, each in (("give", given), ("raise", raised)) if each]
    return " or ".join(parts)


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _name(thread: int) -> str:
    return chr(ord("A") + thread)
