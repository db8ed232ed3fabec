"""Read what a class earned from nbgrader's gradebook, and what its tests said from the autograded notebooks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Grade as GradeRow
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution
from sqlalchemy import make_url, select
from sqlalchemy.orm import undefer

from helpers.grading.definition import grade_id
from helpers.grading.outcome import Kind


class NoSuchAssignmentError(LookupError):
    """The gradebook holds no such assignment; the message names those that it holds."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What one student has for one test.

    Attributes:
        student: Student id.
        score: Points, with what a person changed.
        waits: Whether a person has to grade it still.
        failure: What the test said, if it failed; "" if it said nothing.
    """

    student: str
    score: float
    waits: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class GradedTest:
    """A cell that points are given for.

    Attributes:
        name: Its `grade_id`.
        points: What it is worth.
        grades: One a graded submission.
    """

    name: str
    points: float
    grades: tuple[Grade, ...]

    def passed(self, grade: Grade) -> bool:
        """Whether a grade is full points; where there are none to be had, whether the test raised no objection."""
        return grade.score >= self.points if self.points else not grade.failure


@dataclass(frozen=True, slots=True)
class Exercise:
    """A solution cell with the tests that follow it.

    Attributes:
        name: The solution cell's `grade_id`.
        notebook: The name of its notebook, without ".ipynb".
        tests: In the notebook's order.
    """

    name: str
    notebook: str
    tests: tuple[GradedTest, ...]

    @property
    def points(self) -> float:
        """What the whole exercise is worth."""
        return sum(test.points for test in self.tests)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's graded work.

    Attributes:
        student: Student id.
        score: Points in all, less what was taken off for being late.
        late: Whether it came after the due date, extensions included.
    """

    student: str
    score: float
    late: bool


@dataclass(frozen=True, slots=True)
class Results:
    """All that a report needs to know of an assignment.

    Attributes:
        course: Course id.
        assignment: Its name.
        points: What it is worth.
        students: Ids on the class list.
        ungraded: Students whose submissions lie there but were not graded.
        submissions: Those that were graded, by student.
        exercises: In the notebooks' order.
    """

    course: str
    assignment: str
    points: float
    students: frozenset[str]
    ungraded: tuple[str, ...]
    submissions: tuple[Submission, ...]
    exercises: tuple[Exercise, ...]


def read_results(course: CourseDirectory, assignment: str) -> Results:
    """Read the results of an assignment.

    Args:
        course: nbgrader's description of the course folder and its gradebook.
        assignment: Its name.

    Raises:
        NoSuchAssignmentError: If the gradebook has no assignment of that name.
    """
    _expect_gradebook(course.db_url, assignment)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = {each.name: each for each in gradebook.assignments}
        if assignment not in known:
            raise NoSuchAssignmentError(_unknown(assignment, sorted(known)))
        found = known[assignment]
        graded = _submissions(gradebook, assignment)
        return Results(
            course.course_id,
            assignment,
            found.max_score,
            frozenset(student.id for student in gradebook.students),
            tuple(sorted(_submitted(course, assignment) - {each.student for each in graded})),
            graded,
            tuple(
                exercise for notebook in found.notebooks for exercise in _exercises(gradebook, course, notebook, graded)
            ),
        )


def _expect_gradebook(db_url: str, assignment: str) -> None:
    """Opening a gradebook file that is not there would make one."""
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise NoSuchAssignmentError(_unknown(assignment, []))


def _unknown(assignment: str, known: list[str]) -> str:
    if not known:
        return f"There is no assignment {assignment!r}: the gradebook is empty, so generate one first."
    return f"There is no assignment {assignment!r}, but there is {' and '.join(map(repr, known))}."


