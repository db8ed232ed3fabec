"""Grade one notebook in a sandbox: which cells run together, what each test cell is told, what became of it.

An exercise of this course (test cells that only call `helpers.checks.check`) is graded in a process of its own: first
with the cells between it and the exercise before, then, if it misses something so, with every cell above it, as in the
notebook. A cell that hung or crashed is left out from then on. Where an exercise passes as a whole, its process goes on
with the next, because a process costs more than most checks; what does not pass there says nothing yet. An exercise
that nobody has answered is graded once for all who left it so. All other tests run where they stand, in one process, as
in a kernel.
"""

import os
import re
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.grading.cell import Cell
from helpers.grading.inside.cells import Output
from helpers.grading.inside.channel import Closed, Late, Message
from helpers.grading.inside.child import EXHAUSTED, FLOODED
from helpers.grading.outcome import Kind, Outcome
from helpers.grading.plain_python import plain_python
from helpers.grading.sandbox import Attempt, Limits, Sandbox, SandboxGone, how_it_ended, standing
from helpers.grading.unanswered import Unanswered
from helpers.grading.untrusted import ROOM, cleaned, drawing, text

if TYPE_CHECKING:
    from helpers.checks.exercise import Behaviour, Exercise

_BUSY = 10  # how many times longer code may take that does not get to compute on a busy machine
_IMPORT = "<frozen importlib._bootstrap>"  # a file in the stack of whoever imports something
_IMPORTING = 4  # how many times longer code may compute that is still importing something
_GLANCE, _WATCH = 0.05, 0.1  # seconds to the first look at how code spends its time and memory, and between looks
_TOGETHER = 30  # how many times as long as one cell all of them may take for an exercise: students choose how many
_NO_MEMORY = "Your code needs more memory than there is for it: make less of it."
_TOO_MANY = "Your code left so many threads running that nothing else could be started."
_NO_ANSWER = re.compile(r"There is no \w+ yet")
_NO_NAME = re.compile(r"NameError|KeyError|module '[\w.]+' has no attribute")  # however a name was looked up


@dataclass(frozen=True, slots=True)
class Patience:
    """How long code may take, in seconds.

    Attributes:
        cell: One cell of a student's, one generic test, or one of the course's quick checks.
        check: One of its slow checks.
        brief: A cell or a quick check where we are in a hurry: in a process that goes on, because what takes longer is
            graded by itself; and in an exercise of which a check never ended, because these times must not add up.
        hurried: A slow check there.
        computing: The share of each that code may compute; the rest is for waiting.
    """

    cell: float = 30
    check: float = 20
    brief: float = 0.5
    hurried: float = 2
    computing: float = 1

    def of(self, check: str, *, hurried: bool) -> float:
        """Return how long one of the course's checks may take.

        Args:
            check: Its name.
            hurried: Whether we are in a hurry.
        """
        found = _found(check)
        if found is not None and found[1].slow:
            return self.hurried if hurried else self.check
        return self.brief if hurried else self.cell


class _Stuck(Exception):
    """A cell ended the attempt.

    Attributes:
        outcome: How.
        waiting: Whether nothing was computing any more when time was up.
    """

    def __init__(self, outcome: Outcome, *, waiting: bool = False) -> None:
        self.outcome = outcome
        self.waiting = waiting


def grade(
    cells: Sequence[Cell],
    *,
    limits: Limits | None = None,
    patience: Patience | None = None,
    files: Path | None = None,
    isolated: bool = True,
) -> None:
    """Run a notebook's code cells, and fill in their outputs and outcomes.

    Args:
        cells: In the order of the notebook.
        limits: What each process may use.
        patience: How long each cell may take.
        files: A folder with the files that belong to the notebook.
        isolated: False runs without bubblewrap.

    Raises:
        SandboxError: If no sandbox can be had.
    """
    course = any(cell.check for cell in cells)
    limits, patience = limits or Limits(), patience or Patience()
    if course and files is None:
        unanswered = _unanswered(limits, patience, isolated)
        _Grader(cells, standing(limits, isolated=isolated), patience, unanswered).grade()
        return
    with Sandbox(limits, checks=course, files=files, isolated=isolated) as sandbox:
        _Grader(cells, sandbox, patience, Unanswered()).grade()


