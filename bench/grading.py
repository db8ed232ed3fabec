"""Grade the same class with plain nbgrader and with this course's grader, and print the ratio.

    python -m bench.grading [--submissions 60] [--workers 1 2]

Both grade copies of the same submissions in one run, and must give the same scores.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from tests.submissions.students import CLASS

ROOT = Path(__file__).resolve().parent.parent
PLAIN = "\nc.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default()\n"
# Right, half right, untouched, wrong, rearranged and copied ones in turn; none that plain nbgrader cannot grade.
MEMBERS = CLASS


def make_class(folder: Path, submissions: int, *, plain: bool) -> None:
    """Make a course with a class that has handed in."""
    folder.mkdir()
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(settings + (PLAIN if plain else ""), encoding="utf-8")
    shutil.copytree(ROOT / "source", folder / "source")
    for place in range(submissions):
        student = MEMBERS[place % len(MEMBERS)]
        path = folder / "submitted" / f"{student.name}-{place:04}" / "exercises" / "practice.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(student.hand_in(), path)
    run(folder, "nbgrader", "generate_assignment", "exercises")


def run(folder: Path, module: str, *arguments: str) -> float:
    """Run a command in a course and return how long it took, in seconds."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def scores(folder: Path) -> dict[str, float]:
    """Return every student's score."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "concurrency") as gradebook:
        return {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name, "plain")
        make_class(plain, options.submissions, plain=True)
        slow = run(plain, "nbgrader", "autograde", "exercises")
        print(f"plain nbgrader, not isolated: {slow / options.submissions:.3f} s a submission")
        for workers in options.workers:
            here = Path(name, f"workers-{workers}")
            make_class(here, options.submissions, plain=False)
            fast = run(here, "helpers.grading.command", "grade", "exercises", "--workers", str(workers))
            same = "the same scores" if scores(here) == scores(plain) else "OTHER SCORES"
            print(
                f"course grade, isolated, {workers} workers: {fast / options.submissions:.3f} s a submission,"
                f" {slow / fast:.1f} times as fast, {same}"
            )


if __name__ == "__main__":
    main()
