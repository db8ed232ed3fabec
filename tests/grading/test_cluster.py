"""A class graded on a Dask cluster: the same scores, and a sentence for every cluster that cannot grade."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.conftest import ROOT, Person
from tests.grading.cluster import dask_cluster
from tests.submissions.students import CLASS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MEMBERS = [student for student in CLASS if student.name in ("ada-perfect", "cleo-half", "finn-copied")]
EXPECTED = {student.name: student.total for student in MEMBERS}


def grade(folder: Path, scheduler: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "helpers.grading.command", "grade", "exercises", "--scheduler", scheduler],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_a_class_is_graded_by_the_workers(instructor: Person, tmp_path: Path) -> None:
    for student in MEMBERS:
        path = instructor.folder / "submitted" / student.name / "exercises" / "practice.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(student.hand_in(), path)
    instructor.nbgrader("generate_assignment", "exercises")
    with dask_cluster(tmp_path) as scheduler:
        # Without bubblewrap nothing can be graded here: whatever is, the workers did.
        done = grade(instructor.folder, scheduler, PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout
    with Gradebook(f"sqlite:///{instructor.folder / 'gradebook.db'}", "concurrency") as gradebook:
        assert {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")} == EXPECTED


def test_no_scheduler(instructor: Person) -> None:
    done = grade(instructor.folder, "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9: start one with `dask scheduler`" in done.stdout


def test_a_cluster_that_cannot_grade(instructor: Person, tmp_path: Path) -> None:
    stale, missing = tmp_path / "stale", tmp_path / "missing"
    for folder, code in ((stale, ""), (missing, "raise ModuleNotFoundError('No module named helpers')")):
        (folder / "helpers").mkdir(parents=True)
        (folder / "helpers" / "__init__.py").write_text(code)
    clusters: list[tuple[dict[str, object], str]] = [
        ({"workers": 0}, "The scheduler has no workers: start some with"),
        ({"workers": 1, "threads": 3}, "has 3 threads, but its submissions would get in each other's way"),
        ({"workers": 1, "shadow": stale}, "cannot grade: its copy of the course is another version"),
        ({"workers": 1, "shadow": missing}, "cannot grade: install the course there as it is here"),
    ]
    for settings, sentence in clusters:
        with dask_cluster(tmp_path, **settings) as scheduler:  # type: ignore[arg-type]
            done = grade(instructor.folder, scheduler)
        assert done.returncode == 1
        assert sentence in done.stdout
        assert "Traceback" not in done.stdout
