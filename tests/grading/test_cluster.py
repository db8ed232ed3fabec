"""A class graded on a Dask cluster: the same scores, and a sentence for every cluster that cannot grade."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from tests.conftest import ROOT, Person
from tests.grading.cluster import dask_cluster
from tests.submissions.notebooks import answered
from tests.submissions.students import CLASS, EXERCISES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MEMBERS = [student for student in CLASS if student.name in ("ada-perfect", "cleo-half", "finn-copied")]
SOLUTIONS = [name.replace("-", "_") for name in EXERCISES]
EXPECTED = {student.name: student.total for student in MEMBERS}


@pytest.fixture
def course(instructor: Person) -> Path:
    """A course whose exercises were generated."""
    instructor.nbgrader("generate_assignment", "exercises")
    return instructor.folder


def hand_in(folder: Path, student: str, notebook: NotebookNode) -> None:
    path = folder / "submitted" / student / "exercises" / "practice.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def start(folder: Path, scheduler: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.grading.command", "grade", "exercises", "--scheduler", scheduler],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(process: "subprocess.Popen[str]", status: int) -> str:
    said, _ = process.communicate(timeout=300)
    assert process.returncode == status, said
    assert "Traceback" not in said
    return said


def test_a_class_is_graded_by_the_workers(course: Path, tmp_path: Path) -> None:
    for student in MEMBERS:
        hand_in(course, student.name, student.hand_in())
    hand_in(course, "zed-endless", answered(**dict.fromkeys(SOLUTIONS, "while True:\n    pass")))
    notes = course / "autograded" / ".graded" / "exercises"
    with dask_cluster(tmp_path) as scheduler:
        # Without bubblewrap nothing can be graded here: whatever is, the workers did.
        running = start(course, scheduler, PATH=str(tmp_path))
        while running.poll() is None and not all((notes / student.name).exists() for student in MEMBERS):
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = finished(running, 130)  # the last one is noted a moment before it is counted
        assert re.search(r"[23] of 4 submissions are graded\. Run it again to go on\.", said), said
        hand_in(course, "zed-endless", MEMBERS[0].hand_in())
        assert "1 of 1 submissions graded" in finished(start(course, scheduler, PATH=str(tmp_path)), 0)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "concurrency") as gradebook:
        scores = {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")}
    assert scores == EXPECTED | {"zed-endless": 100.0}


def test_no_scheduler(course: Path) -> None:
    said = finished(start(course, "tcp://127.0.0.1:9"), 1)
    assert "No Dask scheduler answers at tcp://127.0.0.1:9: start one with `dask scheduler`" in said


def test_a_cluster_that_cannot_grade(course: Path, tmp_path: Path) -> None:
    stale, missing = tmp_path / "stale", tmp_path / "missing"
    for folder, code in ((stale, ""), (missing, "raise ModuleNotFoundError('No module named helpers')")):
        (folder / "helpers").mkdir(parents=True)
        (folder / "helpers" / "__init__.py").write_text(code)
    clusters: list[tuple[dict[str, object], str]] = [
        ({"workers": 0}, "The scheduler has no workers: start some with"),
        ({"workers": 1, "threads": 3}, "has 3 threads, but its submissions would get in each other's way"),
        ({"workers": 1, "shadow": stale}, "cannot grade: its course or its Python is another version"),
        ({"workers": 1, "shadow": missing}, "cannot grade: install the course there as it is here"),
    ]
    for settings, sentence in clusters:
        with dask_cluster(tmp_path, **settings) as scheduler:  # type: ignore[arg-type]
            assert sentence in finished(start(course, scheduler), 1)
