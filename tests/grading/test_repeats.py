"""The same class gets the same scores every time: three runs here, as many as COURSE_REPEATS says where it is set."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.grading.execute import cells_of
from helpers.grading.isolated import Patience, _unanswered, grade
from tests.submissions.notebooks import cell
from tests.submissions.students import CLASS, Student

REPEATS = int(os.environ.get("COURSE_REPEATS", "3"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60 * REPEATS + 60)]


def score(student: Student) -> tuple[str, ...]:
    """Grade one student's notebook and return each test that passed, in order."""
    cells = cells_of(student.hand_in())
    grade(cells, patience=Patience(cell=4))
    return tuple(each.name for each in cells if each.outcome is not None and each.outcome.passed)


def run(pool: ThreadPoolExecutor, students: list[Student]) -> list[tuple[str, ...]]:
    """Grade them all, remembering nothing of other runs."""
    _unanswered.cache_clear()
    return list(pool.map(score, students))


def test_every_run_gives_the_same_scores() -> None:
    students = [student for student in CLASS if student.name != "eve-deleted"]  # lacks tests until they are restored
    with ThreadPoolExecutor(2) as pool:
        runs = [run(pool, students) for _ in range(REPEATS)]
    assert [run for run in runs if run != runs[0]] == []
    for student, passed in zip(students, runs[0], strict=True):
        notebook = student.hand_in()
        assert sum(cell(notebook, name).metadata.nbgrader.points for name in set(passed)) == student.total
