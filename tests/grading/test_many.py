"""A class graded by the parallel command: the right scores, nothing twice, and nothing lost when it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.grading.sandbox import _family
from tests.conftest import ROOT, Person
from tests.submissions.notebooks import answered
from tests.submissions.students import CLASS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EXPECTED = {student.name: student.total for student in CLASS}
COMMAND = [sys.executable, "-m", "helpers.grading.command", "grade", "exercises"]


@pytest.fixture
def handed_in(instructor: Person) -> Path:
    """A course to which the sample class has handed in."""
    for student in CLASS:
        path = instructor.folder / "submitted" / student.name / "exercises" / "practice.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(student.hand_in(), path)
    instructor.nbgrader("generate_assignment", "exercises")
    return instructor.folder


def start(folder: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*COMMAND, *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def grade(folder: Path, *options: str, status: int = 0) -> str:
    process = start(folder, *options)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == status, said
    return said


def first_note(folder: Path, process: "subprocess.Popen[str]") -> Path:
    """Wait until the first submission is graded; return the folder in which that is noted."""
    notes = folder / "autograded" / ".graded" / "exercises"
    while process.poll() is None and not (notes.exists() and any(note.stat().st_size for note in notes.iterdir())):
        time.sleep(0.01)
    return notes


def hand_in_endless(folder: Path) -> None:
    """Hand in last, so that a run with one or two workers goes on for seconds after the first note."""
    path = folder / "submitted" / "zed-endless" / "exercises" / "practice.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(answered(shared_list="import threading\nthreading.Event().wait()"), path)


def scores(folder: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "concurrency") as gradebook:
        return {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")}


def test_a_class_is_graded_once_and_again_only_where_it_changed(handed_in: Path) -> None:
    assert "6 of 6 submissions graded" in grade(handed_in)
    assert scores(handed_in) == EXPECTED
    written = {path.relative_to(handed_in / "autograded") for path in handed_in.glob("autograded/[a-z]*/*/*")}
    assert written == {Path(name, "exercises", "practice.ipynb") for name in EXPECTED}, "feedback is made from these"
    assert "0 of 0 submissions graded" in grade(handed_in)
    changed = handed_in / "submitted" / "ben-empty" / "exercises" / "practice.ipynb"
    nbformat.write(CLASS[0].hand_in(), changed)
    assert "1 of 1 submissions graded" in grade(handed_in)
    assert scores(handed_in) == EXPECTED | {"ben-empty": 100.0}
    os.truncate(handed_in / "autograded" / ".graded" / "exercises" / "ben-empty", 9)  # killed in the midst of it
    assert "1 of 1 submissions graded" in grade(handed_in)


def test_a_killed_run_goes_on_where_it_ended(handed_in: Path) -> None:
    hand_in_endless(handed_in)
    process = start(handed_in, "--workers", "1")
    notes = first_note(handed_in, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = sum(bool(note.stat().st_size) for note in notes.iterdir())
    said = grade(handed_in)
    left = len(CLASS) + 1 - done
    assert done and left
    assert f"{left} of {left} submissions graded" in said
    assert scores(handed_in) == EXPECTED | {"zed-endless": 0}


def test_nothing_outlives_a_killed_run(handed_in: Path) -> None:
    hand_in_endless(handed_in)
    process = start(handed_in, "--workers", "2")
    first_note(handed_in, process)
    family = _family(process.pid)
    assert sum("zygote.py" in command(each) for each in family) >= 2
    process.kill()
    process.communicate()
    while any(map(command, family)):
        time.sleep(0.01)


def command(process: Path) -> str:
    """Return what a process was started with, "" if it has ended."""
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def test_manual_scores_and_comments_survive(handed_in: Path) -> None:
    grade(handed_in)
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}", "concurrency") as gradebook:
        found = gradebook.find_grade("safe-counter-two-threads", "practice", "exercises", "cleo-half")
        found.manual_score = 5.0
        comment = gradebook.find_comment("safe-counter", "practice", "exercises", "cleo-half")
        comment.manual_comment = "Nearly."
        gradebook.db.commit()
    assert "cleo-half" in grade(handed_in, "--force", status=1)  # nbgrader wants points given by hand looked at again
    assert scores(handed_in) == EXPECTED | {"cleo-half": EXPECTED["cleo-half"] + 5}
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}", "concurrency") as gradebook:
        assert gradebook.find_comment("safe-counter", "practice", "exercises", "cleo-half").comment == "Nearly."