@lru_cache
def _unanswered(limits: Limits, patience: Patience, isolated: bool) -> Unanswered:
    """Return what is known of exercises that were graded under the same conditions."""
    return Unanswered()


class _Grader:
    def __init__(self, cells: Sequence[Cell], sandbox: Sandbox, patience: Patience, unanswered: Unanswered) -> None:
        self._cells = cells
        self._sandbox = sandbox
        self._patience = patience
        self._unanswered = unanswered
        self._left_out: dict[int, Outcome] = {}
        self._waiting: set[int] = set()  # cells that waited for ever
        self._until = 0.0  # when the time is up in which cells run, however often, for an exercise

    def grade(self) -> None:
        """Grade exercise by exercise, then whatever else there is."""
        exercises = list(self._exercises())
        for place, tests in enumerate(exercises, start=1):
            if not all(test.passed for test in tests):
                self._grade_exercise(tests, exercises[place:])
        if any(not cell.check for cell in self._cells):
            self._run_through(only_tests=any(cell.check for cell in self._cells))
        for cell in self._cells:
            if cell.name and cell.outcome is None:  # nbgrader would take silence for a pass
                cell.outcome = Outcome(
                    Kind.NOT_REACHED, "This test was not reached: an earlier cell ended the notebook."
                )

    def _exercises(self) -> Iterator[list[Cell]]:
        """Yield the checks in groups that no cell but a student's stands between."""
        group: list[Cell] = []
        for cell in self._cells:
            if not cell.check:
                continue
            if group and not _same_exercise(group[-1].check, cell.check):
                yield group
                group = []
            group.append(cell)
        if group:
            yield group

    def _above(self, tests: list[Cell]) -> list[Cell]:
        """Return all cells above an exercise's last test."""
        return [cell for cell in self._cells if cell.number < tests[-1].number and not cell.name]

    def _own(self, tests: list[Cell]) -> list[Cell]:
        """Return those of them that no test of another exercise is below."""
        before = [cell.number for cell in self._cells if cell.check and cell.number < tests[0].number]
        return [cell for cell in self._above(tests) if cell.number > max(before, default=0)]

    def _grade_exercise(self, tests: list[Cell], following: list[list[Cell]]) -> None:
        self._until = time.monotonic() + _TOGETHER * self._patience.cell
        above, own = self._above(tests), self._own(tests)
        tests = [test for test in tests if not test.passed]
        known = self._unanswered.recall(own, tests)
        hung = not known and self._attempt(own, tests, following)
        if hung:
            self._explain_wait(own, tests)
        elif not known:
            self._unanswered.remember(own, tests)
        others = [cell for cell in above if cell not in own]
        if hung or not others:
            return
        failed = [test for test in tests if not test.passed]
        if _misses(failed) or (any(_errors(cell.outputs) for cell in own) and self._show_more(own, above)):
            self._attempt(above, failed)

    def _show_more(self, own: list[Cell], above: list[Cell]) -> bool:
        """Run an exercise's own cells below all others; return whether they show something else than alone."""
        shown = [cell.outputs for cell in own]
        try:
            with self._sandbox.attempt() as attempt:
                self._replay(attempt, above)
        except _Stuck:
            return False
        except SandboxGone:
            self._sandbox.restart()
            return False
        return shown != [cell.outputs for cell in own]

    def _attempt(self, cells: list[Cell], tests: list[Cell], following: Sequence[list[Cell]] = ()) -> bool:
        """Run cells and the checks on what they define; return whether one of the cells hung or crashed.

        Args:
            cells: All that shall have run before.
            tests: The checks.
            following: Exercises to go on with if all is well.
        """
        waiting = list(tests)
        stuck = endless = False
        while waiting:
            test = waiting[0]
            try:
                with self._sandbox.attempt() as attempt:
                    try:
                        self._replay(attempt, cells)
                        if not self._settled(attempt, self._patience.cell):
                            raise _Stuck(Outcome(Kind.CRASHED, _TOO_MANY))
                    except _Stuck as error:
                        stuck = True
                        for test in waiting:
                            test.outcome = error.outcome
                        return stuck
                    while waiting:
                        test = waiting.pop(0)
                        seconds = self._patience.of(test.check, hurried=endless)
                        test.outcome = _with_cause(self._verified(attempt, test.check, seconds), cells)
                        endless = endless or test.outcome.kind is Kind.TIMED_OUT
                    if all(test.passed for test in tests):
                        self._go_on(attempt, following)
            except _Stuck as error:
                test.outcome = error.outcome
                endless = endless or error.outcome.kind is Kind.TIMED_OUT
                if attempt.took_all:  # to wait for one more that does not answer, for each check, would add up
                    for test in waiting:
                        test.outcome = error.outcome
                    return stuck
            except SandboxGone:
                test.outcome = Outcome(Kind.CRASHED, "Your code ended the sandbox that it ran in.")
                waiting = [each for each in waiting if each is not test]
                self._sandbox.restart()
        return stuck

    def _go_on(self, attempt: Attempt, exercises: Sequence[list[Cell]]) -> None:
        """Run more exercises in a process in which all was well so far, and keep what passes until something does not.

        The failing of what is below others may be their fault, so it does not count.
        """
        try:
            for tests in exercises:
                own = self._own(tests)
                if any(cell.untouched for cell in own):  # the tests are not likely to pass
                    return
                for cell in own:
                    self._run(attempt, cell, self._patience.brief)
                    if _errors(cell.outputs):
                        return
                if not self._settled(attempt, self._patience.brief):
                    return
                for test in tests:
                    seconds = self._patience.of(test.check, hurried=True)
                    outcome = self._verified(attempt, test.check, seconds, drawn=False)
                    if not outcome.passed:
                        return
                    test.outcome = outcome
        except _Stuck:
            return

    def _replay(self, attempt: Attempt, cells: list[Cell]) -> None:
        for cell in cells:
            if cell.number in self._left_out:
                continue
            try:
                self._run(attempt, cell, self._patience.cell)
            except _Stuck as error:
                self._left_out[cell.number] = error.outcome
                if error.waiting:
                    self._waiting.add(cell.number)
                cell.outputs = error.outcome.outputs()
                raise

    def _explain_wait(self, cells: list[Cell], tests: list[Cell]) -> None:
        """Find out who waits for whom, by running the cell that waits for ever once more under the explorer."""
        place = next((place for place, cell in enumerate(cells) if cell.number in self._waiting), None)
        if place is None:
            return
        cell = cells[place]
        message = {"do": "explain", "source": plain_python(cell.source), "number": cell.number}
        try:
            with self._sandbox.attempt() as attempt:
                self._replay(attempt, cells[:place])
                answer = self._ask(attempt, message, self._patience.hurried)
        except _Stuck:
            return
        except SandboxGone:
            self._sandbox.restart()
            return
        if sentence := text(answer.get("sentence")):
            outcome = replace(tests[0].outcome or self._left_out[cell.number], picture=drawing(answer.get("picture")))
            outcome = replace(outcome, sentence=f"{outcome.sentence} {sentence}")
            cell.outputs = outcome.outputs()
            for test in tests:
                test.outcome = outcome

    def _run(self, attempt: Attempt, cell: Cell, seconds: float, word: str = "") -> Message:
        if time.monotonic() > self._until:
            limit = f"{_TOGETHER * self._patience.cell:g} s"
            raise _Stuck(Outcome(Kind.TIMED_OUT, f"Your cells together did not come to an end within {limit}."))
        message = {
            "do": "cell",
            "source": plain_python(cell.source),
            "original": cell.source,
            "number": cell.number,
            "name": cell.name,
            "room": ROOM,
            "word": word,
        }
        answer = self._ask(attempt, message, seconds)
        cell.outputs = cleaned(answer.get("outputs"))
        return answer

    def _settled(self, attempt: Attempt, seconds: float) -> bool:
        """Return whether the cells' threads are left behind, so that checks can begin."""
        return bool(self._ask(attempt, {"do": "settle"}, seconds).get("settled"))

    def _verified(self, attempt: Attempt, name: str, seconds: float, *, drawn: bool = True) -> Outcome:
        word = secrets.token_hex(16)
        message = {"do": "verify", "name": name, "word": word, "room": ROOM, "drawn": drawn}
        answer = self._ask(attempt, message, seconds)
        if attempt.proves(answer, word, name):
            return Outcome(Kind.PASSED)
        sentence = text(answer.get("sentence")) or "Your code answered in place of the check."
        kind = Kind.TIMED_OUT if answer.get("endless") is True else Kind.FAILED
        return Outcome(kind, sentence, drawing(answer.get("picture")))

    def _run_through(self, *, only_tests: bool) -> None:
        """Run the notebook from top to bottom in one process, and anew without a cell that ends it."""
        pending = [cell for cell in self._cells if not cell.check]
        if only_tests and not any(cell.name for cell in pending):
            return
        self._until = time.monotonic() + _TOGETHER * self._patience.cell
        while time.monotonic() < self._until:
            try:
                with self._sandbox.attempt() as attempt:
                    self._run_all(attempt, pending)
                return
            except _Stuck:
                continue

    def _run_all(self, attempt: Attempt, cells: list[Cell]) -> None:
        for cell in cells:
            if cell.number in self._left_out:
                continue
            word = secrets.token_hex(16) if cell.name else ""
            try:
                answer = self._run(attempt, cell, self._patience.cell, word)
            except _Stuck as error:
                self._left_out[cell.number] = error.outcome
                cell.outputs = error.outcome.outputs()
                cell.outcome = error.outcome if cell.name else None
                raise
            if cell.name:
                cell.outcome = _generic(answer, cell, proved=attempt.proves(answer, word, cell.name))

    def _ask(self, attempt: Attempt, message: Message, seconds: float) -> Message:
        """Send a message and wait for its answer.

        Raises:
            _Stuck: If none comes.
        """
        computing = self._patience.computing * seconds
        try:
            attempt.channel.send(message)
            return _answer(attempt, seconds, computing)
        except Late:
            waiting = not attempt.usage().able
            limit = f"{seconds:g} s" if waiting or computing == seconds else f"{computing:g} s of computing"
            sentence = f"Your code did not come to an end within {limit}{_places(attempt.stacks())}."
            raise _Stuck(Outcome(Kind.TIMED_OUT, sentence), waiting=waiting) from None
        except Closed:
            attempt.sweep()
            raise _Stuck(_crash(attempt.status)) from None


