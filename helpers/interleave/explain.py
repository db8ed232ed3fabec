"""Says in one sentence what went wrong in a run, for readers who know threads and locks and nothing else."""

from helpers.interleave.primitives import Free
from helpers.interleave.recorder import Recorder
from helpers.interleave.schedule import Action, Schedule, Step, Wait
from helpers.interleave.scheduler import DIRECTOR, Ending, Joining, Lane, Run

CHANCE = (
    "the program did not do the same when it was run again in the same order:"
    " it depends on chance, on the real time or on something left over from an earlier run."
)


def cut_short(run: Run) -> str:
    """Say why a run that ended in no verdict ended."""
    if run.ending is Ending.OUT_OF_TIME:
        return "the time limit was reached before every schedule was tried."
    return CHANCE if run.ending is Ending.DIVERGED else run.message


def schedule(run: Run, recorder: Recorder) -> Schedule:
    """Return the record of a finished run."""
    steps = recorder.steps()
    waits = _waits(run, recorder, steps)
    outcome, fatal = _outcome(run, steps, waits)
    error = f"{type(run.error).__name__}: {run.error}" if run.error is not None else ""
    return Schedule(steps, tuple(run.order), run.preemptions, outcome, fatal, waits, error)


def _outcome(run: Run, steps: tuple[Step, ...], waits: tuple[Wait, ...]) -> tuple[str, int | None]:
    assert run.culprit is not None or run.ending is Ending.DONE
    last = len(steps) - 1 if steps else None
    if run.ending is Ending.BROKEN:
        lost = lost_update(steps)
        if lost is not None:
            return lost
        return run.message or "In the end the final check did not hold.", last
    if run.ending is Ending.RAISED:
        assert run.error is not None
        message = f": {run.error}" if str(run.error) else ""
        return f"{_who(run.culprit)} raised {type(run.error).__name__}{message}.", last
    if run.ending is Ending.DEADLOCK:
        return deadlock(waits), last
    if run.ending is Ending.ENDLESS:
        return f"{_who(run.culprit)} went on for ever without getting anywhere.", last
    return "", None


def _who(lane: Lane | None) -> str:
    return "The main thread" if lane is None or lane.index == DIRECTOR else f"Thread {lane.name}"


def lost_update(steps: tuple[Step, ...]) -> tuple[str, int] | None:
    """Find a write that is based on a value which another thread replaced in between."""
    for last, written in enumerate(steps):
        if written.action is not Action.WRITE:
            continue
        for first in range(last - 1, -1, -1):
            seen = steps[first]
            if seen.thread != written.thread or seen.target != written.target:
                continue
            if seen.action is not Action.READ:
                break
            between = [
                step
                for step in steps[first + 1 : last]
                if step.action is Action.WRITE and step.target == seen.target and step.thread != seen.thread
            ]
            if between:
                other = between[-1]
                return (
                    f"Thread {seen.thread} read {seen.target} = {seen.value} before thread {other.thread} had"
                    f" written {other.value}: {_loss(seen, other)} was lost.",
                    last,
                )
            break
    return None


def _loss(seen: Step, other: Step) -> str:
    try:
        if int(other.value) - int(other.before) == 1:
            return "one increment"
    except ValueError:
        pass
    return f"what thread {other.thread} wrote"


def _waits(run: Run, recorder: Recorder, steps: tuple[Step, ...]) -> tuple[Wait, ...]:
    waits = []
    for lane, waiting in run.stuck:
        line = next((step.line for step in reversed(steps) if step.thread == lane.name), 0)
        if isinstance(waiting, Free):
            holder = waiting.lock.holder
            owner = holder.name if isinstance(holder, Lane) else ""
            waits.append(Wait(lane.name, recorder.name(waiting.lock), owner, line))
        elif isinstance(waiting, Joining):
            waits.append(Wait(lane.name, f"thread {waiting.target.name}", waiting.target.name, line))
    return tuple(waits)


def deadlock(waits: tuple[Wait, ...]) -> str:
    """Say who waits for whom."""
    said = [
        f"thread {wait.owner} holds {wait.resource} and thread {wait.thread} waits for it"
        if wait.owner
        else f"thread {wait.thread} waits for {wait.resource}, which nobody will give it"
        for wait in waits
    ]
    sentence = "; ".join(said)
    return sentence[:1].upper() + sentence[1:] + "."
