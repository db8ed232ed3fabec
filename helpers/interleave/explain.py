"""Says in one sentence what went wrong in a run, for readers who know threads and locks and nothing else."""

from helpers.interleave.lanes import DIRECTOR, AllDone, Awaiting, Joining, Lane
from helpers.interleave.primitives import Filled, Free
from helpers.interleave.recorder import Recorder, first_line
from helpers.interleave.schedule import Action, Schedule, Step, Wait
from helpers.interleave.scheduler import Ending, Run

CHANCE = (
    "the program did not do the same when it was run again in the same order:"
    " it depends on chance, on the real time or on something left over from an earlier run."
)


def cut_short(run: Run) -> str:
    """Say why a run that ended in no verdict ended."""
    if run.ending is Ending.OUT_OF_TIME:
        return "the time limit was reached before every schedule was tried."
    return CHANCE if run.ending is Ending.DIVERGED else run.message


def schedule(run: Run, recorder: Recorder, whole: Run) -> Schedule:
    """Return the record of a finished run.

    Args:
        run: What was recorded.
        recorder: What it wrote down.
        whole: The same, or if that was only the beginning of a run that went on and on, all of it.
    """
    steps = recorder.steps(run.error)
    waits = _waits(run, recorder, steps)
    outcome, fatal = _outcome(whole, steps, waits)
    if run.noun != "thread":
        outcome = outcome.replace("Thread ", f"{run.noun.title()} ").replace("thread ", f"{run.noun} ")
    error = f"{type(run.error).__name__}: {first_line(run.error)}" if run.error is not None else ""
    return Schedule(steps, tuple(run.order), run.preemptions, outcome, fatal, waits, error)


def _outcome(run: Run, steps: tuple[Step, ...], waits: tuple[Wait, ...]) -> tuple[str, int | None]:
    assert run.culprit is not None or run.ending is Ending.DONE
    last = len(steps) - 1 if steps else None
    if run.ending is Ending.BROKEN:
        message = first_line(run.message) or "In the end the final check did not hold."
        stale = stale_write(steps, message)
        return stale if stale is not None else (message, _last_access(steps))
    if run.ending is Ending.RAISED:
        assert run.error is not None
        message = f": {first_line(run.error)}" if str(run.error) else ""
        raised = next((place for place, step in enumerate(steps) if step.action is Action.RAISE), last)
        return f"{_who(run)} raised {type(run.error).__name__}{message}".removesuffix(".") + ".", raised
    if run.ending is Ending.DEADLOCK:
        ended = frozenset(lane.name for lane in run.ended)
        return deadlock(waits, ended), last
    if run.ending is Ending.ENDLESS:
        return f"{_who(run)} {run.message}", last
    return "", None


def _last_access(steps: tuple[Step, ...]) -> int | None:
    """Return the last step that was more than the end of a thread or the release of a lock."""
    telling = [place for place, step in enumerate(steps) if step.action not in (Action.END, Action.RELEASE)]
    return telling[-1] if telling else None


def _who(run: Run) -> str:
    lane = run.culprit
    return run.phase if lane is None or lane.index == DIRECTOR else f"Thread {lane.name}"


def stale_write(steps: tuple[Step, ...], message: str) -> tuple[str, int] | None:
    """Find a write that follows from a value which another thread replaced in between; say what it did."""
    for last, written in enumerate(steps):
        if written.action is not Action.WRITE:
            continue
        first = _last_use(steps, last)
        if first is None or steps[first].action is not Action.READ:
            continue
        seen = steps[first]
        others = [
            step
            for step in steps[first:last]
            if step.action is Action.WRITE and step.target == seen.target and step.thread != seen.thread
        ]
        if not others:
            continue
        other = others[-1]
        if not seen.value or seen.value[:1] in _ACCUMULATES:
            return (
                f"Thread {seen.thread} read {seen.target} = {seen.value or 'nothing'} before thread {other.thread} had"
                f" written {other.value}: {_loss(others)} lost.",
                last,
            )
        telling = not (seen.value[:1] == "<" == other.value[:1]) and other.value
        looked = f"saw {seen.target} = {seen.value}" if telling else f"looked at {seen.target}"
        became = f" to {other.value}" if telling else ""
        return (
            f"Thread {seen.thread} {looked} and acted on it although thread"
            f" {other.thread} had changed it{became}: {message}",
            last,
        )
    return None


