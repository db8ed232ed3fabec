"""What a schedule says, row by row: the part of every picture that does not depend on how it is drawn.

Feeds on the records of `schedule`; feeds `text` and `draw`. Nothing here knows colours or pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from helpers.interleave.escaping import printable
from helpers.interleave.schedule import Action, Schedule, Step, Wait

WAITING = frozenset({Action.BLOCK, Action.WAIT, Action.JOIN})
LOCKING = frozenset({Action.ACQUIRE, Action.TRY, Action.BLOCK, Action.RELEASE, Action.WAIT, Action.NOTIFY})
CHANGING = frozenset({Action.WRITE, Action.DELETE, Action.CALL})
UNKNOWN = "?"  # a value that no step has told
SILENT = frozenset({Action.START, Action.END})  # the first and last step of a lane say so already

_WORDS = {
    Action.START: "starts",
    Action.READ: "reads {target}",
    Action.WRITE: "writes {target}",
    Action.DELETE: "deletes {target}",
    Action.CALL: "uses {target}",
    Action.ACQUIRE: "takes {target}",
    Action.TRY: "tries {target} in vain",
    Action.BLOCK: "waits for {target}",
    Action.RELEASE: "releases {target}",
    Action.WAIT: "waits on {target}",
    Action.NOTIFY: "notifies {target}",
    Action.SLEEP: "sleeps",
    Action.SPAWN: "starts {target}",
    Action.JOIN: "waits for {target} to end",
    Action.AWAIT: "awaits {target}",
    Action.RAISE: "raises {target}",
    Action.END: "ends",
}
_BEFORE_VALUE = {Action.CALL: " → ", Action.SLEEP: " ", Action.RAISE: ": "}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a picture: a single step, or a run of steps folded into one line.

    Attributes:
        steps: Indices into `Schedule.steps`.
        number: What the first of them is called in the picture, counting from 1.
    """

    steps: tuple[int, ...]
    number: int

    @property
    def folded(self) -> bool:
        """Whether the row stands for several steps."""
        return len(self.steps) > 1

    @property
    def last(self) -> int:
        """Index of the last step of the row."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class State:
    """What all threads could see after one step: shared values, and who holds each lock ("" for nobody)."""

    values: dict[str, str]
    holders: dict[str, str]


@dataclass(frozen=True, slots=True)
class LockSpan:
    """A stretch of steps, both ends included, in which a thread holds a lock or waits for something."""

    thread: str
    lock: str
    first: int
    last: int
    waiting: bool


@dataclass(frozen=True, slots=True)
class Memory:
    """A value that a thread read and still used after another thread had changed the original."""

    thread: str
    target: str
    value: str
    read: int
    write: int


def words(step: Step) -> str:
    """Say in plain words what a step did, without the name of its thread: "reads value = 5"."""
    said = _WORDS[step.action].format(target=step.target).rstrip()
    if step.action is Action.CALL:
        said = f"{'runs' if '= ' in step.call else 'calls'} {step.call}" if step.call else f"uses {step.target}"
    if not step.value:
        return said
    return said + _BEFORE_VALUE.get(step.action, " = ") + step.value


def lane(schedule: Schedule, thread: str) -> str:
    """Name a lane for a heading: "Thread A", or "Task A" when the lanes are asyncio tasks."""
    kind = "Task" if any(step.action is Action.AWAIT for step in schedule.steps) else "Thread"
    return f"{kind} {thread}"


def title(schedule: Schedule) -> str:
    """The message of a schedule's picture: its outcome, or that nothing went wrong."""
    if schedule.outcome:
        return schedule.outcome
    names = " and ".join(filter(None, (", ".join(schedule.threads[:-1]), *schedule.threads[-1:])))
    return f"Nothing went wrong in this order of {names}." if names else "No steps were recorded."


def source(step: Step) -> str:
    """The line of code behind a step, with its number: "line 7: self.value += 1"."""
    return ": ".join(filter(None, (f"line {step.line}" * bool(step.line), step.source)))


def locks(schedule: Schedule) -> tuple[str, ...]:
    """Names of all locks that some thread held, in the order in which they were first taken."""
    return tuple(dict.fromkeys(name for step in schedule.steps for name in step.held))


