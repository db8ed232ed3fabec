"""Grade the same class with plain nbgrader and with this course's grader, and print ratios.

    python -m bench.grading [--submissions 60] [--workers 1 2 4] [--growth 100 1000]

Every line is measured in this one run; both graders get copies of the same submissions, and must give the same scores.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from tests.submissions.notebooks import answered
from tests.submissions.students import CLASS

ROOT = Path(__file__).resolve().parent.parent
PLAIN = "\nc.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default()\n"
# One in ten hangs: it waits for ever, computes for ever, or has a method that does.
ENDLESS = (
    "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "while True:\n    pass",
    "class SafeCounter:\n    value = 0\n    def increment(self):\n        while True:\n            self.value += 1\n",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took.

    Attributes:
        seconds: Of wall time.
        memory: The most that it and its children had at a time, in bytes; pages that they share count once.
    """

    seconds: float
    memory: int


def make_class(folder: Path, submissions: int, *, plain: bool = False, hanging: bool = False) -> None:
    """Make a course with a class that has handed in.

    Args:
        folder: Where; must not exist.
        submissions: How many: right, untouched, half right, wrong, rearranged and copied ones in turn.
        plain: Whether nbgrader's own executor is to run them.
        hanging: Whether one in ten of them never ends.
    """
    folder.mkdir()
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(settings + (PLAIN if plain else ""), encoding="utf-8")
    shutil.copytree(ROOT / "source", folder / "source")
    for place in range(submissions):
        student = CLASS[place % len(CLASS)]
        notebook = student.hand_in()
        if hanging and place % 10 == 0:
            notebook = answered(safe_counter=ENDLESS[place // 10 % len(ENDLESS)])
        path = folder / "submitted" / f"{student.name}-{place:05}" / "exercises" / "practice.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    run(folder, "nbgrader", "generate_assignment", "exercises")


def run(folder: Path, module: str, *arguments: str) -> Cost:
    """Run a command in a course and measure it.

    Raises:
        SystemExit: If it fails.
    """
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            stdout=said,
            stderr=said,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        with _most_memory(process.pid) as most:
            process.wait()
        seconds = time.perf_counter() - started
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{said.read()}")
    return Cost(seconds, max(most))


@contextmanager
def _most_memory(root: int) -> Any:
    """Look twice a second how much memory a process and its descendants have."""
    most, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            most.append(sum(map(_own_memory, _descendants(root))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _descendants(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found = [root]
    for process in found:
        found += parents.get(process, [])
    return found


def _own_memory(process: int) -> int:
    """Return a process's proportional share of memory, in bytes."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def scores(folder: Path) -> dict[str, float]:
    """Return every student's score."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "concurrency") as gradebook:
        return {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")}


def side_by_side(where: Path, submissions: int, workers: Sequence[int]) -> None:
    """Print how many times faster this course's grader is.

    Everybody has two turns, the second in the opposite order: a machine that slows down meanwhile favours nobody.
    """
    ways = {
        "plain nbgrader, not isolated": nbgrader_autograde,
        **{f"course grade, isolated, {count} workers": partial(course_grade, workers=count) for count in workers},
        "nbgrader autograde, isolated, one after another": nbgrader_autograde,
    }
    plain = next(iter(ways))
    seconds = dict.fromkeys(ways, 0.0)
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for way in (*ways, *reversed(ways)):
        folder = where / f"{way} {len(found[way])}"
        make_class(folder, submissions, plain=way == plain)
        seconds[way] += ways[way](folder).seconds
        found[way].append(scores(folder))
    for way, total in seconds.items():
        same = "the same scores" if found[way] == [found[plain][0]] * 2 else "OTHER SCORES"
        each = total / submissions / 2
        print(f"{way}: {each:.3f} s a submission, {seconds[plain] / total:.1f} times as fast, {same}")


def nbgrader_autograde(folder: Path) -> Cost:
    """Grade a class with nbgrader's own command."""
    return run(folder, "nbgrader", "autograde", "exercises")


def course_grade(folder: Path, workers: int) -> Cost:
    """Grade a class with the parallel command."""
    return run(folder, "helpers.grading.command", "grade", "exercises", "--workers", str(workers))


class Here(Executor):
    """Runs everything at once, in this thread."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        future.set_result(work(*arguments, **options))
        return future


class Clock:
    """Adds up how long methods take, without what measured methods inside them take."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._inside = [0.0]

    def measure(self, owner: Any, method: str, part: str) -> None:
        """Let a method's time count towards a part."""
        real = getattr(owner, method)

        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            self._inside.append(0.0)
            try:
                return real(*arguments, **options)
            finally:
                took = time.perf_counter() - started
                self.parts[part] = self.parts.get(part, 0.0) + took - self._inside.pop()
                self._inside[-1] += took

        setattr(owner, method, timed)


def parts(where: Path, submissions: int) -> None:
    """Print where the time of a submission goes, graded one after another in one process."""
    from helpers.grading import ahead, isolated, many, sandbox

    make_class(where / "parts", submissions)
    os.chdir(where / "parts")
    clock = Clock()
    clock.measure(sandbox.Sandbox, "attempt", "processes: fork and sweep")
    clock.measure(sandbox.Attempt, "sweep", "processes: fork and sweep")
    clock.measure(isolated._Grader, "_run", "student code")
    clock.measure(isolated._Grader, "_verified", "checks")
    clock.measure(ahead, "_converted", "nbgrader's steps")
    clock.measure(many.Course, "_save", "gradebook and files")
    course = many.Course("exercises")
    students = course.pending()
    started = time.perf_counter()
    list(course.grade(students[:1], Here(), 1))
    print(f"the first submission, which starts the sandbox: {time.perf_counter() - started:.3f} s")
    clock.parts.clear()
    started = time.perf_counter()
    list(course.grade(students[1:], Here(), 1))
    total = time.perf_counter() - started
    for part, seconds in sorted(clock.parts.items(), key=lambda item: -item[1]):
        print(f"  {part}: {1000 * seconds / (submissions - 1):.1f} ms, {seconds / total:.0%}")


def hanging(where: Path, submissions: int, workers: int) -> None:
    """Print what it costs if one submission in ten never ends."""
    calm, rough = where / "calm", where / "rough"
    make_class(calm, submissions)
    make_class(rough, submissions, hanging=True)
    usual, slow = course_grade(calm, workers).seconds, course_grade(rough, workers).seconds
    print(f"{submissions} submissions of which one in ten hangs, {workers} workers: {slow / usual:.2f} times as long")


def growth(where: Path, sizes: Sequence[int], workers: int) -> None:
    """Print how time and memory grow with the class."""
    cost = Cost(0, 0)
    for size in sizes:
        here = where / f"growth-{size}"
        make_class(here, size)
        cost = course_grade(here, workers)
        print(f"{size} submissions: {cost.seconds / size:.3f} s each, at most {cost.memory / 2**20:.0f} MiB in all")
    print(f"10,000 submissions, calculated: {10_000 * cost.seconds / sizes[-1] / 60:.0f} minutes")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--growth", type=int, nargs="*", default=[100, 1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        side_by_side(where, options.submissions, options.workers)
        hanging(where, options.submissions, options.workers[-1])
        if options.growth:
            growth(where, options.growth, options.workers[-1])
        parts(where, options.submissions)


if __name__ == "__main__":
    main()
