"""A course whose gradebook is on a PostgreSQL server: every step that touches the gradebook, and no SQLite file."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.conftest import ROOT, Person
from tests.grading.postgresql import postgresql_server
from tests.submissions.students import CLASS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MEMBERS = [student for student in CLASS if student.name in ("ada-perfect", "cleo-half", "finn-copied")]
EXPECTED = {student.name: student.total for student in MEMBERS}


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql_server() as address:
        yield address


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder whose commands use the server."""

    person: Person
    database: str

    def run(self, module: str, *arguments: str, status: int = 0) -> str:
        """Run a command; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.person.folder,
            env=self.person.environment | {"NBGRADER_DB_URL": self.database, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def gradebook(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(self.database, "concurrency")

    def scores(self) -> dict[str, float]:
        """Return every student's score."""
        with self.gradebook() as gradebook:
            return {each.student_id: each.score for each in gradebook.assignment_submissions("exercises")}


def test_an_assignments_life_with_a_gradebook_on_a_server(instructor: Person, database: str) -> None:
    course = Course(instructor, database)
    for student in MEMBERS:
        path = instructor.folder / "submitted" / student.name / "exercises" / "practice.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(student.hand_in(), path)

    course.run("nbgrader", "generate_assignment", "exercises")
    course.run("nbgrader", "db", "student", "add", "zoë", "--first-name=Zoë", "--last-name=名前")
    course.run("nbgrader", "autograde", "exercises", "--student=ada-perfect")
    assert course.scores() == {"ada-perfect": 100.0}

    course.run("helpers.grading.command", "grade", "exercises")
    assert course.scores() == EXPECTED

    with course.gradebook() as gradebook:
        gradebook.find_grade("safe-counter-two-threads", "practice", "exercises", "cleo-half").manual_score = 5.0
        gradebook.find_comment("safe-counter", "practice", "exercises", "cleo-half").manual_comment = "Nearly."
        gradebook.db.commit()
    # nbgrader asks for another look at what a person had graded
    course.run("helpers.grading.command", "grade", "exercises", "--force", status=1)
    expected = EXPECTED | {"cleo-half": EXPECTED["cleo-half"] + 5}
    assert course.scores() == expected

    course.run("nbgrader", "generate_feedback", "exercises")
    feedback = instructor.folder / "feedback" / "cleo-half" / "exercises" / "practice.html"
    assert "Nearly." in feedback.read_text(encoding="utf-8")
    assert f"Score: {expected['cleo-half']} / 100.0" in feedback.read_text(encoding="utf-8")

    course.run("nbgrader", "export")
    with (instructor.folder / "grades.csv").open(encoding="utf-8") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == expected | {"zoë": 0.0}

    course.run("helpers.grading.command", "report", "exercises")
    page = (instructor.folder / "report.html").read_text(encoding="utf-8")
    assert "<dt>graded submissions</dt><dd>3</dd>" in page
    assert "<bdi>zoë</bdi>" in page
    assert not list(Path(instructor.folder).glob("*.db")), "a gradebook file was made beside the one on the server"