def _submissions(gradebook: Gradebook, assignment: str) -> tuple[Submission, ...]:
    rows = gradebook.db.scalars(
        select(SubmittedAssignment)
        .where(SubmittedAssignment.assignment.has(name=assignment))
        .options(undefer(SubmittedAssignment.score), undefer(SubmittedAssignment.late_submission_penalty))
        .order_by(SubmittedAssignment.student_id)
    )
    return tuple(
        Submission(
            row.student_id,
            max(0.0, row.score - row.late_submission_penalty),
            # nbgrader cannot tell for an extension of an assignment that is never due
            late=row.assignment.duedate is not None and row.total_seconds_late > 0,
        )
        for row in rows
    )


def _submitted(course: CourseDirectory, assignment: str) -> set[str]:
    pattern = course.format_path(course.submitted_directory, "*", assignment)
    return {folder.parent.name for folder in Path(course.root).glob(str(Path(pattern).relative_to(course.root)))}


def _exercises(
    gradebook: Gradebook, course: CourseDirectory, notebook: Notebook, graded: Iterable[Submission]
) -> list[Exercise]:
    """Return the exercises of a notebook, a test belonging to the nearest solution cell above it."""
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    grades = _grades(gradebook, notebook, _failures(course, notebook, graded))
    tests: dict[str, list[GradedTest]] = defaultdict(list)
    for name, exercise in _order(course, notebook, points).items():
        tests[exercise].append(GradedTest(name, points[name], tuple(grades[name])))
    return [Exercise(name, notebook.name, tuple(parts)) for name, parts in tests.items()]


def _order(course: CourseDirectory, notebook: Notebook, names: Iterable[str]) -> dict[str, str]:
    """Return the exercise of each test, in the order of the source notebook: the gradebook keeps none."""
    path = Path(course.format_path(course.source_directory, ".", notebook.assignment.name), f"{notebook.name}.ipynb")
    left = set(names)
    exercises: dict[str, str] = {}
    above = ""
    for cell in nbformat.read(path, as_version=4).cells if path.exists() else ():
        name = grade_id(cell)
        if is_solution(cell):
            above = name
        if name in left:
            exercises[name] = above or name
            left.remove(name)
    return exercises | {name: name for name in sorted(left)}


def _grades(
    gradebook: Gradebook, notebook: Notebook, failures: dict[tuple[str, str], str]
) -> defaultdict[str, list[Grade]]:
    """Return the grades by test."""
    rows = gradebook.db.execute(
        select(BaseCell.name, SubmittedAssignment.student_id, GradeRow.score, GradeRow.needs_manual_grade)
        .select_from(GradeRow)
        .join(BaseCell, GradeRow.cell_id == BaseCell.id)
        .join(SubmittedNotebook, GradeRow.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(SubmittedNotebook.notebook_id == notebook.id)
        .order_by(SubmittedAssignment.student_id)
    )
    grades: defaultdict[str, list[Grade]] = defaultdict(list)
    for test, student, score, waits in rows:
        grades[test].append(Grade(student, score, waits, failures.get((student, test), "")))
    return grades


def _failures(course: CourseDirectory, notebook: Notebook, graded: Iterable[Submission]) -> dict[tuple[str, str], str]:
    """Return what failing tests said, by student and test, as far as the autograded notebooks are still there."""
    said = {}
    for submission in graded:
        folder = course.format_path(course.autograded_directory, submission.student, notebook.assignment.name)
        path = Path(folder, f"{notebook.name}.ipynb")
        for cell in nbformat.read(path, as_version=4).cells if path.exists() else ():
            if is_grade(cell) and (sentence := _error(cell)):
                said[submission.student, grade_id(cell)] = sentence
    return said


def _error(cell: NotebookNode) -> str:
    """Return what the last error says that a cell shows, "" if there is none."""
    errors = [output for output in cell.get("outputs", ()) if output.output_type == "error"]
    if not errors:
        return ""
    name, message = str(errors[-1].ename), str(errors[-1].evalue)
    if name in set(Kind):
        return message
    return f"{name}: {message}" if message else name
