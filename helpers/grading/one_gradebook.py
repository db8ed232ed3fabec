"""Keep one gradebook open: each of nbgrader's steps opens its own, which takes longer than the step itself.

Their commits, four a submission, become one: a submission is in the gradebook as a whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import nbgrader.converters.autograde
import nbgrader.preprocessors.latesubmissions
from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook

import helpers.grading.scores

_USERS: tuple[Any, ...] = (
    nbgrader.converters.autograde,
    nbgrader.preprocessors.latesubmissions,
    helpers.grading.scores,
)
_KEPT_FOR = 5  # submissions


class KeptGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open behind the steps that use it, and writes when it is told to.

    What was released stays in memory, and so do the entries of one submission: each step looks both up again, those
    included that are not written yet.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self.db().expire_on_commit = False  # only this process writes; what it wrote need not be read again
        self.db().autoflush = False
        self.db.commit = _not_yet
        self._forgotten = 0
        self._students: dict[str, Student] = {}
        self._submissions: dict[tuple[str, str], SubmittedAssignment] = {}
        self.find_assignment = cache(super().find_assignment)
        self.find_notebook = cache(super().find_notebook)

    def add_student(self, student_id: str, **about: Any) -> Student:
        """Add a student, as nbgrader's does."""
        added = self._students[student_id] = super().add_student(student_id, **about)
        return added

    def find_student(self, student_id: str) -> Student:
        """Find a student, as nbgrader's does."""
        if student_id not in self._students:
            self._students[student_id] = super().find_student(student_id)
        return self._students[student_id]

    def add_submission(self, assignment: str, student: str, **about: Any) -> SubmittedAssignment:
        """Add a submission, as nbgrader's does."""
        added = self._submissions[assignment, student] = super().add_submission(assignment, student, **about)
        return added

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Find a submission, as nbgrader's does."""
        if (assignment, student) not in self._submissions:
            self._submissions[assignment, student] = super().find_submission(assignment, student)
        return self._submissions[assignment, student]

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """Find a notebook of a submission, as nbgrader's does."""
        found = [each for each in self.find_submission(assignment, student).notebooks if each.name == notebook]
        if not found:
            raise MissingEntry(f"No such submitted notebook: {assignment}/{notebook} for {student}")
        return found[0]

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is not None:
            self.db.rollback()

    def save(self) -> None:
        """Commit what the steps have written."""
        self.db().commit()

    def forget(self) -> None:
        """Let go of the submission that was saved; now and then of what was released too, which remembers them all."""
        self._students.clear()
        self._submissions.clear()
        self._forgotten += 1
        if self._forgotten % _KEPT_FOR == 0:
            self.find_assignment.cache_clear()
            self.find_notebook.cache_clear()
            self.db.expunge_all()


def _not_yet() -> None:
    """Stand in for the commits of nbgrader's steps."""


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[KeptGradebook]:
    """Open a gradebook that nbgrader's autograding steps use in this process until the block ends.

    Args:
        db_url: As in nbgrader's configuration.
        course_id: Likewise.
    """
    kept = KeptGradebook(db_url, course_id)

    def open_again(*arguments: Any, **options: Any) -> Gradebook:
        return kept

    before = [user.Gradebook for user in _USERS]
    try:
        for user in _USERS:
            user.Gradebook = open_again
        yield kept
    finally:
        for user, real in zip(_USERS, before, strict=True):
            user.Gradebook = real
        kept.close()
