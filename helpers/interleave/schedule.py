"""What an exploration found: verdicts, schedules and their steps, as plain data that every other part reads.

Nothing here runs code. The search fills these records; pictures, messages and checks only read them.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How an exploration ended."""

    HOLDS = "holds"  # every schedule within the bound kept the invariant
    FAILS = "fails"  # some schedule broke the invariant or raised
    DEADLOCK = "deadlock"  # some schedule left every unfinished thread waiting for another
    LIVELOCK = "livelock"  # some schedule went on past the step cap
    INCONCLUSIVE = "inconclusive"  # the search was cut short before it could tell


class Action(StrEnum):
    """What one step did."""

    START = "start"
    READ = "read"
    WRITE = "write"
    DELETE = "delete"
    CALL = "call"  # of something that reads or changes a shared container, such as list.append or len
    ACQUIRE = "acquire"
    TRY = "try"  # a non-blocking or timed acquire that came back empty-handed
    BLOCK = "block"  # the thread asked for something that it must wait for
    RELEASE = "release"
    WAIT = "wait"  # Condition.wait, Event.wait: released and waiting to be notified
    NOTIFY = "notify"
    SLEEP = "sleep"  # on the virtual clock
    SPAWN = "spawn"  # started another thread
    JOIN = "join"
    AWAIT = "await"  # an asyncio task let the others run
    RAISE = "raise"
    END = "end"


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one thread on something that threads share.

    Attributes:
        thread: The lane's name: "A", "B", ... in the order in which the bodies were given.
        action: What was done.
        target: What it was done to, as a student would name it: "value", "items[0]", "lock".
        line: Line number in the file or notebook cell; 0 where there is none.
        source: That line's text without indentation; "" where it is not known.
        value: A short repr of the value read or written; "" for steps that carry none.
        before: For a WRITE, a short repr of the value that it replaced; else "".
        held: Names of the locks that the thread holds after this step, outermost first.
        call: For a CALL, how the code says it: "items.append('a')", "len(items)"; "" where that is not known.
    """

    thread: str
    action: Action
    target: str = ""
    line: int = 0
    source: str = ""
    value: str = ""
    before: str = ""
    held: tuple[str, ...] = ()
    call: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """An edge of the wait-for graph: `thread` cannot go on until `owner` gives `resource` up.

    `owner` is "" when nobody can ever provide the resource (a lost notification, a lock whose owner has ended).
    """

    thread: str
    resource: str
    owner: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """One complete run: who did what, in which order, and how it ended.

    Attributes:
        steps: All recorded steps in the order in which they happened.
        choices: The thread that ran from each decision point on; feeding them to `replay` repeats the run exactly.
        preemptions: How often a thread that could have gone on was interrupted.
        outcome: One sentence for a student: what went wrong, "" if nothing did.
        fatal: Index into `steps` of the step after which the damage was done; None if nothing went wrong.
        waits: For a deadlock, the wait-for edges of the threads that are stuck; a cycle if there is one.
        error: "" or the "Type: message" of the exception that ended the run.
        switches: The places known to be shared: without them `replay` could not tell how long a thread may spin.
    """

    steps: tuple[Step, ...]
    choices: tuple[int, ...]
    preemptions: int
    outcome: str = ""
    fatal: int | None = None
    waits: tuple[Wait, ...] = ()
    error: str = ""
    switches: frozenset[tuple[object, ...]] = field(default=frozenset(), repr=False)

    @property
    def threads(self) -> tuple[str, ...]:
        """Names of the threads that took part, in lane order."""
        return tuple(sorted({step.thread for step in self.steps}))


@dataclass(frozen=True, slots=True)
class Exploration:
    """The result of a search.

    Attributes:
        verdict: How it ended.
        schedules: How many schedules were run.
        exhausted: Whether every schedule within the bound was covered (run, or equivalent to one that was run).
        bound: The preemption bound of the search.
        failure: The shortest failing schedule found of those with the fewest preemptions; None if there is none.
        reason: For INCONCLUSIVE, one sentence that says which limit cut the search short; else "".
    """

    verdict: Verdict
    schedules: int
    exhausted: bool
    bound: int
    failure: Schedule | None = None
    reason: str = ""

    def sentence(self) -> str:
        """Say what was found, promising exactly what was explored."""
        if self.verdict is Verdict.HOLDS:
            return (
                f"No failing schedule with at most {self.bound} preemptions in this scenario"
                f" ({self.schedules} schedules explored)."
            )
        if self.verdict is Verdict.INCONCLUSIVE:
            return f"Not decided: {self.reason}"
        assert self.failure is not None
        return self.failure.outcome