def targets(schedule: Schedule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the shared values that changed, what the failure is about first; and of those only read."""
    taken = set(locks(schedule))
    seen = [s for s in schedule.steps if s.action in CHANGING | {Action.READ} and s.target not in taken]
    changed = dict.fromkeys(s.target for s in seen if s.action is not Action.READ)
    about = involved(schedule)
    only_read = dict.fromkeys(s.target for s in seen if s.target not in changed)
    return tuple(sorted(changed, key=lambda name: name not in about)), tuple(only_read)


def states(schedule: Schedule) -> tuple[State, ...]:
    """What could be seen before the first step and after each step: one more entry than there are steps.

    What a call makes of a container is told by the next step that looks at it.
    """
    accessed = dict.fromkeys(s.target for s in schedule.steps if s.action in CHANGING | {Action.READ})
    values = {target: _seen_next(schedule.steps, target) for target in accessed}
    held: dict[str, tuple[str, ...]] = {}
    names = locks(schedule)
    seen = [State(dict(values), dict.fromkeys(names, ""))]
    for i, step in enumerate(schedule.steps):
        held[step.thread] = step.held
        if step.action in {Action.READ, Action.WRITE}:
            values[step.target] = step.value
        elif step.action is Action.DELETE:
            values[step.target] = ""
        elif step.action is Action.CALL:
            values[step.target] = _seen_next(schedule.steps[i + 1 :], step.target)
        holders = {name: ", ".join(who for who in sorted(held) if name in held[who]) for name in names}
        seen.append(State(dict(values), holders))
    return tuple(seen)


def _seen_next(steps: tuple[Step, ...], target: str) -> str:
    """The value that the next access to `target` found; "?" if none tells."""
    following = next((s for s in steps if s.action in CHANGING | {Action.READ} and s.target == target), None)
    if following is None or following.action is Action.CALL:
        return UNKNOWN
    return following.value if following.action is Action.READ else following.before


def spans(schedule: Schedule) -> tuple[LockSpan, ...]:
    """All stretches in which a thread holds a lock or waits, by thread and then by time."""
    end = len(schedule.steps) - 1
    found = []
    for thread in schedule.threads:
        own = [i for i, step in enumerate(schedule.steps) if step.thread == thread]
        for name in locks(schedule):
            for holding, run in groupby(own, key=lambda i: name in schedule.steps[i].held):
                if holding:
                    first = next(run)
                    release = next((i for i in own if i > first and name not in schedule.steps[i].held), end)
                    found.append(LockSpan(thread, name, first, release, waiting=False))
        for i, after in zip(own, [*own[1:], end + 1], strict=True):
            step = schedule.steps[i]
            if step.action in WAITING:
                found.append(LockSpan(thread, step.target, i, after - 1, waiting=True))
    for wait in schedule.waits:
        own = [i for i, step in enumerate(schedule.steps) if step.thread == wait.thread]
        if own and schedule.steps[own[-1]].action not in WAITING:  # it was stopped just before it asked
            found.append(LockSpan(wait.thread, wait.resource, min(own[-1] + 1, end), end, waiting=True))
    return tuple(found)


def memory(schedule: Schedule) -> Memory | None:
    """Find the stale read behind a lost update: a read, a write by another thread, a write based on the read.

    Looks at the fatal step first; where that is no such write (an invariant checked at the end), the last.
    """
    if not schedule.outcome or schedule.waits:
        return None
    writes = [i for i, step in enumerate(schedule.steps) if step.action is Action.WRITE]
    for write in sorted(writes, key=lambda i: (i != schedule.fatal, -i)):
        last = schedule.steps[write]
        stale = False
        for read in range(write - 1, -1, -1):
            step = schedule.steps[read]
            if step.target != last.target:
                continue
            if step.thread != last.thread:
                stale = stale or step.action is Action.WRITE
            elif step.action is Action.READ and stale:
                return Memory(step.thread, step.target, step.value, read, write)
            else:
                break
    return None


def involved(schedule: Schedule) -> frozenset[str]:
    """Names of the values and locks that the failure is about."""
    names = {wait.resource for wait in schedule.waits}
    if schedule.fatal is not None:
        names.add(schedule.steps[schedule.fatal].target)
    if (stale := memory(schedule)) is not None:
        names.add(stale.target)
    return frozenset(names)


def rows(schedule: Schedule, limit: int = 24) -> tuple[Row, ...]:
    """Cut a schedule into the rows of a picture.

    Starts and ends of threads get no row. A schedule that still has more than `limit` steps is folded: a loop
    that goes round and round to the fatal step is shown going round twice; what is left keeps its reads and
    writes of what the failure is about, its lock steps and its fatal step; if those are too many as well, the
    first ones and those up to the fatal step.

    Args:
        schedule: What to cut.
        limit: The most steps that are shown in full; at least 6.
    """
    steps = schedule.steps
    shown = [i for i, s in enumerate(steps) if s.action not in SILENT or i == schedule.fatal or s.value]
    if len(shown) <= limit:
        return tuple(Row((i,), number) for number, i in enumerate(shown, 1))
    until = len(shown) if schedule.fatal is None else shown.index(schedule.fatal) + 1
    period, repeats = _loop([steps[i] for i in shown[:until]])
    middle = set(shown[until - (repeats - 1) * period : until - period]) if repeats > 3 else set()
    keep = [i for i in shown if i not in middle]
    if len(keep) > limit:
        about = involved(schedule)
        keep = [
            i
            for i in keep
            if i == schedule.fatal or steps[i].target in about or steps[i].action in LOCKING | {Action.SPAWN}
        ] or keep
    if len(keep) > limit:
        end = len(keep) if schedule.fatal is None else keep.index(schedule.fatal) + 1
        head = limit // 3
        keep = keep[:head] + keep[max(head, end - (limit - head)) : end]
    stale = memory(schedule)
    anchors = (schedule.fatal, stale.read, stale.write) if stale else (schedule.fatal,)
    return tuple(_fold(shown, {*keep, *(i for i in anchors if i is not None)}))


def _loop(steps: list[Step]) -> tuple[int, int]:
    """Length of the loop that ends a run and how often it was gone round; (0, 0) if there is none."""
    for period in range(1, min(40, len(steps) // 4) + 1):
        same = 0
        while same + period < len(steps) and steps[-1 - same] == steps[-1 - same - period]:
            same += 1
        if same >= 3 * period:
            return period, same // period + 1
    return 0, 0


def _fold(shown: list[int], kept: set[int]) -> Iterator[Row]:
    number = 1
    for keeping, run in groupby(shown, key=lambda i: i in kept):
        steps = tuple(run)
        if keeping:
            yield from (Row((i,), number + offset) for offset, i in enumerate(steps))
        else:
            yield Row(steps, number)
        number += len(steps)


def cycle(waits: tuple[Wait, ...]) -> tuple[Wait, ...]:
    """The waits that form a circle, in its order; () if there is none."""
    for start in waits:
        path = [start]
        while (step := next((w for w in waits if w.thread == path[-1].owner), None)) and step not in path:
            path.append(step)
        if step is not None:
            return tuple(path[path.index(step) :])
    return ()


def waiting(schedule: Schedule) -> tuple[str, ...]:
    """One sentence for each wait-for edge of a deadlock."""
    return tuple(
        f"{lane(schedule, wait.thread)} waits for {wait.resource}"
        + (_end_of(wait) or (f", held by {lane(schedule, wait.owner)}." if wait.owner else _NEVER))
        for wait in schedule.waits
    )


def _end_of(wait: Wait) -> str:
    return " to end." if wait.resource == f"thread {wait.owner}" else ""


_NEVER = ", which nobody will ever provide."


def alt(schedule: Schedule) -> str:
    """Describe the picture of a schedule in words, for screen readers and as the plain text beside it."""
    said = [title(schedule)]
    for row in rows(schedule):
        if row.folded:
            said.append(f"Steps {row.number} to {row.number + len(row.steps) - 1} are left out.")
            continue
        step = schedule.steps[row.last]
        where = f" (line {step.line})" if step.line else ""
        mark = " Here it goes wrong." if row.last == schedule.fatal else ""
        said.append(f"Step {row.number}: {lane(schedule, step.thread)} {words(step)}{where}.{mark}")
    return printable(" ".join((*said, *waiting(schedule))))