def _answer(attempt: Attempt, seconds: float, computing: float) -> Message:
    """Wait for an answer; code that could run, but does not get to on a busy machine, gets more time.

    So does code that is importing something when its time is up: a large package may take several times as long.

    Args:
        attempt: Who is to answer.
        seconds: How long it may wait for something.
        computing: How long it may compute.

    Raises:
        Late: If it had its time.
        Closed: If no answer will ever come.
        _Stuck: If it uses too much memory.
    """
    until = time.monotonic() + _BUSY * seconds
    look, waited, first, began = _GLANCE, 0.0, None, 0.0
    while True:
        try:
            return attempt.channel.receive(look)
        except Late:
            if attempt.over_memory():
                raise _Stuck(Outcome(Kind.OUT_OF_MEMORY, _NO_MEMORY)) from None
            now = attempt.usage()
            if first is None:
                first = began = now.seconds
            waited += 0 if now.able else look
            look = _WATCH
            if waited >= seconds or time.monotonic() > until:
                raise
            if now.seconds - began < computing:
                continue
            if now.seconds - first > _IMPORTING * computing or _IMPORT not in attempt.stacks():
                raise
            began = now.seconds


def _with_cause(outcome: Outcome, cells: list[Cell]) -> Outcome:
    """Return the outcome of a test; if there is no answer because a cell raised, what it raised."""
    errors = [error for cell in cells for error in _errors(cell.outputs)]
    if outcome.passed or not errors or not _NO_ANSWER.match(outcome.sentence):
        return outcome
    error = errors[-1]
    if error["ename"] == "MemoryError":
        return Outcome(Kind.OUT_OF_MEMORY, _NO_MEMORY)
    said = f"{error['ename']}: {error['evalue']}".rstrip(". ")
    return Outcome(Kind.RAISED, f"{outcome.sentence} Your cell raised {said}.")


