"""An assignment's whole life, with nbgrader's own commands: an instructor, a class, and one exchange between them."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.conftest import Person
from tests.submissions.students import CLASS, LATE, Student

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def enrol(student: Student, tmp_path: Path, exchange: Path) -> Person:
    """Give a student a home with the two settings from the student guide."""
    home = tmp_path / student.name
    (home / ".jupyter").mkdir(parents=True)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        f"c.CourseDirectory.course_id = 'concurrency'\nc.Exchange.root = '{exchange}'\n"
    )
    return Person(home, home, exchange)


def hand_in(student: Student, person: Person) -> bytes:
    """Fetch, solve and submit; return the notebook as submitted."""
    person.nbgrader("fetch_assignment", "exercises")
    notebook = person.folder / "exercises" / "practice.ipynb"
    assert notebook.exists()
    nbformat.write(student.hand_in(), notebook)
    person.nbgrader("submit", "exercises", f"--student={student.name}")
    return notebook.read_bytes()


def test_an_assignment_goes_all_the_way_round(instructor: Person, exchange: Path, tmp_path: Path) -> None:
    instructor.nbgrader("generate_assignment", "exercises")
    instructor.nbgrader("release_assignment", "exercises")

    people = {student.name: enrol(student, tmp_path, exchange) for student in (*CLASS, LATE)}
    submitted = {student.name: hand_in(student, people[student.name]) for student in CLASS}
    due = datetime.now(UTC)
    database = f"sqlite:///{instructor.folder / 'gradebook.db'}"
    with Gradebook(database, "concurrency") as gradebook:
        gradebook.update_or_create_assignment("exercises", duedate=due.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
    submitted[LATE.name] = hand_in(LATE, people[LATE.name])

    instructor.nbgrader("collect", "exercises", "--ExchangeCollect.check_owner=False")
    graded = instructor.nbgrader("autograde", "exercises")
    instructor.nbgrader("generate_feedback", "exercises")
    instructor.nbgrader("release_feedback", "exercises")
    instructor.nbgrader("export")

    with Gradebook(database, "concurrency") as gradebook:
        for student in (*CLASS, LATE):
            notebook = gradebook.find_submission_notebook("practice", "exercises", student.name)
            earned = dict.fromkeys(student.points, 0.0)
            for grade in notebook.grades:
                exercise = max((name for name in earned if grade.name.startswith(name)), key=len)
                earned[exercise] += grade.score
            assert earned == student.points, student.name
            assert notebook.score == student.total
            assert (notebook.assignment.total_seconds_late > 0) == (student is LATE)

    with (instructor.folder / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student.name: student.total for student in (*CLASS, LATE)}

    for student in (*CLASS, LATE):
        person = people[student.name]
        person.nbgrader("fetch_feedback", "exercises", f"--student={student.name}")
        (page,) = (person.folder / "exercises" / "feedback").glob("*/practice.html")
        text = page.read_text(encoding="utf-8")
        assert f"Score: {student.total} / 100.0" in text, student.name
        kept = instructor.folder / "submitted" / student.name / "exercises" / "practice.ipynb"
        assert kept.read_bytes() == submitted[student.name], "grading changed the student's own file"

    mended = [line for line in graded.stderr.splitlines() if "finn-copied" in line and "twice" in line]
    assert len(mended) == 6, graded.stderr
    put_back = [line for line in graded.stderr.splitlines() if "eve-deleted" in line and "was missing" in line]
    assert put_back, graded.stderr