_ACCUMULATES = tuple("-0123456789[{('\"")  # how the repr of a value begins that updates add to


def _last_use(steps: tuple[Step, ...], before: int) -> int | None:
    """Return where the thread of step `before` used the same target last."""
    step = steps[before]
    return next(
        (
            place
            for place in range(before - 1, -1, -1)
            if steps[place].thread == step.thread and steps[place].target == step.target
        ),
        None,
    )


def _loss(others: list[Step]) -> str:
    """Return what is overwritten, with its verb: increments are counted, anything else is named by its writers."""
    try:
        if all(int(step.value) - int(step.before) == 1 for step in others):
            return "one increment was" if len(others) == 1 else f"{len(others)} increments were"
    except ValueError:
        pass
    return f"what thread {others[-1].thread} wrote was"


def _waits(run: Run, recorder: Recorder, steps: tuple[Step, ...]) -> tuple[Wait, ...]:
    waits = []
    for lane, waiting in run.stuck:
        line = next((step.line for step in reversed(steps) if step.thread == lane.name), 0)
        if isinstance(waiting, Free):
            holder = waiting.hold.holder
            owner = "" if waiting.notified else holder.name if isinstance(holder, Lane) else ""
            waits.append(Wait(lane.name, recorder.resource(lane, waiting.hold.lock), owner, line))
        elif isinstance(waiting, Filled):
            waits.append(Wait(lane.name, recorder.resource(lane, waiting.queue), "", line))
        elif isinstance(waiting, Joining):
            waits.append(Wait(lane.name, f"thread {waiting.target.name}", waiting.target.name, line))
        elif isinstance(waiting, Awaiting):
            owner = waiting.holder.name if waiting.holder is not None else ""
            resource = recorder.resource(lane, waiting.lock) if waiting.lock is not None else waiting.said
            waits.append(Wait(lane.name, resource or "something", owner, line))
        elif not lane.daemon and not isinstance(waiting, AllDone):
            waits.append(Wait(lane.name, "something", "", line))
    return tuple(waits)


def deadlock(waits: tuple[Wait, ...], ended: frozenset[str]) -> str:
    """Say who waits for what for ever, and why; `ended` are the threads that are not there any more."""
    cycle = _cycle(waits)
    if len(cycle) > 1:
        held = {wait.owner: wait.resource for wait in cycle}
        said = "; ".join(f"thread {wait.thread} {_holds(held[wait.thread])}waits for {wait.resource}" for wait in cycle)
        return _sentence(f"{said}: {'neither' if len(cycle) == 2 else 'none of them'} can ever go on.")
    if cycle:
        wait = cycle[0]
        return f"{_thread(wait.thread)} asks for {wait.resource} while it still holds it, so it waits for ever."
    for wait in waits:
        if wait.owner in ended:
            waiter = "the final check" if wait.thread == "Main" else f"thread {wait.thread}"
            return f"Thread {wait.owner} never released {wait.resource}, so {waiter} waits for it for ever."
    for wait in waits:
        if not wait.owner:
            resource = "" if wait.resource == "something" else f"on {wait.resource} "
            return f"{_thread(wait.thread)} waits {resource}for ever: nobody is left to wake it."
    if waits:  # a task that does not await what it waits for
        wait = waits[0]
        return f"{_thread(wait.thread)} waits for {wait.resource}, held by thread {wait.owner}, which it keeps waiting."
    return "All threads wait for each other."


def _holds(resource: str) -> str:
    return "" if resource.startswith("thread ") else f"holds {resource} and "


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _thread(name: str) -> str:
    return "The main thread" if name == "Main" else f"Thread {name}"


def _cycle(waits: tuple[Wait, ...]) -> list[Wait]:
    """Return the waits that form a cycle; empty if there is none."""
    by_thread = {wait.thread: wait for wait in waits}
    for start in waits:
        path: list[Wait] = []
        wait: Wait | None = start
        while wait is not None and wait not in path:
            path.append(wait)
            wait = by_thread.get(wait.owner)
        if wait is start:
            return path
    return []