def _errors(outputs: list[Output]) -> list[Output]:
    return [output for output in outputs if output["output_type"] == "error"]


def _misses(tests: list[Cell]) -> bool:
    """Return whether an answer or a name is missing that other cells of the notebook may define."""
    said = [test.outcome.sentence for test in tests if test.outcome is not None]
    return any(_NO_ANSWER.match(sentence) or _NO_NAME.search(sentence) for sentence in said)


def _same_exercise(one: str, other: str) -> bool:
    found, also = _found(one), _found(other)
    return found is not None and also is not None and found[0] is also[0]


def _found(check: str) -> "tuple[Exercise, Behaviour] | None":
    from helpers.checks import EXERCISES
    from helpers.checks.exercise import find_behaviour

    try:
        return find_behaviour(EXERCISES, check)
    except LookupError:
        return None


def _generic(answer: Message, cell: Cell, *, proved: bool) -> Outcome:
    if proved:
        points = answer.get("points")
        return Outcome(Kind.PASSED, points=float(points) if isinstance(points, int | float) else None)
    errors = _errors(cleaned(answer.get("outputs")))
    kind, said = Kind.FAILED, "The test did not pass."
    if errors:
        name, message = errors[-1]["ename"], errors[-1]["evalue"]
        kind = {"AssertionError": Kind.FAILED, "MemoryError": Kind.OUT_OF_MEMORY}.get(name, Kind.RAISED)
        said = f"{name}: {message}" if message else name
        if _is_hidden(errors[-1]["traceback"], cell):
            said = "A hidden test did not pass."
    return Outcome(kind, said)


def _is_hidden(traceback: list[str], cell: Cell) -> bool:
    """Return whether a test failed between nbgrader's marks for hidden tests, of which students see nothing."""
    lines = cell.source.splitlines()
    failed = [int(found[1]) for line in traceback if (found := re.match(rf"<cell {cell.number}>, line (\d+)", line))]
    above = lines[: failed[0]] if failed else []
    return sum("BEGIN HIDDEN TESTS" in line for line in above) > sum("END HIDDEN TESTS" in line for line in above)


def _crash(status: int | None) -> Outcome:
    if status is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == FLOODED:
        return Outcome(Kind.TOO_MUCH_OUTPUT, f"Your code printed more than {ROOM} characters.")
    if status is not None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == EXHAUSTED:
        return Outcome(Kind.OUT_OF_MEMORY, _NO_MEMORY)
    if status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return Outcome(Kind.TIMED_OUT, "Your code used up its computing time.")
    return Outcome(Kind.CRASHED, f"Your code {how_it_ended(status)}.")


def _places(stacks: str) -> str:
    """Say where each thread was, from faulthandler's lines: only the student's own cells count."""
    places = []
    for thread in stacks.split("\n\n"):
        found = re.search(r'File "<cell (\d+)>", line (\d+) in (\w+|<module>)', thread)
        if found:
            where = "" if found[3] == "<module>" else f" ({found[3]})"
            places.append(f"cell {found[1]}, line {found[2]}{where}")
    if not places:
        return ""
    return f"; its threads were at {' and at '.join(dict.fromkeys(places))}"
